"""What is used of Microsoft's SDK, imported without what its import does besides.

It takes a second, warns of a part in preview that is none of ours, and would read a file `.env` from the folder where
the program runs into the environment, past the settings that have been read by then. What it logs of every token
that is refused is left out: bot/channels/teams/http.py tells of it once.
"""

import logging
import os
import warnings

_NO_DOTENV = "PYTHON_DOTENV_DISABLED"

_before = os.environ.get(_NO_DOTENV)
os.environ[_NO_DOTENV] = "1"
try:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="HtmlWidgetSecurityPolicy", category=FutureWarning)
        from microsoft_teams.api.auth.cloud_environment import PUBLIC, CloudEnvironment, with_overrides
        from microsoft_teams.apps.auth.token_validator import JWT_LEEWAY_SECONDS, TokenValidator
finally:
    if _before is None:
        del os.environ[_NO_DOTENV]
    else:
        os.environ[_NO_DOTENV] = _before

logging.getLogger(TokenValidator.__module__).setLevel(logging.CRITICAL)

__all__ = ["JWT_LEEWAY_SECONDS", "PUBLIC", "CloudEnvironment", "TokenValidator", "with_overrides"]
