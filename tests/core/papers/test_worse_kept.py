"""Another year's papers, worse kept, are read by meaning: the same facts, whatever their dress."""

import io
import json
import random

import pytest
from django.core.management import call_command

from core.models import AuditEntry, PaperRow
from core.papers.importing import folder_sources, import_papers
from tests.core.papers import worse

GROUPS = (
    ("other_headings", "shuffled_columns", "titles_above", "dates_in_words", "phones_in_any_way"),
    ("header_of_two_rows", "further_columns", "subtotals", "dates_as_numbers"),
    ("odd_headings", "months_in_sheets", "blank_rows", "numbers_as_floats", "further_sheets"),
    ("units_in_one_cell", "decisions_in_other_words", "names_in_any_way", "header_again"),
    ("csv_of_gbk", "csv_of_utf16", "dates_without_year"),
    ("formatted_to_the_end", "hidden_rows_and_columns", "invisible_characters", "other_file_names"),
)
TRUE = {row["key"]: row["value"] for row in json.loads((worse.FOLDER / "figures.json").read_text(encoding="utf-8"))}


def damaged(names, *, rows=None):
    papers = worse.another_year(rows=rows)
    for name in names:
        worse.HARMLESS[name](papers, random.Random(name))
    return papers


def read(papers, folder, **options):
    worse.write(papers, folder)
    return import_papers(folder_sources(folder), actor=None, year=2023, **options)


def differences(result) -> list[str]:
    """What a reading found otherwise than the papers as they were first read."""
    found = []
    for name, file in result.files.items():
        if file.created or file.updated or file.refused or not file.known:
            found.append(f"{name}: created {file.created}, updated {file.updated}, refused {file.refused}")
            found += [f"  {p.row} {p.column} {p.value!r} {p.message}" for p in file.problems if p.severity != "info"]
    return found


def test_every_change_of_dress_is_tried():
    assert {name for group in GROUPS for name in group} == worse.HARMLESS.keys()


@pytest.mark.django_db
def test_papers_of_another_year_worse_kept_say_the_same(tmp_path):
    """Read in as they are, then in other dress: nothing is new, changed or refused."""
    read(worse.another_year(rows=60), tmp_path / "clean")
    for at, group in enumerate(GROUPS):
        found = differences(read(damaged(group, rows=60), tmp_path / str(at), dry_run=True))
        assert not found, "\n".join([" + ".join(group), *found])


@pytest.mark.django_db
def test_worse_kept_year_gives_its_figures_and_a_second_run_changes_nothing(tmp_path, capsys):
    names = (
        *GROUPS[0],
        "further_sheets",
        "subtotals",
        "decisions_in_other_words",
        "names_in_any_way",
        "units_in_one_cell",
    )
    folder = worse.write(damaged(names), tmp_path / "2023年工作底稿")
    call_command("import_papers", str(folder), "--dry-run")
    assert not PaperRow.objects.exists()
    call_command("import_papers", str(folder))
    first = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert first["year"] == 2023
    assert sum(file["refused"] for file in first["files"].values()) == 0
    out = io.StringIO()
    call_command("year_figures", "2023", stdout=out, stderr=io.StringIO())
    assert json.loads(out.getvalue()) == {key: value for key, value in TRUE.items() if key != "articles"}

    before = AuditEntry.objects.count(), set(PaperRow.objects.values_list("kind", "key", "digest"))
    call_command("import_papers", str(folder))
    again = json.loads(capsys.readouterr().out.strip().splitlines()[-1])["files"].values()
    assert sum(file["created"] + file["updated"] for file in again) == 0
    assert (AuditEntry.objects.count(), set(PaperRow.objects.values_list("kind", "key", "digest"))) == before
