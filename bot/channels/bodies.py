"""Bodies of requests, read no further than they may be long."""

from starlette.requests import Request


async def read_body(request: Request, most: int) -> bytes | None:
    """The body; None where it has more than so many bytes, whatever it says of itself."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            return None
        parts.append(part)
    return b"".join(parts)
