"""Files that are no pictures: which of them are taken in, decided by what is in them. Pure.

They are kept as they came and never opened here: each is read only as far as its form, within
bounds that do not depend on what it says of itself. Whoever downloads one gets a form that cannot
carry a program by itself: office files with macros are refused.

Sources: PDF ISO 32000-1, 7.5.2; ZIP APPNOTE 4.3; Office Open XML ECMA-376 part 2; OpenDocument
1.2 part 3; ISO base media file format ISO/IEC 14496-12, 4.2 and 4.3.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from amparo.kernel.errors import Invalid, TooLarge
from amparo.kernel.text import clean

MOST_BYTES = 10 * 1024 * 1024
"""Bytes of a file that is taken in."""
PDF = "application/pdf"
TEXT, CSV, MP4 = "text/plain", "text/csv", "video/mp4"
_OPENXML = "application/vnd.openxmlformats-officedocument"
DOCX = f"{_OPENXML}.wordprocessingml.document"
XLSX = f"{_OPENXML}.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ENDINGS: Mapping[str, str] = {
    PDF: ".pdf",
    TEXT: ".txt",
    CSV: ".csv",
    MP4: ".mp4",
    DOCX: ".docx",
    XLSX: ".xlsx",
    ODT: ".odt",
    ODS: ".ods",
}
"""Media type -> the ending under which it is downloaded; the keys are what is taken in."""

_TEXTS = {".txt": TEXT, ".csv": CSV}
_VIDEO_BRANDS = (b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"avc1", b"mp41", b"mp42",
                 b"M4V ", b"M4VP", b"MSNV", b"dash", b"3gp4", b"3gp5", b"3gp6")  # fmt: skip
_ZIP_ENTRIES, _ZIP_DIRECTORY = 2000, 1024 * 1024
_ZIP_UNPACKED = 200 * 1024 * 1024
_ZIP_NAME = 300
_BOXES = 500
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError,
    RuntimeError, struct.error,
)  # fmt: skip
_PROGRAMS = ("vbaproject.bin", "vbadata.xml", "/macrosheets/", "/activex/", "/embeddings/")
_ODF_PROGRAMS = ("basic/", "scripts/", "dialogs/")


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it is kept; it has no size in pixels."""

    data: bytes
    media_type: str
    width: int = 0
    height: int = 0


def recognised(data: bytes, name: str) -> Document | None:
    """The file, where it has the form of one that is taken in; None where it has none of them
    (it may be a picture).

    Args:
        name: as it was sent: plain text has no form of its own, so its ending is asked for.

    Raises:
        TooLarge: ``file_too_large``.
        Invalid: ``file_damaged``, ``file_has_macros``, ``file_not_allowed``, ``file_not_text``.
    """
    kind = _kind(data, name)
    if kind is None:
        return None
    if len(data) > MOST_BYTES:
        raise TooLarge("file_too_large", limit_mb=MOST_BYTES // 1024**2)
    return Document(data, kind)


def _kind(data: bytes, name: str) -> str | None:
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data[4:8] == b"ftyp" and data[8:12] in _VIDEO_BRANDS:
        return _video(data)
    kind = _TEXTS.get(name[-4:].lower())
    return None if kind is None or not data else _text(data, kind)


def _pdf(data: bytes) -> str:
    if b"%%EOF" not in data[-2048:]:
        raise Invalid("file_damaged")
    return PDF


def _text(data: bytes, kind: str) -> str:
    """Text is what every editor shows as such: no NUL, no control characters."""
    encodings = ["utf-8", "cp1251", "cp1252"]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _plain(text):
            return kind
    raise Invalid("file_not_text")


def _plain(text: str) -> bool:
    bare = text.removeprefix("\ufeff").replace("\t", "").replace("\f", "")
    lines = bare.replace("\r\n", "\n").replace("\r", "\n")
    return len(clean(f".{lines}.")) >= 2 and not any(ord(mark) < 32 for mark in set(lines) - {"\n"})


def _office(data: bytes) -> str:
    """A ZIP file of one of four kinds, without programs, that unpacks to something bounded."""
    said = _check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, said)
            names = {entry.filename for entry in entries}
            kind = _kind_inside(archive, entries, names)
    except _UNREADABLE:
        raise Invalid("file_damaged") from None
    if kind is None:
        raise Invalid("file_not_allowed")
    return kind


def _check_directory(data: bytes) -> int:
    """The end of a ZIP file says how much there is to read, before anything reads it: how many
    entries."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if at < 0 or len(data) - at < 22:
        raise Invalid("file_damaged")
    disk, _, here, entries, size, place, comment = struct.unpack("<4H2LH", data[at + 4 : at + 22])
    whole = disk == 0 and here == entries and at + 22 + comment == len(data)
    if not whole or place + size != at:  # nothing hides before, between or after
        raise Invalid("file_damaged")
    if entries > _ZIP_ENTRIES or size > _ZIP_DIRECTORY:
        raise Invalid("file_not_allowed")
    return int(entries)


def _check_entries(entries: list[zipfile.ZipInfo], said: int) -> None:
    names = [entry.filename.lower() for entry in entries]
    if len(entries) != said:
        raise Invalid("file_damaged")
    packed = {entry.compress_type for entry in entries} - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if packed or sum(entry.file_size for entry in entries) > _ZIP_UNPACKED:
        raise Invalid("file_not_allowed")
    for name in names:
        strange = name.startswith("/") or "\\" in name or "\x00" in name or len(name) > _ZIP_NAME
        if strange or ".." in name.split("/"):
            raise Invalid("file_damaged")
        if any(mark in f"/{name}" for mark in _PROGRAMS) or name.startswith(_ODF_PROGRAMS):
            raise Invalid("file_has_macros")
    if len(set(names)) != len(names) or any(entry.flag_bits & 1 for entry in entries):
        raise Invalid("file_damaged")


def _kind_inside(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], names: set[str]
) -> str | None:
    if entries and entries[0].filename == "mimetype" and entries[0].compress_type == 0:
        said = _read(archive, "mimetype", 200).decode("ascii", "replace")
        return said if said in (ODT, ODS) and "content.xml" in names else None
    if "[Content_Types].xml" not in names:
        return None
    types = _read(archive, "[Content_Types].xml", 1024 * 1024).lower()
    if b"macroenabled" in types or b"vbaproject" in types:
        raise Invalid("file_has_macros")
    for kind, main in ((DOCX, "word/document.xml"), (XLSX, "xl/workbook.xml")):
        if main in names and kind.encode().lower() in types:
            return kind
    return None


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as entry:
        return entry.read(most)


def _video(data: bytes) -> str:
    """Boxes that follow each other to the end of the file, with a film and its table in them."""
    found: set[bytes] = set()
    at = 0
    for _ in range(_BOXES):
        if at == len(data):
            break
        size, kind = _box(data, at)
        found.add(kind)
        at += size
    if at != len(data) or not {b"moov", b"mdat"} <= found:
        raise Invalid("file_damaged")
    return MP4


def _box(data: bytes, at: int) -> tuple[int, bytes]:
    if len(data) - at < 8:
        raise Invalid("file_damaged")
    size, kind = struct.unpack(">L4s", data[at : at + 8])
    if size == 1 and len(data) - at >= 16:
        size = struct.unpack(">Q", data[at + 8 : at + 16])[0]
    elif size == 0:  # to the end
        size = len(data) - at
    if size < 8 or at + size > len(data):
        raise Invalid("file_damaged")
    return size, kind
