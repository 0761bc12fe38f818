"""The line of the benchmark table for the summary: measured by running it, failing above its limit."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from consultations.deliberation import summary_bench


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(summary_bench, "PEOPLE", 60)
    monkeypatch.setattr(summary_bench, "OPINIONS", 12)


def test_the_line_says_size_and_seconds():
    out = io.StringIO()
    call_command("bench_summary", stdout=out)
    line = json.loads(out.getvalue())
    assert (line["name"], line["size"], line["unit"]) == ("summary", 720, "s")
    assert line["value"] < line["limit"]


def test_above_the_limit_it_fails(monkeypatch):
    monkeypatch.setattr(summary_bench, "seconds", lambda: 10.5)
    with pytest.raises(CommandError, match="归纳用了10.5秒，上限10秒"):
        call_command("bench_summary", stdout=io.StringIO())


def test_the_votes_are_the_same_each_time():
    assert list(summary_bench.votes()) == list(summary_bench.votes())
