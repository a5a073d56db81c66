"""Screenshots made small enough for print: fewer pixels, and JPEG."""

import io

from PIL import Image, UnidentifiedImageError

WIDTH = 1100  # pixels; 160 dpi across the page
TALLEST = 1600  # pixels; what is longer is cut, with a note in the report
MOST_PIXELS = 40_000_000
QUALITY = 78


class PictureBroken(Exception):
    """The stored file cannot be shown as a picture."""


def for_print(content: bytes, width: int = WIDTH) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise PictureBroken("The picture is too large to print.")
            small = _smaller(picture.convert("RGB"), width)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise PictureBroken("The stored picture is damaged.") from error
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _smaller(picture: Image.Image, width: int) -> Image.Image:
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
