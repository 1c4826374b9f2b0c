"""Small files of each kind that is taken in besides pictures."""

import io
import struct
import zipfile
from collections.abc import Mapping

from amparo.storage.documents import DOCX, XLSX


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def zipped(entries: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return out.getvalue()


def docx(more: Mapping[str, bytes] | None = None, *, macros: bool = False) -> bytes:
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml" if macros else f"{DOCX}.main"
    return _openxml("word/document.xml", kind, more or {})


def xlsx(more: Mapping[str, bytes] | None = None) -> bytes:
    return _openxml("xl/workbook.xml", f"{XLSX}.main+xml", more or {})


def odf(kind: str, more: Mapping[str, bytes] | None = None) -> bytes:
    return zipped({"mimetype": kind.encode(), "content.xml": b"<x/>", **(more or {})})


def mp4() -> bytes:
    return box(b"ftyp", b"isom\0\0\2\0") + box(b"moov", b"1234") + box(b"mdat", b"film")


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">L4s", 8 + len(content), kind) + content


def _openxml(main: str, kind: str, more: Mapping[str, bytes]) -> bytes:
    types = f'<Types><Override PartName="/{main}" ContentType="{kind}"/></Types>'
    return zipped({"[Content_Types].xml": types.encode(), main: b"<x/>", **more})
