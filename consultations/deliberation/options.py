"""Values of online deliberation 网络议政 that staff may change."""

from core import options

GROUP = "网络议政"
MOST_CHARS = 300


def _number(key: str, default: int, label: str, minimum: int, maximum: int, help: str = "") -> None:
    options.declare(
        f"consultations.{key}", type="int", default=default, label=label, group=GROUP, minimum=minimum, maximum=maximum,
        help=help,
    )  # fmt: skip


_number("opinion_chars", 140, "一条意见最多几个字", 20, MOST_CHARS)
_number("opinion_most", 10, "一人最多提几条意见", 1, 100)
_number("group_minimum", 5, "少于几人的群体不显示", 3, 100, "人数太少，容易看出是谁。")
_number("map_votes", 7, "表态满几条才进分布图", 1, 50, "少于这个数的人只计入各条意见的人数。")
