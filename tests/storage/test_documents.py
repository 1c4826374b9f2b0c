"""Promise S5: what a file is follows from what is in it; what could carry a program stays out."""

import struct
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.kernel.errors import Problem, TooLarge
from amparo.storage import documents
from amparo.storage.documents import (
    CSV,
    DOCX,
    MOST_BYTES,
    MP4,
    ODS,
    ODT,
    PDF,
    TEXT,
    XLSX,
    recognised,
)
from tests.documents import box, docx, mp4, odf, pdf, xlsx, zipped

GOOD = {
    "pdf": (pdf(), "a.pdf", PDF),
    "pdf under another name": (pdf(), "a.png", PDF),
    "docx": (docx(), "letter.docx", DOCX),
    "xlsx": (xlsx(), "table.docx", XLSX),
    "odt": (odf(ODT), "a", ODT),
    "ods": (odf(ODS), "a.ods", ODS),
    "mp4": (mp4(), "film.mov", MP4),
    "text": (b"Hello\r\nthere\t!", "a.TXT", TEXT),
    "russian text of another age": ("Привет".encode("cp1251"), "a.txt", TEXT),
    "text with a mark": ("\ufeffcafé".encode("utf-16"), "a.txt", TEXT),
    "csv": ("a;b\n1;é\n".encode(), "a.csv", CSV),
}
BAD: Mapping[str, tuple[bytes, str, str]] = {
    "half a pdf": (pdf()[:40], "a.pdf", "file_damaged"),
    "half a zip": (docx()[:-30], "a.docx", "file_damaged"),
    "something before a zip's end": (docx() + b"MZ", "a.docx", "file_damaged"),
    "a zip of something else": (zipped({"a.exe": b"MZ"}), "a.docx", "file_not_allowed"),
    "macros": (docx({"word/vbaProject.bin": b"x"}), "a.docx", "file_has_macros"),
    "macros in other letters": (docx({"word/VBAPROJECT.BIN": b"x"}), "a", "file_has_macros"),
    "macros by their type": (docx(macros=True), "a.docx", "file_has_macros"),
    "an old sheet of macros": (xlsx({"xl/macrosheets/s.xml": b"x"}), "a", "file_has_macros"),
    "an embedded object": (docx({"word/embeddings/o.bin": b"x"}), "a", "file_has_macros"),
    "basic in a text": (odf(ODT, {"Basic/Standard/a.xml": b"x"}), "a", "file_has_macros"),
    "a path that climbs": (docx({"../../etc/passwd": b"x"}), "a", "file_damaged"),
    "a path of its own": (docx({"/etc/passwd": b"x"}), "a", "file_damaged"),
    "a jar": (zipped({"META-INF/MANIFEST.MF": b"x"}), "a.odt", "file_not_allowed"),
    "an apk named like a text": (zipped({"classes.dex": b"x"}), "a.txt", "file_not_allowed"),
    "an odf of another kind": (
        odf("application/vnd.oasis.opendocument.graphics"),
        "a.odt",
        "file_not_allowed",
    ),
    "too many entries": (zipped({f"e{n}": b"" for n in range(2001)}), "a", "file_not_allowed"),
    "a bomb": (docx({"word/big": b"\0" * (201 * 1024**2)}), "a", "file_not_allowed"),
    "text with a NUL": (b"hello\0there", "a.txt", "file_not_text"),
    "text with an escape": (b"\x1b[31mred", "a.txt", "file_not_text"),
    "a program named like a text": (b"MZ\x90\x00\x03\x00", "a.csv", "file_not_text"),
    "half a film": (mp4()[:-3], "a.mp4", "file_damaged"),
    "a film without a table": (box(b"ftyp", b"isom0000") + box(b"mdat", b"x"), "a", "file_damaged"),
    "a box that says it is endless": (
        box(b"ftyp", b"isom0000") + struct.pack(">L4s", 2**31, b"moov"),
        "a.mp4",
        "file_damaged",
    ),
}


@pytest.mark.parametrize("case", GOOD)
def test_it_is_what_is_in_it(case: str) -> None:
    content, name, kind = GOOD[case]
    found = recognised(content, name)
    assert found is not None
    assert (found.media_type, found.data) == (kind, content)


@pytest.mark.parametrize("case", BAD)
def test_it_is_refused(case: str) -> None:
    content, name, code = BAD[case]
    with pytest.raises(Problem) as refusal:
        recognised(content, name)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x89PNG\r\n\x1a\n", "a.png"),
        (b"<html><script>alert(1)</script>", "a.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
        (b"MZ\x90\x00", "a.exe"),
        (b"\x00\x00\x00\x18ftypheic", "a.heic"),
        (b"#!/bin/sh\n", "a.sh"),
        (b"plain", "txt"),
        (b"", "a.txt"),
    ],
)
def test_what_is_none_of_them_is_left_to_the_pictures(content: bytes, name: str) -> None:
    assert recognised(content, name) is None


def test_more_than_the_limit_is_refused_whatever_it_is() -> None:
    with pytest.raises(TooLarge):
        recognised(b"a" * (MOST_BYTES + 1), "a.txt")
    assert recognised(b"a" * MOST_BYTES, "a.txt") is not None


def test_every_kind_has_its_ending() -> None:
    assert {kind for _, _, kind in GOOD.values()} == set(documents.ENDINGS)


def test_a_directory_that_lies_about_its_entries_is_refused() -> None:
    content = bytearray(docx())
    end = content.rfind(b"PK\x05\x06")
    content[end + 8 : end + 12] = struct.pack("<2H", 1, 1)
    with pytest.raises(Problem):
        recognised(bytes(content), "a.docx")


@given(
    st.sampled_from([content for content, _, _ in GOOD.values()]),
    st.integers(0, 2000),
    st.binary(max_size=12),
)
def test_damage_ends_in_an_answer_and_never_in_a_fault(content: bytes, at: int, put: bytes) -> None:
    place = at % len(content)
    damaged = content[:place] + put + content[place + len(put) :]
    try:
        found = recognised(damaged, "a.txt")
    except Problem:
        return
    assert found is None or found.media_type in documents.ENDINGS


@given(st.binary(max_size=400), st.text(max_size=20))
def test_anything_at_all_is_answered(content: bytes, name: str) -> None:
    try:
        recognised(b"PK\x03\x04" + content, name)
        recognised(content, name)
    except Problem:
        pass
