"""Forms as they arrive: fields that are text, and at most one file where the page takes one."""

from collections.abc import Mapping

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.web.desk import SentFile

# A form of ours has a few fields; a question may be long.
_FIELDS, _FIELD = 60, 100_000
_KINDS = (b"application/x-www-form-urlencoded", b"multipart/form-data")


async def read_form(request: Request, takes_file: bool) -> tuple[Mapping[str, str], Mapping[str, SentFile]]:
    """The fields and files of a POST; of a field that comes twice the last one.

    Raises HTTPException 415 for what is no form (or none in UTF-8: other charsets can hold half letters), 400 for one
    that is malformed, has too much in it, or holds NUL: a store would fail on either.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind not in _KINDS or options.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise HTTPException(415)
    async with request.form(max_files=int(takes_file), max_fields=_FIELDS, max_part_size=_FIELD) as form:
        items = form.multi_items()
        files = {
            name: SentFile(_text(value.filename or ""), await value.read())
            for name, value in items
            if isinstance(value, UploadFile)
        }
    return {name: _text(value) for name, value in items if isinstance(value, str)}, files


def _text(value: str) -> str:
    if "\0" in value:
        raise HTTPException(400)
    return value
