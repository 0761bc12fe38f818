"""Values of opinion reports 社情民意 that staff may change."""

from core import options

GROUP = "社情民意"

options.declare(
    "sentiment.text_limit", type="int", default=1500, label="一篇最多多少字", group=GROUP, minimum=200, maximum=20000
)
options.declare(
    "sentiment.accept_days", type="int", default=5, label="收稿处理（工作日）", group=GROUP, minimum=1, maximum=60
)
options.declare(
    "sentiment.edit_days", type="int", default=10, label="编辑（工作日）", group=GROUP, minimum=1, maximum=120
)
options.declare(
    "sentiment.check_days", type="int", default=3, label="核稿（工作日）", group=GROUP, minimum=1, maximum=60
)
options.declare(
    "sentiment.sign_days", type="int", default=3, label="签发（工作日）", group=GROUP, minimum=1, maximum=60
)
options.declare(
    "sentiment.answer_days", type="int", default=15, label="转办单位答复（工作日）", group=GROUP, minimum=1, maximum=120
)
options.declare(
    "sentiment.categories", type="list", label="类别", group=GROUP,
    default=["经济发展", "城建管理", "农业农村", "社会民生", "教科文卫", "生态环境", "社会治理", "其他"],
)  # fmt: skip
options.declare(
    "sentiment.report_to", type="list", label="刊期“报”的默认对象", group=GROUP,
    default=["区委书记", "区长", "区政协主席"],
)  # fmt: skip
options.declare(
    "sentiment.send_to", type="list", label="刊期“送”的默认对象", group=GROUP,
    default=["区委办", "区政府办", "市政协研究室"],
)  # fmt: skip
options.declare(
    "sentiment.best_level_only", type="bool", default=True, label="积分只计最高采用层级", group=GROUP,
    help="关掉后各级采用累计计分。",
)  # fmt: skip
options.declare(
    "sentiment.public_daily", type="int", default=3, label="群众来信：一部手机一天最多几封", group=GROUP, minimum=1, maximum=50,
)  # fmt: skip
options.declare(
    "sentiment.keep_days", type="int", default=365, label="群众来信办结多少天后清除称呼、电话", group=GROUP, minimum=30, maximum=3650,
    help="清除后只留事情和结果，不能恢复；写信那一页的约定跟着改。",
)  # fmt: skip
options.declare(
    "sentiment.total_before", type="int", default=0, label="用本系统以前一共刊发了多少期", group=GROUP, minimum=0, maximum=100000,
    help="总期号从这里接着编。",
)  # fmt: skip
