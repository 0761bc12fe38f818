"""The benchmark line of the comparison: its texts are what it says, and it fails above its limit."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from sentiment import comparison_bench


def test_wordings_are_long_alike_and_always_the_same():
    before, after = comparison_bench.wordings()
    assert len(before) == len(after) == comparison_bench.LENGTH
    changed = sum(one != two for one, two in zip(before, after, strict=True))
    assert 0 < changed <= comparison_bench.CHANGES
    assert comparison_bench.wordings() == (before, after)


def test_line_is_printed_and_judged(monkeypatch):
    monkeypatch.setattr(comparison_bench, "milliseconds", lambda: 12.5)
    out = io.StringIO()
    call_command("bench_comparison", stdout=out)
    assert json.loads(out.getvalue()) == {
        "name": "comparison", "size": 5000, "value": 12.5, "unit": "ms", "ratio": None, "limit": 200.0,
    }  # fmt: skip
    monkeypatch.setattr(comparison_bench, "milliseconds", lambda: 250.0)
    with pytest.raises(CommandError, match="250"):
        call_command("bench_comparison", stdout=io.StringIO())
