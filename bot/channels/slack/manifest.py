"""The manifest by which Slack makes the app: from the table of what we listen to and call."""

from typing import Any

from bot.channels.slack import surface

_DESCRIPTION = "行政計画のKPIの目標・実績・達成状況に、出典つきで答えます"


def manifest(url: str = "") -> dict[str, Any]:
    """The app's manifest (docs.slack.dev/reference/app-manifest): for Socket Mode, or for HTTP at a public address."""
    address = f"{url.rstrip('/')}/slack/events" if url else ""
    reached = {"request_url": address} if address else {}
    return {
        "display_information": {"name": "しるべ", "description": _DESCRIPTION, "background_color": "#1f4e5f"},
        "features": {
            "agent_view": {"agent_description": _DESCRIPTION},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "しるべ", "always_online": True},
            "slash_commands": [
                {
                    "command": surface.COMMAND,
                    "description": "KPIを調べます（答えは自分にだけ表示）",
                    "usage_hint": "マイナカードのR6目標は?",
                    "should_escape": False,
                    **({"url": address} if address else {}),
                }
            ],
            "shortcuts": [
                {"name": one.name, "type": one.kind, "callback_id": one.callback_id, "description": one.description}
                for one in surface.SHORTCUTS
            ],
        },
        "oauth_config": {"scopes": {"bot": list(surface.SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": sorted(surface.EVENTS), **reached},
            "interactivity": {
                "is_enabled": True,
                **reached,
                **({"message_menu_options_url": address} if address else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }
