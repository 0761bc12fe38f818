"""Reference lists 基础清单 that every installation starts with: categories, grounds of refusal, result classes.

Staff may rename, reorder and retire them afterwards: loading again adds what is missing and
overwrites nothing (domain rules §1.2, §1.3, §1.5).
"""

CATEGORIES = (
    ("economy", "经济建设"),
    ("politics", "政治建设"),
    ("culture", "文化建设"),
    ("society", "社会建设"),
    ("ecology", "生态文明建设"),
    ("other", "其他"),
    ("agriculture", "农业农村"),
    ("livelihood", "社会民生"),
    ("urban", "城建管理"),
    ("growth", "经济发展"),
    ("education", "教育科技"),
    ("environment", "生态环境"),
    ("tourism", "文化旅游"),
    ("health", "医疗卫生"),
)

GROUNDS = (
    ("secret", "涉及党和国家秘密"),
    ("forbidden", "国家明令禁止"),
    ("party-internal", "中共党员反映党内有关组织、人事安排"),
    ("parties-internal", "民主党派成员反映本组织内部事务"),
    ("litigation", "已进入诉讼、仲裁程序"),
    ("academic", "属于学术研讨"),
    ("personal", "为本人或亲属解决个人问题"),
    ("promotion", "宣传、推介具体作品、产品"),
    ("accusation", "指名举报"),
    ("empty", "内容空泛，没有具体建议"),
    ("beyond", "超出本区职权范围"),
    ("not-one-matter", "不是一事一案，或者反映的问题已有答复"),
)

CLASSES = (
    ("a", "A", "已解决或采纳", False, False),
    ("b", "B", "列入计划拟解决或拟采纳", True, True),
    ("c", "C", "留作参考", False, False),
    ("d", "D", "留作参考（旧分类）", False, False),
)


def load_reference(category=None, ground=None, result_class=None) -> int:
    """Add the rows that the lists lack and return how many; a migration passes the models of its own time."""
    live = category is None
    if live:
        from proposals.models import Category as category
        from proposals.models import Ground as ground
        from proposals.models import ResultClass as result_class
    made = _load(category, CATEGORIES) + _load(ground, GROUNDS)
    for order, (code, letter, name, promise, follows) in enumerate(CLASSES, 1):
        if not result_class.objects.filter(letter=letter).exists():
            result_class.objects.create(
                code=code, letter=letter, name=name, order=order, needs_promise=promise, follows_up=follows,
                is_active=letter != "D",
            )  # fmt: skip
            made += 1
    if live and made:
        from proposals import choices

        choices.changed()
    return made


def _load(model, rows) -> int:
    """Add the rows whose code and name are both new."""
    codes = set(model.objects.values_list("code", flat=True))
    names = set(model.objects.values_list("name", flat=True))
    new = [
        model(code=code, name=name, order=order)
        for order, (code, name) in enumerate(rows, 1)
        if code not in codes and name not in names
    ]
    model.objects.bulk_create(new)
    return len(new)
