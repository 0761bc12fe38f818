"""Runs every check of `make check` and names at the end the ones that failed (代码检查)."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable

DEVELOPMENT = {"DEBUG": "1", "DATABASE_URL": "sqlite://:memory:", "REDIS_URL": ""}
PRODUCTION = {
    "DEBUG": "",
    "SECRET_KEY": "only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "example.org",
    "DATABASE_URL": "postgres://check@127.0.0.1:5432/check",  # named, never connected to
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "HTTPS": "",
    "TRUSTED_PROXIES": "",
}

CHECKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "format": ([f"{BIN}/ruff", "format", "--check", "--output-format", "concise", "."], {}),
    "lint": ([f"{BIN}/ruff", "check", "."], {}),
    "conventions": ([PYTHON, "-m", "scripts.conventions"], {}),
    "imports": ([f"{BIN}/lint-imports"], DEVELOPMENT),
    "templates": ([f"{BIN}/djlint", "templates", "--lint", "--quiet"], {}),
    "migrations": ([PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], DEVELOPMENT),
    "deploy": ([PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    "types": ([f"{BIN}/mypy", "."], DEVELOPMENT),
}


def main() -> int:
    """Run each check, all of them even when one fails; arguments choose some by name."""
    chosen = sys.argv[1:] or list(CHECKS)
    failed = []
    for name in chosen:
        command, env = CHECKS[name]
        print(f"== {name}", flush=True)
        if subprocess.run(command, cwd=ROOT, env=os.environ | env, check=False).returncode:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
