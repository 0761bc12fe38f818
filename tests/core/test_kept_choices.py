"""A pulldown of a small table reads its rows once, and again as soon as one of them changed."""

import pytest
from django import forms

from core import revisions
from core.kept_choices import KeptChoiceField
from proposals import choices
from proposals.models import Category

pytestmark = pytest.mark.django_db


class _Form(forms.Form):
    category = KeptChoiceField(Category.objects.filter(is_active=True), marks=choices.NAME, empty_label="请选择")


def test_drawn_from_what_is_held_until_a_row_changes(django_assert_num_queries):
    _Form().as_p()
    with revisions.scope(), django_assert_num_queries(1):  # the marks alone
        drawn = _Form().as_p()
        again = _Form().as_p()
    assert drawn == again
    assert "请选择" in drawn
    row = Category.objects.create(code="new", name="新的类别")
    assert "新的类别" in _Form().as_p()
    row.is_active = False
    row.save()
    assert "新的类别" not in _Form().as_p()


def test_what_is_chosen_is_looked_up_and_not_taken_from_what_is_held():
    row = Category.objects.create(code="new", name="新的类别")
    form = _Form({"category": row.pk})
    assert form.is_valid()
    assert form.cleaned_data["category"] == row
    _Form().as_p()
    Category.objects.filter(pk=row.pk).update(is_active=False)  # behind the marks: still drawn, no longer taken
    assert not _Form({"category": row.pk}).is_valid()
