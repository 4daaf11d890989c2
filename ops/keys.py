"""The secrets of a checkout: made once, kept in var/secrets.env with mode 0600, never shown."""

import base64
import os
import secrets
from pathlib import Path

from ops.base import Problem

NAMES = ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "JOURNAL_KEY")


def new_secrets() -> dict[str, str]:
    """Fresh random secrets in the form that config/settings.py reads."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": f"1:{key()}",
        "FIELD_KEY_CURRENT": "1",
        "BLIND_INDEX_KEY": key(),
        "JOURNAL_KEY": key(),
    }


def read(file: Path) -> dict[str, str]:
    """`NAME=value` lines; the value may itself contain `=`."""
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def write(file: Path, values: dict[str, str]) -> None:
    """Write with mode 0600 from the first byte, and whole or not at all."""
    half = file.with_suffix(".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write("".join(f"{name}={value}\n" for name, value in values.items()))
        out.flush()
        os.fsync(out.fileno())
    half.replace(file)


def ensure(file: Path, data_exists: bool) -> dict[str, str]:
    """The secrets of `file`, made on the first start. Data whose keys are lost is never met with new keys."""
    if all(os.environ.get(name) for name in NAMES):
        return {}
    if not file.exists():
        if data_exists:
            raise Problem(
                f"The database holds data encrypted with keys that are missing: {file} is gone. Put the file back, or "
                "move the folder `postgres` beside it away to begin anew; nothing was changed."
            )
        write(file, new_secrets())
    values = read(file)
    missing = [name for name in NAMES if not values.get(name)]
    if missing:
        raise Problem(f"{file} lacks {', '.join(missing)}. Put the file back from a backup; nothing was changed.")
    return values
