"""Pictures of the tests, made when they are needed: good ones and bad ones."""

import io
import struct
import zlib
from functools import cache
from typing import Any

from PIL import Image, ImageDraw


def encoded(picture: Image.Image, format: str = "PNG", **how: Any) -> bytes:
    """A picture as the bytes of a file."""
    out = io.BytesIO()
    picture.save(out, format, **how)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """A picture from bytes, read whole."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@cache
def screenshot(width: int = 320, height: int = 200) -> bytes:
    """What a buyer sees when a payment fails."""
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, width - 20, 70), fill="#b00020")
    draw.text((30, 35), "Payment failed: order MX-2291", fill="white")
    return encoded(picture)


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(64))), (b"IEND", b""))
    )


def text_bomb() -> bytes:
    """A PNG with a comment that unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(2**20)) for _ in range(1024)) + packer.flush()
    good = encoded(Image.new("RGB", (8, 8)))
    place = good.index(b"IDAT") - 4
    return good[:place] + _chunk(b"zTXt", b"Comment\0\0" + packed) + good[place:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


SVG = b"""<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">
<script>alert(1)</script><rect width="9" height="9"/></svg>"""
