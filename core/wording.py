"""What forms say when something is wrong (出错的话): plain words instead of Django's own."""

from django import forms
from django.core import validators


def apply() -> None:
    """Put the project's words in place of Django's; a field's own words still win."""
    messages: dict[type[forms.Field], dict[str, str]] = {
        forms.Field: {"required": "必填，还没有填。"},
        forms.IntegerField: {"invalid": "请填整数，如 15。"},
        forms.DecimalField: {"invalid": "请填数字，如 0.5。"},
        forms.DateField: {"invalid": "日期读不懂，请写成 2022-03-05 这样。"},
        forms.DateTimeField: {"invalid": "日期和时间读不懂，请写成 2022-03-05 14:30 这样。"},
        forms.BooleanField: {"required": "请勾选这一项。"},
        forms.ChoiceField: {"required": "还没有选。", "invalid_choice": "没有这个选项，请重新选。"},
        forms.MultipleChoiceField: {"required": "至少选一项。", "invalid_choice": "没有这个选项，请重新选。"},
        forms.ModelChoiceField: {"required": "还没有选。", "invalid_choice": "这一项已经不能选了，请重新选。"},
        forms.ModelMultipleChoiceField: {"required": "至少选一项。", "invalid_choice": "有一项已经不能选了，请重新选。"},
        forms.FileField: {
            "required": "还没有选文件。",
            "invalid": "文件没有传上来，请重新选。",
            "missing": "文件没有传上来，请重新选。",
            "empty": "这个文件是空的，请重新选。",
        },
    }  # fmt: skip
    for field, words in messages.items():
        field.default_error_messages = {**field.default_error_messages, **words}
    validators.MaxLengthValidator.message = "现在%(show_value)d字，请删到%(limit_value)d字以内。"
    validators.MinLengthValidator.message = "现在%(show_value)d字，至少要%(limit_value)d字。"
    validators.MaxValueValidator.message = "不能大于%(limit_value)s。"
    validators.MinValueValidator.message = "不能小于%(limit_value)s。"
    validators.EmailValidator.message = "邮箱写得不对，请检查。"
