"""The Chromium of the machine, for the tests of what people see."""

import os
import shutil
from pathlib import Path

_HELP = (
    "画面のテストに使うChromiumがありません。chromiumとfonts-noto-cjkを入れるか、make test BROWSER=0 で省いてください。"
)
# Its sandbox does not work for root, which CI runs as.
FLAGS = (
    *(("--no-sandbox",) if os.geteuid() == 0 else ()),
    *"--disable-gpu --disable-quic --no-first-run --disable-background-networking".split(),
    *"--disable-component-update --disable-sync".split(),
)


def chromium() -> Path:
    """Its program; a test that needs it fails where it is missing."""
    program = Path(shutil.which("chromium") or "/usr/bin/chromium")
    assert program.exists(), _HELP
    return program
