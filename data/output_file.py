"""Files written whole or not at all."""

import errno
import os
from pathlib import Path
from secrets import token_hex

_REASONS = {
    errno.ENOENT: "そのフォルダーがありません",
    errno.ENOTDIR: "フォルダーではない場所が途中にあります",
    errno.EISDIR: "同じ名前のフォルダーがあります",
    errno.EACCES: "書き込む権限がありません",
    errno.EPERM: "書き込む権限がありません",
    errno.EROFS: "読み取り専用の場所です",
    errno.ENOSPC: "空き容量が足りません",
    errno.ENAMETOOLONG: "ファイル名が長すぎます",
}


def write_whole(path: Path, content: bytes) -> None:
    """Puts a file in its place at once: what stood there before stays until all of the new one is written.

    Raises ValueError, in plain words, where nothing can be written.
    """
    beside = path.with_name(f".{token_hex(8)}.tmp")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        try:
            beside.write_bytes(content)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, error.strerror)
        raise ValueError(f"{path} に書き込めません（{reason}）。別の場所を指定してください。") from error
