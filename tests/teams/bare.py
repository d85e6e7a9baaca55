"""A bot of the bare SDK, as little as its documentation shows: what the harness is tried with, and what our own mends.

`python -m tests.teams.bare PORT` serves it with the settings of tests/teams/process.py in the environment.
"""

import asyncio
import logging
import os
import sys
import warnings
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from microsoft_teams.api.activities.invoke.adaptive_card.action import AdaptiveCardInvokeActivity
    from microsoft_teams.api.activities.message.message import MessageActivity, MessageActivityInput
    from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
    from microsoft_teams.api.models.adaptive_card.adaptive_card_action_response import (
        AdaptiveCardActionCardResponse,
        AdaptiveCardActionResponse,
    )
    from microsoft_teams.apps import ActivityContext, App, FastAPIAdapter
    from microsoft_teams.cards import AdaptiveCard

ANSWER = "R6年度の目標値は48,000枚です。"
PRESSED = "R5年度の目標値は52,000枚です。"


def card(text: str) -> AdaptiveCard:
    """A card with a text, and with the button that replaces it."""
    press = {"type": "Action.Execute", "title": "他の年度", "verb": "ask", "data": {"year": "R5"}}
    body: dict[str, Any] = {"type": "TextBlock", "text": text, "wrap": True}
    made = {"type": "AdaptiveCard", "version": "1.5", "lang": "ja", "body": [body], "actions": [press]}
    return AdaptiveCard.model_validate(made)


def make_app(web: FastAPI) -> App:
    cloud = with_overrides(PUBLIC, openid_metadata_url=os.environ["TEAMS_OPENID_METADATA_URL"])
    app = App(
        client_id=os.environ["TEAMS_CLIENT_ID"],
        tenant_id=os.environ["TEAMS_TENANT_ID"],
        token=_token,
        cloud=cloud,
        http_server_adapter=FastAPIAdapter(web),
        dangerously_allow_unauthenticated_requests=False,
    )

    @app.on_message
    async def answer(ctx: ActivityContext[MessageActivity]) -> None:
        await ctx.send(MessageActivityInput(text=ANSWER).add_card(card(ANSWER)))

    @app.on_card_action
    async def press(ctx: ActivityContext[AdaptiveCardInvokeActivity]) -> AdaptiveCardActionResponse:
        return AdaptiveCardActionCardResponse(value=card(PRESSED))

    return app


async def _token(scope: str | list[str], tenant: str | None) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": os.environ["TEAMS_CLIENT_ID"],
        "client_secret": os.environ["TEAMS_CLIENT_SECRET"],
        "scope": scope if isinstance(scope, str) else scope[0],
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(os.environ["TEAMS_TOKEN_URL"], data=form)
        answer.raise_for_status()
        token: str = answer.json()["access_token"]
        return token


async def main(port: int) -> None:
    logging.basicConfig(level=logging.INFO)
    web = FastAPI()
    await make_app(web).initialize()
    await uvicorn.Server(uvicorn.Config(web, "127.0.0.1", port, log_level="warning")).serve()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
