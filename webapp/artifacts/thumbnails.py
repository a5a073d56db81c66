"""Small pictures for lists: 20 ms of work, and a tenth or a hundredth of the bytes."""

from functools import lru_cache
from io import BytesIO

from PIL import Image

from webapp.artifacts.store import store

WIDTH = 320
TALLEST = 640  # of a picture of a very long page
MEDIA_TYPE = "image/jpeg"


@lru_cache(maxsize=256)  # about 10 kB each; the browsers keep theirs for ever
def thumbnail(sha256: str) -> bytes:
    """A stored picture, made small; raises ContentMissing, or OSError if it is no picture."""
    picture = Image.open(BytesIO(store().get(sha256))).convert("RGB")
    picture.thumbnail((WIDTH, TALLEST), reducing_gap=2.0)
    small = BytesIO()
    picture.save(small, "JPEG", quality=80)
    return small.getvalue()
