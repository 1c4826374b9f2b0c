"""The child process that opens pictures of strangers: a program of its own, run by ``images.py``.

``python reencode.py`` reads a picture from stdin and writes one line of JSON and the new picture
to stdout. It knows no database, no settings and nothing else of the program. Before it looks at
the first byte it gives up what a decoder does not need: more memory, more time, longer output, and
new files or connections of any kind. Whatever goes wrong with it then is "not a picture".

A new picture is made from the pixels alone: what else was in the file (place, camera, comments,
a second document) stays behind.
"""

import io
import json
import resource
import sys
import warnings

from PIL import (
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

MEGABYTE = 1024 * 1024
MEMORY_BYTES = 768 * MEGABYTE
CPU_SECONDS = 8
IN_BYTES = 64 * MEGABYTE
OUT_BYTES = 2 * MEGABYTE
"""Most bytes of a new picture."""
PIXELS = 50_000_000
"""Most pixels of a picture that is taken in: a telephone's largest, twice a screen's."""
SIDE = 8192
"""Longest side of a new picture, in pixels."""
KEPT_PIXELS = 8_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MEDIA_TYPE = "image/webp"
_DRAWN_PIXELS = 2_500_000
_QUALITIES = (85, 70, 50)


class Refused(Exception):
    """Why a picture is not taken, as the code of a problem."""


def confine() -> None:
    """Give up everything that drawing does not need; none of it can be had back."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUT_BYTES + 4096),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 3),  # stdin, stdout, stderr: no file and no socket beside them
    ):
        resource.setrlimit(what, (most, most))


def reencode(data: bytes) -> tuple[dict[str, object], bytes]:
    """A new upright picture with the pixels of ``data``, and its size and type.

    Raises:
        Refused: ``file_not_an_image``, ``image_damaged`` or ``image_too_big``.
    """
    picture = _opened(data)
    try:
        picture = _upright(picture)
        encoded = _encoded(picture)
    except MemoryError as error:
        raise Refused("image_too_big") from error
    except Exception as error:  # decoders raise whatever they like
        raise Refused("image_damaged") from error
    about = {"width": picture.width, "height": picture.height, "media_type": MEDIA_TYPE}
    return about, encoded


def _opened(data: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None  # our own look at the size follows, before any pixel is made
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except MemoryError as error:
        raise Refused("image_too_big") from error
    except Exception as error:
        raise Refused("file_not_an_image") from error
    if picture.width * picture.height > PIXELS or min(picture.size) < 1:
        raise Refused("image_too_big")
    picture.draft(None, _fitting(picture.size))  # a JPEG is read at a fraction of its size
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    """The first frame, small enough, in plain colours, turned as its camera was held."""
    turned = picture.getexif().get(0x0112, 1)
    picture.seek(0)
    picture.load()
    clear = "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA", "RGBa", "La")
    wanted = "RGBA" if clear else "RGB"
    small = _fitting(picture.size)
    if picture.mode not in ("RGB", "RGBA"):
        # 16 bits to 8: convert() alone cuts everything over 255 off.
        if picture.mode.startswith(("I", "F")):
            picture = picture.convert("I").point(_eighth).convert("L")
        picture = picture.convert(wanted)
    if small != picture.size:
        picture = picture.resize(small, Image.Resampling.LANCZOS, reducing_gap=2.0)
    plain = Image.new(wanted, picture.size)
    plain.paste(picture)
    turn = _TURNS.get(turned)
    return plain.transpose(turn) if turn is not None else plain


def _eighth(value: float) -> float:
    return value * (1 / 257)


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation -> what sets the picture upright."""


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    scale = min(1.0, SIDE / max(size), (KEPT_PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * scale)), max(1, int(height * scale))


def _encoded(picture: Image.Image) -> bytes:
    """WebP: without loss where that is small (most screenshots), else as well as fits."""
    if picture.width * picture.height <= _DRAWN_PIXELS and _is_drawn(picture):
        exact = _webp(picture, lossless=True, quality=40, method=2)
        if len(exact) <= OUT_BYTES // 2:
            return exact
    while True:
        for quality in _QUALITIES:
            lossy = _webp(picture, quality=quality, method=3)
            if len(lossy) <= OUT_BYTES:
                return lossy
        picture = picture.reduce(2)


def _is_drawn(picture: Image.Image) -> bool:
    """Whether a picture has few colours, as letters and surfaces do and photographs do not."""
    sample = picture.resize((256, 256), Image.Resampling.NEAREST).convert("RGB")
    return sample.getcolors(maxcolors=6000) is not None


def _webp(picture: Image.Image, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", exif=b"", icc_profile=b"", xmp=b"", **how)
    return out.getvalue()


_PLUGINS = (
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,  # what a JPEG turns out to be when a camera added a second picture
    PngImagePlugin,
    TiffImagePlugin,  # reads EXIF
    WebPImagePlugin,
)


def _load_all() -> None:
    """What decoders and encoders load late must be there before files are closed to us."""
    assert all(plugin.__name__ for plugin in _PLUGINS)
    Image.preinit()
    tag = Image.Exif()
    tag[0x0112] = 6
    for format in FORMATS:
        sample = io.BytesIO()
        Image.new("P" if format == "GIF" else "RGB", (2, 2)).save(sample, format, exif=tag)
        reencode(sample.getvalue())


def main() -> int:
    """Read, confine, draw, answer."""
    warnings.simplefilter("ignore")
    _load_all()
    confine()
    try:
        about, encoded = reencode(sys.stdin.buffer.read(IN_BYTES))
    except Refused as refusal:
        about, encoded = {"problem": str(refusal)}, b""
    except MemoryError:
        about, encoded = {"problem": "image_too_big"}, b""
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + encoded)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
