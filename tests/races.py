"""Several people at once 同时: acts in threads of their own, started together, on PostgreSQL."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection

from core.errors import Refusal


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads of their own, started together; each gives its result or its Refusal."""
    start = Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=10)
            results[index] = act()
        except Refusal as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def split(results: list[object]) -> tuple[list[object], list[Refusal]]:
    """Who won and who was refused."""
    lost = [row for row in results if isinstance(row, Refusal)]
    return [row for row in results if not isinstance(row, Refusal)], lost
