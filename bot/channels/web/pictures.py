"""Charts as pictures of a page, drawn by the same module as everywhere (bot/pictures.py)."""

from starlette.responses import PlainTextResponse, Response

from bot.channels.phrases import NO_CHART
from bot.chart import Chart
from bot.pictures import svg


def picture_of(chart: Chart | None) -> Response:
    """An SVG picture, 404 for none."""
    if chart is None:
        return PlainTextResponse(NO_CHART, 404)
    return Response(svg(chart), media_type="image/svg+xml")
