"""What staff may set of studios and reception days 接待日: how far ahead, how many bookings, how long data is kept."""

from core import options

GROUP = "委员工作室"

options.declare(
    "reception.months_ahead", type="int", default=3, label="接待日提前排几个月", group=GROUP, minimum=1, maximum=18
)
options.declare(
    "reception.announce_days", type="int", default=45, label="接待日提前几天自动公布", group=GROUP,
    help="填0就不自动公布，由召集人或联络室公布。", minimum=0, maximum=365,
)  # fmt: skip
options.declare(
    "reception.book_days", type="int", default=28, label="可以提前几天预约", group=GROUP, minimum=1, maximum=180
)
options.declare(
    "reception.remind_days", type="int", default=1, label="提前几天提醒接待委员", group=GROUP, minimum=1, maximum=14
)
options.declare(
    "reception.bookings_a_phone", type="int", default=3, label="一个手机号一天最多预约几次", group=GROUP,
    help="预约了又取消的也算。", minimum=1, maximum=50,
)  # fmt: skip
options.declare(
    "reception.bookings_a_source", type="int", default=20, label="一个网络地址一天最多预约几次", group=GROUP,
    help="村（社区）里代大家预约的电脑也按一个地址算。", minimum=1, maximum=500,
)  # fmt: skip
options.declare(
    "reception.keep_days", type="int", default=365, label="来访人的称呼和电话在接待日后保留几天", group=GROUP,
    help="与预约页上写给群众的话一致：接待日一年后删去。", minimum=30, maximum=1095,
)  # fmt: skip
