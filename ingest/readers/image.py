"""Still images. Size is judged from the header, before a pixel is decoded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps

from affectory.alike import picture_print
from ingest.readers.contract import (
    Facts,
    FingerprintRecipe,
    MediaError,
    OnProgress,
    Reader,
    RenditionRecipe,
)
from ingest.readers.signatures import image

MAX_PIXELS = 80_000_000
PROXY_MAX_SIDE = 2048
THUMB_MAX_SIDE = 320
FINGERPRINT_MAX_SIDE = 256
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
_ORIENTATION_TAG = 0x0112
_TURNED = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, kw_only=True)
class ImageFacts(Facts):
    """Width and height are as displayed, after the EXIF orientation."""

    width: int
    height: int
    format: str
    mode: str
    exif_orientation: int
    animated: bool


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Open with every failure of Pillow's parsers, which are of many types, as a MediaError."""
    Image.MAX_IMAGE_PIXELS = None  # our own limit below names both numbers
    try:
        with Image.open(path, formats=FORMATS) as picture:
            _refuse_large(picture)
            yield picture
    except (MediaError, MemoryError):
        raise
    except Exception as error:
        if "truncated" in str(error).lower():
            raise MediaError("truncated", f"The image ends before its last pixel: {error}.") from error
        raise MediaError("decode_error", f"The image could not be decoded: {error}.") from error


def _refuse_large(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        message = (
            f"The image is {width} x {height} = {width * height:,} pixels; at most {MAX_PIXELS:,} are taken."
        )
        raise MediaError("too_large", message, "width")


def _refuse_cut_gif(path: Path) -> None:
    """Look for the end mark: Pillow shows the first frame and passes over a cut in a later one."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 1024))
        tail = stream.read().rstrip(b"\0\r\n")
    if not tail.endswith(b";"):
        raise MediaError("truncated", "The end mark of the GIF is missing; the file is cut.")


def _orientation(picture: Image.Image) -> int:
    try:
        value = picture.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:  # noqa: BLE001 - a broken EXIF block does not spoil the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _render(path: Path, out_path: Path, max_side: int, quality: int) -> None:
    with _opened(path) as original:
        plain = _shrunk(original, max_side)
        plain.info.clear()
        plain.save(out_path, format="WEBP", quality=quality, method=4)


def _shrunk(original: Image.Image, max_side: int) -> Image.Image:
    original.draft("RGB", (max_side, max_side))  # lets JPEG decode at a fraction of its size
    original.load()
    upright = _turned(original)
    upright.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return _eight_bit(upright)


def _turned(original: Image.Image) -> Image.Image:
    if _orientation(original) == 1:
        return original.copy()
    return ImageOps.exif_transpose(original)


def _eight_bit(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith(("I", "F")):
        return _from_deep_grey(picture)
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    profile = picture.info.get("icc_profile")
    plain = (
        picture.convert("RGBA" if has_alpha else "RGB") if picture.mode not in {"RGB", "CMYK"} else picture
    )
    if profile and plain.mode in {"RGB", "CMYK"}:
        return _to_srgb(plain, profile)
    return plain.convert("RGBA" if has_alpha else "RGB")


def _from_deep_grey(picture: Image.Image) -> Image.Image:
    values = np.asarray(picture, dtype=np.float64)
    top = 65535.0 if picture.mode.startswith("I") else (float(np.nanmax(values)) or 1.0)
    scaled = np.clip(np.nan_to_num(values) / top * 255, 0, 255).astype(np.uint8)
    return Image.fromarray(scaled).convert("RGB")


def _to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        converted = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, ValueError):  # a broken profile: show the stored values
        converted = None
    return converted or picture.convert("RGB")


def _render_proxy(path: Path, _facts: Facts, out_path: Path, _on_progress: OnProgress) -> None:
    _render(path, out_path, PROXY_MAX_SIDE, quality=88)


def _render_thumb(path: Path, _facts: Facts, out_path: Path, _on_progress: OnProgress) -> None:
    _render(path, out_path, THUMB_MAX_SIDE, quality=80)


def _fingerprint(path: Path, _facts: Facts) -> bytes | None:
    with _opened(path) as original:
        plain = _shrunk(original, FINGERPRINT_MAX_SIDE)
        # What is transparent looks as it does before white.
        ground = Image.new("RGBA", plain.size, "white")
        return picture_print(np.asarray(Image.alpha_composite(ground, plain.convert("RGBA")).convert("L")))


class ImageReader(Reader):
    kind = "image"
    extensions = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff"})
    facts_type = ImageFacts
    renditions = (
        RenditionRecipe(name="thumb", version=1, media_type="image/webp", render=_render_thumb),
        RenditionRecipe(name="proxy", version=1, media_type="image/webp", render=_render_proxy),
    )

    fingerprints = (
        FingerprintRecipe(kind="picture", version=1, take=_fingerprint, nothing="the picture is blank"),
    )

    def recognise(self, head: bytes, name: str) -> bool:  # noqa: ARG002 - the contract's
        return image(head) is not None

    def probe(self, path: Path) -> ImageFacts:
        with path.open("rb") as stream:
            seen = image(stream.read(64))
        with _opened(path) as picture:
            picture.load()
            if picture.format == "GIF":
                _refuse_cut_gif(path)
            orientation = _orientation(picture)
            width, height = picture.size if orientation not in _TURNED else picture.size[::-1]
            return ImageFacts(
                kind="image",
                media_type=seen[1] if seen else "application/octet-stream",
                width=width,
                height=height,
                format=str(picture.format),
                mode=picture.mode,
                exif_orientation=orientation,
                animated=bool(getattr(picture, "is_animated", False)),
            )


READER = ImageReader()
