"""Forms of signing in and of one's own account, of units, and the filter of the log: shape only."""

import unicodedata

from django import forms
from django.contrib.auth import password_validation

from members import log_areas
from members.models import HandlingUnit


class LoginForm(forms.Form):
    """Account and password."""

    username = forms.CharField(
        label="账号", max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )  # fmt: skip
    password = forms.CharField(
        label="密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class TokenForm(forms.Form):
    """Six digits of the authenticator, or one backup code."""

    token = forms.CharField(
        label="验证码", max_length=16,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True, "spellcheck": "false"}
        ),
        help_text="6位数字；没带手机，也可以填一个备用码。",
    )  # fmt: skip

    def clean_token(self) -> str:
        """The code without spaces, full-width digits made plain."""
        return unicodedata.normalize("NFKC", self.cleaned_data["token"]).replace(" ", "").lower()


class NewPasswordForm(forms.Form):
    """A new password, typed twice; every failed rule is named."""

    new_password1 = forms.CharField(
        label="新密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    new_password2 = forms.CharField(
        label="再输一遍", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new_password1"].help_text = "".join(password_validation.password_validators_help_texts()[:1])

    def clean_new_password1(self) -> str:
        """The password if it keeps every rule."""
        password = self.cleaned_data["new_password1"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict:
        """Both must be the same."""
        data = super().clean() or {}
        first, second = data.get("new_password1"), data.get("new_password2")
        if first and second and first != second:
            self.add_error("new_password2", "两次输入的不一样。")
        return data


class PasswordChangeForm(NewPasswordForm):
    """The old password, then the new one twice."""

    old_password = forms.CharField(
        label="现在的密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ["old_password", "new_password1", "new_password2"]

    def clean_old_password(self) -> str:
        """The old password must be right."""
        password = self.cleaned_data["old_password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("现在的密码不对。")
        return password


class FilterForm(forms.Form):
    """A GET form above a list; its controls look as everywhere."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            chooses = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if chooses else "form-control"


class UnitFilter(FilterForm):
    """The filters of the list of handling units."""

    q = forms.CharField(label="单位名称、别名", required=False, max_length=40)
    side = forms.ChoiceField(label="归口", required=False, choices=[("", "全部"), *HandlingUnit.Side.choices])


class UnitForm(forms.ModelForm):
    """A handling unit's particulars; other names one per line."""

    aliases = forms.CharField(
        label="别名", required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一行一个。表格里这样写的，导入时就能认出是这个单位。",
    )  # fmt: skip

    class Meta:
        model = HandlingUnit
        fields = ["short_name", "aliases", "side", "leader_post", "contact_post", "phone", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["aliases"] = "\n".join(self.instance.aliases)

    def clean_aliases(self) -> list[str]:
        """The names without blanks and repeats."""
        lines = (line.strip().strip("　") for line in self.cleaned_data["aliases"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class AuditFilter(FilterForm):
    """The filters of the operation log 操作记录."""

    q = forms.CharField(label="内容、操作人", required=False, max_length=60)
    area = forms.ChoiceField(label="类别", required=False, choices=log_areas.choices)
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))
