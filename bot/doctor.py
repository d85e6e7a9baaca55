"""`python -m bot doctor`: is everything there that the bot needs? Tells what is missing, and never a token."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data import settings
from data.engine import SchemaOutdated, StoreUnreachable, ensure_schema, open_engine
from data.store import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is, how it stands, and what to do where it is wrong."""

    name: str
    state: str
    is_wrong: bool = False

    def __str__(self) -> str:
        return f"{'×' if self.is_wrong else '○'} {self.name}: {self.state}"


def examine(environment: Mapping[str, str]) -> list[Finding]:
    """Everything that can be looked at without changing anything, but for the schema of an SQLite file."""
    # The channels' libraries are only for who looks at a channel.
    from bot.channels.slack.checkup import examine_slack
    from bot.channels.teams.checkup import examine_teams
    from bot.channels.web.checkup import examine_web

    return [
        *_program(),
        *_settings(environment),
        *_store(environment),
        *_dictionary(),
        *examine_slack(environment),
        *examine_teams(environment),
        *examine_web(environment),
    ]


def _program() -> Iterator[Finding]:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    is_wrong = not (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield Finding("Python", f"{version}（3.11〜3.13が必要です）" if is_wrong else version, is_wrong)


def _settings(environment: Mapping[str, str]) -> Iterator[Finding]:
    for read in (settings.file_limit, settings.question_days, settings.conversation_days):
        try:
            read(environment)
        except ValueError as error:
            yield Finding("設定", str(error), True)


def _store(environment: Mapping[str, str]) -> Iterator[Finding]:
    try:
        engine = open_engine(settings.database_url(environment))
        ensure_schema(engine)
    except (ValueError, SchemaOutdated, StoreUnreachable) as error:
        yield Finding("データベース", str(error), True)
        return
    kind = "SQLite" if engine.dialect.name == "sqlite" else "PostgreSQL"
    yield Finding("データベース", f"{kind}につながります")
    organisation = settings.organisation(environment)
    store = Store(engine)
    catalogue = store.catalogue(organisation)
    if not catalogue.indicators:
        yield Finding("計画", "まだありません。最初に動かしたときに、同梱の計画を読み込みます。")
        return
    titles = "、".join(f"「{plan.title}」" for plan in catalogue.plans[:3])
    more = f"ほか{len(catalogue.plans) - 3}件" if len(catalogue.plans) > 3 else ""
    yield Finding("計画", f"{titles}{more}、指標{len(catalogue.indicators)}")
    plan = settings.default_plan(environment)
    if plan and plan not in [one.title for one in catalogue.plans]:
        yield Finding("SHIRUBE_PLAN", f"計画「{plan}」がありません。", True)


def _dictionary() -> Iterator[Finding]:
    from nlp.tokens import tokenize
    from nlp.vectors import open_vectors

    try:
        count = len(list(tokenize("県民のマイナンバーカードの取得率")))
    except Exception as error:
        yield Finding(
            "辞書", f"Sudachiの辞書を開けません（{type(error).__name__}）。make run で入れ直してください。", True
        )
        return
    yield Finding("辞書", f"Sudachiの辞書を開けます（試しの文は{count}語）")
    state = "あります" if open_vectors() else "ありません（言い換えは通じにくくなりますが、動きます）"
    yield Finding("単語ベクトル", state)
