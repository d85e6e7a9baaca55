"""The bot: questions in, answers out, through one door (ask.py)."""
