"""Pure decisions about files in messages: how many, what they are called, what is shown."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from amparo.kernel.errors import Invalid
from amparo.kernel.text import clean, clip, is_blank

MOST_IN_MESSAGE = 4
MOST_WAITING = 12
"""Pictures of one person that were added and not sent."""
MOST_A_DAY = 100
"""Pictures that one person may add within 24 hours."""
KEPT_UNSENT = timedelta(hours=24)
_NAME = 80
_PATH = re.compile(r"[/\\]")
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\n\t]")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
"""Names that a file cannot have on Windows, whatever its ending."""

FileKind = Literal["image", "file"]


@dataclass(frozen=True, slots=True)
class FileView:
    """A picture or another file as it may be shown."""

    id: UUID
    conversation_id: UUID
    name: str
    media_type: str
    width: int
    height: int
    bytes: int
    kind: FileKind = "image"

    @property
    def url(self) -> str:
        """Where it is read, by whoever may read its conversation."""
        path = f"/api/v1/conversations/{self.conversation_id}/files/{self.id}"
        return path if self.kind == "image" else f"{path}/download"


def checked_name(name: str) -> str:
    """A name that is safe to show: the last part of a path, short, without what turns text round.

    The ending is left out: what we keep is a new picture, whatever it was called before.
    """
    last = _UNSEEN.sub("", clean(_PATH.split(name)[-1]))
    bare = _ENDING.sub("", last).strip(". ")
    return "" if is_blank(bare) else clip(bare, _NAME)


def checked_file_name(name: str, ending: str) -> str:
    """The name under which a file is downloaded: its own, with the ending of what it is.

    An ending inside (``invoice.exe.pdf``) is a trick more often than a name: its dot goes.
    """
    stem = checked_name(_NOT_IN_NAMES.sub("_", name))
    while _ENDING.search(stem):
        stem = stem[: stem.rindex(".")] + "_" + stem[stem.rindex(".") + 1 :]
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem or 'file'}{ending}"


def check_count(files: Sequence[UUID]) -> None:
    """How many pictures a message may carry.

    Raises:
        Invalid: ``too_many_files``, which names the limit.
    """
    if len(set(files)) > MOST_IN_MESSAGE:
        raise Invalid("too_many_files", limit=MOST_IN_MESSAGE)


def shown(file: FileView) -> dict[str, Any]:
    """What the event of a message says about a file."""
    return {
        "id": str(file.id),
        "name": file.name,
        "media_type": file.media_type,
        "width": file.width,
        "height": file.height,
        "bytes": file.bytes,
        "url": file.url,
        "kind": file.kind,
    }


def ids_in(extra: Mapping[str, Any]) -> list[str]:
    """The ids of the pictures that a stored message shows."""
    return [str(file["id"]) for file in extra.get("files", ())]
