"""Socket Mode's side of Slack: connections of an app, envelopes to them, what it acknowledges."""

import asyncio
import secrets
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.slack.elements import Json

MOST_CONNECTIONS = 10


@dataclass(frozen=True, slots=True)
class Ack:
    """What an app has sent back for an envelope."""

    envelope_id: str
    payload: Json | None
    connection: int  # the number of the connection, counted from 1 in the order they came


@dataclass(slots=True)
class Sockets:
    """The open connections by number. All but the attributes is for the loop of the gateway only."""

    connections: dict[int, web.WebSocketResponse] = field(default_factory=dict)
    acks: list[Ack] = field(default_factory=list)
    opened: int = 0
    tickets: set[str] = field(default_factory=set)
    _requests: dict[int, web.Request] = field(default_factory=dict)
    _waiting: dict[str, asyncio.Future[Ack]] = field(default_factory=dict)

    def ticket(self) -> str:
        """A new ticket, good for one connection."""
        ticket = secrets.token_hex(8)
        self.tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection from its hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=401)
        self.tickets.remove(ticket)
        socket = web.WebSocketResponse(timeout=0.5)  # some clients never answer a close
        await socket.prepare(request)
        self.opened += 1
        number = self.opened
        hello = {"type": "hello", "num_connections": len(self.connections) + 1, "debug_info": {"host": "gateway"}}
        await socket.send_json({**hello, "connection_info": {"app_id": request.query.get("app_id", "")}})
        self.connections[number], self._requests[number] = socket, request
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._take(message.json(), number)
        finally:
            del self.connections[number], self._requests[number]
        return socket

    def _take(self, body: Json, number: int) -> None:
        if "envelope_id" not in body:
            return
        ack = Ack(body["envelope_id"], body.get("payload"), number)
        self.acks.append(ack)
        waiting = self._waiting.pop(ack.envelope_id, None)
        if waiting and not waiting.done():
            waiting.set_result(ack)

    async def deliver(self, envelope: Json, seconds: float, connection: int | None) -> Ack | None:
        """Sends an envelope over a connection, by default the latest; None if no acknowledgement comes."""
        number = connection if connection is not None else max(self.connections, default=0)
        if number not in self.connections:
            return None
        waiting: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = waiting
        await self.connections[number].send_json(envelope)
        try:
            return await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            return None

    async def disconnect(self, connection: int, reason: str) -> None:
        """Asks an app to leave; after anything but a warning the connection is closed, as Slack does."""
        socket = self.connections[connection]
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "gateway"}})
        if reason != "warning":
            await socket.close()

    async def cut(self, connection: int) -> None:
        """Breaks the TCP connection without a word."""
        transport = self._requests[connection].transport
        if transport is not None:
            transport.abort()

    async def close(self) -> None:
        for socket in list(self.connections.values()):
            await socket.close()
