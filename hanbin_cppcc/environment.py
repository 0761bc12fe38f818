"""Reads the environment that the settings are made of (环境变量)."""

import os
from pathlib import Path


def read_env_file(path: Path) -> None:
    """Take `NAME=value` lines of `path` into the environment where the name is not yet set."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sep, value = line.strip().partition("=")
        if sep and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("'\""))


def flag(name: str, default: bool) -> bool:
    """Read a yes/no variable: 1, true, yes and on mean yes, an unset or empty one the default."""
    text = os.environ.get(name, "").strip().lower()
    return text in {"1", "true", "yes", "on"} if text else default


def words(name: str, default: str = "") -> list[str]:
    """Read a comma-separated variable as a list without empty parts."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]
