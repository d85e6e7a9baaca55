"""Slack: questions come in as events, answers go out as Block Kit."""
