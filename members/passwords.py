"""Password rules 密码规则: at least ten characters, three of four classes, none of the last five (domain rules §8)."""

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

MINIMUM = 10
CLASSES = 3
REMEMBERED = 5


class PasswordRules:
    """The validator that Django asks; it names every rule that the password fails at once."""

    def validate(self, password: str, user=None) -> None:
        """Raise ``ValidationError`` with one sentence per failed rule."""
        problems = []
        if len(password) < MINIMUM:
            problems.append(f"密码要有{MINIMUM}个字符以上，现在是{len(password)}个。")
        if (found := _classes(password)) < CLASSES:
            problems.append(f"大写字母、小写字母、数字、符号，至少要有其中{CLASSES}种，现在有{found}种。")
        if user is not None and user.pk and _was_used(password, user):
            problems.append(f"不能再用最近用过的{REMEMBERED}个密码。")
        if problems:
            raise ValidationError(problems)

    def get_help_text(self) -> str:
        """The rules in one sentence, shown above the field."""
        return (
            f"{MINIMUM}个字符以上；大写字母、小写字母、数字、符号里至少{CLASSES}种；"
            f"不能和最近用过的{REMEMBERED}个相同。"
        )


def _classes(password: str) -> int:
    """How many of the four classes occur; a Chinese character counts as a symbol."""
    kinds = {
        "upper" if char.isascii() and char.isupper()
        else "lower" if char.isascii() and char.islower()
        else "digit" if char.isascii() and char.isdigit()
        else "symbol"
        for char in password
    }  # fmt: skip
    return len(kinds)


def _was_used(password: str, user) -> bool:
    """Whether it is the present password or one of the last that the person had."""
    kept = user.old_passwords.values_list("password", flat=True)[:REMEMBERED]
    hashes = [user.password, *kept] if user.has_usable_password() else list(kept)
    return any(check_password(password, known) for known in hashes[: REMEMBERED + 1])
