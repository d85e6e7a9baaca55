"""All that Slack sends us and that we may do there: the one table behind listeners, manifest and doctor."""

from dataclasses import dataclass

COMMAND = "/kpi"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of a menu: of any message (`kind` 「message」) or of the workspace (「global」)."""

    callback_id: str
    name: str
    kind: str
    description: str


#: Bot events with the scope that each needs.
EVENTS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}
LOOK_UP = Shortcut("look_up", "KPIを調べる", "message", "このメッセージに書かれたKPIを調べます（自分にだけ表示）")
RECORD = Shortcut("record", "実績を登録", "global", "指標の実績値を登録します（登録者だけ）")
SUBSCRIBE = Shortcut("subscribe", "定期報告を購読", "global", "チャンネルや自分に、状況を定期的に届けます")
PROPOSE = Shortcut("propose", "別名を提案", "global", "指標のふだんの呼び方を提案します")
SHORTCUTS = (LOOK_UP, RECORD, SUBSCRIBE, PROPOSE)

#: Scopes that come with no event: what we call ourselves.
CALLS = {
    "assistant:write": "候補の質問と「調べています」の表示",
    "chat:write": "答えの投稿",
    "commands": "/kpi とショートカット",
    "files:write": "グラフの画像",
    "im:write": "本人への定期報告",
    "users:read": "ゲストと社外の人の見分け",
}
SCOPES = tuple(sorted({*filter(None, EVENTS.values()), *CALLS}))
