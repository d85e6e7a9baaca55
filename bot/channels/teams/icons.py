"""The app's two icons, drawn here: a signpost (しるべ), in white on the app's colour and as a white outline."""

import struct
import zlib
from collections.abc import Callable

COLOUR = "#1F4E5F"
_WHITE = b"\xff\xff\xff"
# So many points each way are looked at for the shade of one pixel.
_FINE = 4

#: Is a point (0 to 1, from the upper left) on the sign?
Sign = Callable[[float, float], bool]


def colour_icon() -> bytes:
    """192 × 192, on the app's colour."""
    background = bytes.fromhex(COLOUR[1:])

    def pixel(share: float) -> bytes:
        mixed = (round(below + (above - below) * share) for below, above in zip(background, _WHITE, strict=True))
        return bytes((*mixed, 255))

    return _png(192, _signpost, pixel)


def outline_icon() -> bytes:
    """32 × 32, white on nothing."""
    return _png(32, lambda x, y: _signpost(x, y) and not _signpost_inside(x, y), lambda share: _WHITE + _byte(share))


def _signpost(x: float, y: float) -> bool:
    """A pole with a board that points to the right, and a smaller one below that points to the left."""
    pole = 0.44 <= x <= 0.56 and 0.12 <= y <= 0.90
    return pole or _board(x, y, 0.20, 0.66, 0.20, 0.44) or _board(1 - x, y, 0.28, 0.62, 0.50, 0.70)


def _signpost_inside(x: float, y: float) -> bool:
    """What is left empty in the outline: a line of 1/16 remains."""
    return _board(x, y, 0.27, 0.64, 0.27, 0.37) or _board(1 - x, y, 0.35, 0.60, 0.565, 0.635)


def _board(x: float, y: float, left: float, right: float, top: float, bottom: float) -> bool:
    """A board with a point half as long as it is high."""
    if not (left <= x and top <= y <= bottom):
        return False
    half = (bottom - top) / 2
    return x <= right + half - abs(y - (top + half))


def _byte(share: float) -> bytes:
    return bytes((round(255 * share),))


def _png(size: int, sign: Sign, pixel: Callable[[float], bytes]) -> bytes:
    """A picture of RGBA pixels; `pixel` gives one by the share of it that the sign covers."""
    rows = b"".join(
        b"\0" + b"".join(pixel(_share(sign, column, row, size)) for column in range(size)) for row in range(size)
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _share(sign: Sign, column: int, row: int, size: int) -> float:
    places = [(place + 0.5) / _FINE for place in range(_FINE)]
    return sum(sign((column + x) / size, (row + y) / size) for y in places for x in places) / _FINE**2


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
