"""Promise J3: a stranger's picture costs us a bounded child, and only its pixels come back."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from amparo.kernel.errors import Invalid, Problem, TooLarge, Unavailable
from amparo.storage import images, reencode
from amparo.storage.images import Reencoder
from tests.pictures import SVG, encoded, opened, png_that_says, screenshot, text_bomb

RED, BLUE = (200, 0, 0), (0, 0, 200)


def two_halves(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    return picture.convert(mode)


def refusal(data: bytes) -> str:
    with pytest.raises(Problem) as caught:
        Reencoder().picture(data)
    return caught.value.code


@pytest.mark.parametrize(
    "data",
    [
        encoded(two_halves(), "PNG"),
        encoded(two_halves(), "JPEG", quality=95),
        encoded(two_halves(mode="CMYK"), "JPEG", quality=95),
        encoded(two_halves(), "WEBP", lossless=True),
        encoded(two_halves(mode="P"), "GIF"),
        encoded(two_halves(mode="RGBA"), "PNG"),
        encoded(two_halves(mode="P"), "PNG"),
        encoded(two_halves(), "GIF", save_all=True, append_images=[Image.new("RGB", (60, 40))]),
        encoded(two_halves(), "WEBP", save_all=True, append_images=[Image.new("RGB", (60, 40))]),
    ],
    ids="png jpeg cmyk webp gif rgba palette animated-gif animated-webp".split(),
)
def test_what_is_taken_in_comes_out_as_one_plain_picture(data: bytes) -> None:
    picture = Reencoder().picture(data)
    drawn = opened(picture.data)
    assert (drawn.format, picture.media_type) == ("WEBP", "image/webp")
    assert drawn.size == (picture.width, picture.height) == (60, 40)
    assert getattr(drawn, "n_frames", 1) == 1
    left, right = (drawn.convert("RGB").getpixel((x, 20)) for x in (10, 50))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 120 > left[2]
    assert right[2] > 120 > right[0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_stands_upright_whatever_the_camera_noted(orientation: int) -> None:
    tag = Image.Exif()
    tag[0x0112] = orientation
    drawn = opened(Reencoder().picture(encoded(two_halves(), "JPEG", exif=tag, quality=95)).data)
    turned = orientation >= 5
    assert drawn.size == ((40, 60) if turned else (60, 40))
    first = {1: RED, 2: BLUE, 3: BLUE, 4: RED, 5: RED, 6: RED, 7: BLUE, 8: BLUE}[orientation]
    pixel = drawn.convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert (pixel[0] > pixel[2]) == (first == RED)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_where_and_with_what_it_was_taken_stays_behind(format: str) -> None:
    tag = Image.Exif()
    tag[0x010F], tag[0x9286] = "SardineCam", "taken at Sardine Street 5"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "by Sardine")
    notes.add_itxt("XML:com.adobe.xmp", "<x>Sardine</x>")
    more = {"pnginfo": notes} if format == "PNG" else {}
    data = encoded(two_halves(), format, exif=tag, icc_profile=b"Sardine profile", **more)
    assert b"Sardine" in data
    drawn = Reencoder().picture(data)
    assert b"Sardine" not in drawn.data
    assert not opened(drawn.data).getexif()
    assert "icc_profile" not in opened(drawn.data).info


def test_a_second_document_behind_the_picture_stays_behind() -> None:
    page = b"<html><script>alert(document.domain)</script></html>"
    archive = b"PK\x03\x04" + page
    drawn = Reencoder().picture(screenshot() + page + archive)
    assert b"script" not in drawn.data
    assert b"PK\x03\x04" not in drawn.data


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_not_an_image"),
        (b"hello", "file_not_an_image"),
        (SVG, "file_not_an_image"),
        (b"%PDF-1.7\n" + bytes(2000), "file_not_an_image"),
        (b"<html>" + screenshot(), "file_not_an_image"),
        (encoded(Image.new("RGB", (9, 9)), "BMP"), "file_not_an_image"),
        (encoded(Image.new("RGB", (9, 9)), "TIFF"), "file_not_an_image"),
        (screenshot()[: len(screenshot()) // 2], "image_damaged"),
        (encoded(two_halves((900, 900)), "JPEG")[:3000], "image_damaged"),
        (png_that_says(300, 200), "image_damaged"),
        (png_that_says(30_000, 30_000), "image_too_big"),
        (png_that_says(2**31 - 1, 2**31 - 1), "image_too_big"),
    ],
    ids="empty text svg pdf html bmp tiff half-png half-jpeg no-pixels 30000 2147483647".split(),
)
def test_what_is_no_picture_is_refused_by_its_name(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_a_comment_that_unpacks_to_a_gigabyte_is_not_unpacked() -> None:
    assert refusal(text_bomb()) in ("image_damaged", "file_not_an_image", "image_too_big")


def test_ten_megabytes_are_refused_with_the_limit_named() -> None:
    with pytest.raises(TooLarge) as caught:
        Reencoder().picture(bytes(10 * 1024 * 1024))
    assert (caught.value.code, caught.value.params) == ("file_too_large", {"limit_mb": 8})
    assert caught.value.status == 413


def test_the_largest_telephone_picture_becomes_small_enough_to_show() -> None:
    drawn = Reencoder().picture(encoded(Image.new("RGB", (8000, 6000), RED), "JPEG"))
    assert drawn.width * drawn.height <= reencode.KEPT_PIXELS
    assert abs(drawn.width / drawn.height - 8000 / 6000) < 0.01


def test_noise_is_kept_within_the_bound() -> None:
    noise = Image.frombytes("RGB", (1900, 1300), Random(7).randbytes(1900 * 1300 * 3))
    drawn = Reencoder().picture(encoded(noise, "JPEG", quality=95))
    assert len(drawn.data) <= reencode.OUT_BYTES


def test_letters_of_a_screenshot_stay_exact() -> None:
    before = opened(screenshot()).convert("RGB")
    after = opened(Reencoder().picture(screenshot()).data).convert("RGB")
    assert before.tobytes() == after.tobytes()


@given(cut=st.binary(max_size=200), at=st.integers(0, 400))
def test_no_bytes_make_the_decoder_answer_anything_else(cut: bytes, at: int) -> None:
    """Runs in this process: the child's promise without the child."""
    base = encoded(two_halves((20, 10)), "GIF")
    broken = base[:at] + cut + base[at + len(cut) :]
    with suppress(reencode.Refused):
        about, drawn = reencode.reencode(broken)
        assert opened(drawn).size == (about["width"], about["height"])


def child(folder: Path, program: str) -> Reencoder:
    """A child that behaves as the test says, under the limits of the real one."""
    path = folder / "child.py"
    path.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(reencode.__file__).parent)!r})\n"
        "import reencode, os, signal, socket, json\n" + program
    )
    return Reencoder([sys.executable, str(path)], wall_s=20)


@pytest.mark.parametrize(
    "program",
    [
        "os.kill(os.getpid(), signal.SIGKILL)",
        "sys.exit(0)",
        "sys.exit(3)",
        "print('{}')",
        "print('[1]')",
        'print(\'{"width": 1, "height": 1, "media_type": "text/html"}\'); print(\'<script>\')',
        'print(\'{"width": -1, "height": 1, "media_type": "image/webp"}\'); print(\'x\')',
        'print(\'{"problem": "internal_secret"}\')',
        "sys.stdout.write('x' * 10_000_000)",
        "reencode.confine()\nwhile True: sys.stdout.write('x' * 100_000)",
        "reencode.confine()\nhoard = []\nwhile True: hoard.append(bytes(2**24))",
        "reencode.confine()\nwhile True: pass",
    ],
    ids=(
        "killed silent failing nothing list html negative secret huge endless hungry spinning"
    ).split(),
)
@pytest.mark.fault
def test_a_child_that_misbehaves_costs_one_picture(tmp_path: Path, program: str) -> None:
    with pytest.raises(Invalid) as caught:
        child(tmp_path, program).picture(screenshot())
    assert caught.value.code == "image_too_big"


@pytest.mark.fault
def test_a_child_that_hangs_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    program = f"open({str(note)!r}, 'w').write(str(os.getpid())); signal.pause()"
    hanging = child(tmp_path, program)
    hanging._wall_s = 2
    with pytest.raises(Invalid):
        hanging.picture(screenshot())
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


@pytest.mark.parametrize(
    "attempt",
    ["socket.socket()", "open('/etc/hostname')", "open('/tmp/x', 'w')", "os.pipe()"],
)
@pytest.mark.fault
def test_a_child_that_was_taken_over_reaches_nothing(tmp_path: Path, attempt: str) -> None:
    program = (
        "reencode.confine()\n"
        "said = 'file_not_an_image'\n"
        f"try:\n    {attempt}\nexcept OSError:\n    said = 'image_damaged'\n"
        "print(json.dumps({'problem': said}))\n"
    )
    with pytest.raises(Invalid) as caught:
        child(tmp_path, program).picture(screenshot())
    assert caught.value.code == "image_damaged"


@pytest.mark.fault
def test_few_children_run_at_once_and_the_crowd_is_told_to_come_again(tmp_path: Path) -> None:
    """Children note that they run, and wait for a file; more callers than places are refused."""
    go = tmp_path / "go"
    program = (
        f"import pathlib, time\npathlib.Path({str(tmp_path)!r}, f'run-{{os.getpid()}}').touch()\n"
        f"while not os.path.exists({str(go)!r}): time.sleep(0.01)\n"
        "print(json.dumps({'problem': 'image_damaged'}))"
    )
    busy = child(tmp_path, program)

    def ask(_: int) -> str:
        try:
            busy.picture(screenshot())
        except Problem as problem:
            if isinstance(problem, Unavailable):
                assert len(list(tmp_path.glob("run-*"))) <= images.AT_ONCE
                go.touch()
            return problem.code
        return "drawn"

    crowd = images.AT_ONCE + images._IN_LINE + 3
    with ThreadPoolExecutor(crowd) as pool:
        codes = list(pool.map(ask, range(crowd)))
    assert set(codes) == {"files_busy", "image_damaged"}
    assert codes.count("files_busy") >= 1


def test_the_child_knows_nothing_of_the_program() -> None:
    import ast

    tree = ast.parse(Path(reencode.__file__).read_text())
    roots = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
        + ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
    }
    assert roots == {"io", "json", "resource", "sys", "warnings", "PIL"}
