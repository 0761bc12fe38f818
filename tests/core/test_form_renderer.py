"""Controls drawn as strings are what Django's own templates give; a field says all that belongs to it."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template

from core.form_renderer import StringRenderer


class Sample(forms.Form):
    """A form with every common control."""

    name = forms.CharField(
        label="姓名", max_length=20, help_text="真实姓名", widget=forms.TextInput(attrs={"data-a": ""})
    )
    number = forms.IntegerField(label="人数", min_value=1, required=False)
    mail = forms.EmailField(required=False)
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    secret = forms.CharField(required=False, widget=forms.PasswordInput)
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    sure = forms.BooleanField(label="同意", required=False)
    text = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3, "readonly": True}))
    one = forms.ChoiceField(choices=[("", "请选"), ("组", [("a", "甲<"), (2, "乙")])], required=False)
    many = forms.MultipleChoiceField(choices=[("a", "甲"), ("b", "乙")], required=False)
    kind = forms.ChoiceField(label="以谁的名义", choices=[("a", "个人"), ("b", "联名")], widget=forms.RadioSelect)
    sign = forms.ChoiceField(choices=[("a", "甲")], widget=forms.CheckboxSelectMultiple, required=False)


VALUES = {
    "name": '<b>"苏"</b>', "number": "1204", "mail": "a@b.cn", "day": "2026-03-05", "secret": "x", "token": "t",
    "sure": "on", "text": "一\n<二>", "one": "2", "many": ["b"], "kind": "b", "sign": ["a"],
}  # fmt: skip


def plain(html: str) -> str:
    """HTML without the blanks between tags."""
    return re.sub(r">\s+<", "><", html)


@pytest.mark.parametrize("values", [None, VALUES, {}])
@pytest.mark.parametrize("name", Sample.base_fields)
def test_control_is_what_the_templates_give(name, values):
    drawn, usual = (str(Sample(values, renderer=kind())[name]) for kind in (StringRenderer, DjangoTemplates))
    assert plain(drawn) == plain(usual)


def field(name, values=None):
    """A field as the pages draw it."""
    return Template("{% load fields %}{% draw_field field %}").render(Context({"field": Sample(values)[name]}))


def test_field_binds_help_and_error_to_its_control():
    html = field("name", {})
    assert '<div id="div_id_name" class="field"><label class="form-label" for="id_name">姓名<span class="need">' in html
    assert '<span id="id_name_helptext" class="form-text">真实姓名</span>' in html
    assert 'class="textinput form-control is-invalid"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<div id="id_name_error" class="invalid-feedback-group"><p class="invalid-feedback">' in html


def test_radio_buttons_stand_in_a_fieldset_with_the_chosen_one_marked():
    html = field("kind", {"kind": "b"})
    assert html.startswith('<fieldset id="div_id_kind" class="field"><legend class="form-label">以谁的名义<span')
    assert 'value="b" id="id_kind_1" required checked><span>联名</span></label>' in html
    assert html.count("checked") == 1


def test_what_was_typed_is_never_markup():
    assert "&lt;b&gt;&quot;苏&quot;&lt;/b&gt;" in field("name", VALUES)
    assert "一\n&lt;二&gt;</textarea>" in field("text", VALUES)


def test_box_stands_before_its_label_and_a_hidden_field_alone():
    assert '<div class="form-check"><input type="checkbox" name="sure" class="checkboxinput' in field("sure")
    assert field("token").startswith('<input type="hidden"')
