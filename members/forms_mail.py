"""The form of one's e-mail address."""

from django import forms


class MailForm(forms.Form):
    """Where to be told, and whether at all."""

    address = forms.EmailField(
        label="邮箱", required=False, max_length=200, help_text="空着就不发。改了以后，要在收到的确认邮件里点一下。",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "邮箱写得不对，应当像 name@example.com。"},
    )  # fmt: skip
    is_on = forms.BooleanField(label="有新消息时发邮件，每个工作日最多一封", required=False, initial=True)

    def clean_address(self) -> str:
        """In one line and lower case after the sign."""
        name, at, host = self.cleaned_data["address"].strip().rpartition("@")
        return f"{name}{at}{host.lower()}"
