"""A filter bar is drawn once for what it shows, and anew for other choices, other conditions or an error."""

import pytest
from django import forms
from django.http import QueryDict

from core import filter_bars
from members.models import HandlingUnit
from tests.factories import HandlingUnitFactory


class _Filter(forms.Form):
    q = forms.CharField(label="查找", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), ("a", "甲")])
    year = forms.IntegerField(label="年份", required=False)


def test_drawn_once_for_the_same_and_anew_for_any_other():
    first = filter_bars.draw(_Filter(QueryDict("q=饮水&state=a")))
    assert filter_bars.draw(_Filter(QueryDict("q=饮水&state=a"))) is first
    assert "饮水" in first
    assert "饮水" not in filter_bars.draw(_Filter(QueryDict("state=a")))
    other = _Filter(QueryDict("q=饮水&state=a"))
    other.fields["state"].choices = [("", "全部"), ("a", "乙")]
    assert "乙" in filter_bars.draw(other)
    wrong = filter_bars.draw(_Filter(QueryDict("year=x")))
    assert "invalid-feedback" in wrong
    assert filter_bars.draw(_Filter(QueryDict("q=<b>"))).count("&lt;b&gt;") == 1


@pytest.mark.django_db
def test_rows_of_the_database_are_never_kept():
    class Units(_Filter):
        unit = forms.ModelChoiceField(HandlingUnit.objects.all(), required=False)

    one = HandlingUnitFactory(name="区水利局")
    assert "区水利局" in filter_bars.draw(Units(QueryDict("")))
    one.delete()
    assert "区水利局" not in filter_bars.draw(Units(QueryDict("")))
