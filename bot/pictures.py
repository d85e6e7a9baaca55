"""Pictures of charts: SVG and PNG, drawn on this machine with the Japanese font that is installed with the program."""

import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from bot.chart import Chart, alt_text, clean
from bot.vega import specification

#: Pixels of the PNG for one of the SVG: sharp on a phone.
SCALE = 2.0
_FIRST_TAG = re.compile(r"<svg\b[^>]*>")


def svg(chart: Chart) -> str:
    """An SVG document with the chart's alternative text as its title.

    Letters stay letters, shown in the reader's own font where it has not this one.
    """
    # The library in the picture refuses every address, so that no specification can make it fetch anything.
    drawn: str = _converter().vegalite_to_svg(specification(chart), allowed_base_urls=[])
    title = f"<title>{escape(clean(alt_text(chart)))}</title>"
    return _FIRST_TAG.sub(lambda tag: f'{tag[0][:-1]} role="img">{title}', drawn, count=1)


def png(chart: Chart) -> bytes:
    """A PNG file."""
    drawn: bytes = _converter().svg_to_png(svg(chart), scale=SCALE)
    return drawn


@cache
def _converter() -> Any:
    """The library with the font registered; loaded where the first picture is made."""
    import noto_cjk_sans_jp_regular
    import vl_convert

    vl_convert.register_font_directory(str(Path(str(noto_cjk_sans_jp_regular.FONT_PATH)).parent))
    return vl_convert
