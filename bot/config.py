"""Settings of the bot, from environment variables (those of the store are in data/settings.py)."""

import os
from collections.abc import Mapping
from datetime import date, datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from data import settings
from data.fiscal_year import TOKYO
from data.store import Store


class CannotStart(Exception):
    """What a server misses, in the operator's words."""


def cannot_listen(host: str, port: int, error: OSError | OverflowError, option: str) -> CannotStart:
    """Why an address cannot be taken (OverflowError: it is no port at all); `option` is where another is given."""
    number = error.errno if isinstance(error, OSError) else None
    reason = os.strerror(number) if number and number > 0 else str(error)
    return CannotStart(
        f"アドレス {host} のポート {port} で受けられません（{reason}）。"
        f"ほかのプログラムが使っているなら、{option} で別の番号を指定してください。"
    )


def today() -> date:
    """Today in Japan, for channels to put into a question; nothing behind ask() knows the time."""
    return datetime.now(TOKYO).date()


def chosen_plan(store: Store, organisation: str, title: str | None) -> str:
    """The title of the plan that is meant where a question does not say (SHIRUBE_PLAN unless one is given), "" for any.

    Raises ValueError, with the plans that there are, for no plan of the organisation.
    """
    plan = settings.default_plan(os.environ) if title is None else title
    titles = store.plan_titles(organisation) if plan else ()
    if plan and plan not in titles:
        raise ValueError(f"計画「{plan}」がありません。今ある計画: {'、'.join(f'「{one}」' for one in titles)}")
    return plan


def public_url(environment: Mapping[str, str]) -> str:
    """SHIRUBE_PUBLIC_URL as browsers write it (「https://shirube.example.jp」), "" for none.

    Raises ValueError for what is no such address.
    """
    text = environment.get("SHIRUBE_PUBLIC_URL", "").strip().rstrip("/").lower()
    if not text:
        return ""
    address = safe_address(text)
    if address is None or text != f"{address.scheme}://{address.netloc}":
        raise ValueError(
            "SHIRUBE_PUBLIC_URL には、https:// で始まるアドレスを、パスを付けずに指定してください。"
            "例: https://shirube.example.jp"
        )
    return text.removesuffix(":443" if address.scheme == "https" else ":80")


def safe_address(text: str) -> SplitResult | None:
    """What https leads to, or http on this machine, as one writes it in a setting; None for all else."""
    try:
        address = urlsplit(text)
        host, port = address.hostname or "", address.port
    except ValueError:
        return None
    is_safe = address.scheme == "https" or (address.scheme == "http" and is_loopback_host(host))
    is_plain = text.isascii() and text.isprintable() and not any(letter in text for letter in ' @\\"<>')
    return address if host and port != 0 and is_safe and is_plain else None


def is_loopback_host(host: str) -> bool:
    """「127.0.0.1」, 「::1」 and 「localhost」 are this machine alone."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
