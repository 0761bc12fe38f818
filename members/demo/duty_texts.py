"""What is said and done in the demo world of studios and activities 演示文字; every name is made up."""

from members.models import Activity, Matter

Kind, Route = Activity.Kind, Matter.Route

ALL = ("member", "member2", "convener")
HALL = {"place": "区会议中心", "must_attend": True}

HELD: tuple[tuple[str, int, str, int, int, tuple[str, ...], dict], ...] = (
    (Kind.MEETING, 276, "全体会议第一次大会", 300, 0, ALL, HALL),
    (Kind.MEETING, 273, "全体会议闭幕大会", 294, 8, ALL, HALL),
    (Kind.SPEECH, 274, "全体会议大会发言：办好家门口的养老服务", 1, 0, ("member",), {"place": "区会议中心"}),
    (Kind.STUDY, 250, "党组理论学习中心组集中学习", 14, 0, (), {"place": "机关会议室"}),
    (Kind.MEETING, 240, "民主监督工作会议", 120, 0, ("member", "member2"), {"place": "区政协三楼会议室"}),
    (Kind.RESEARCH, 210, "农村供水管护情况调研", 110, 0, ("member",), {"place": "大河镇、茨沟镇"}),
    (Kind.RESEARCH, 195, "油茶产业发展情况调研", 100, 0, ("convener",), {"place": "五里镇"}),
    (Kind.TRAINING, 180, "委员履职能力培训班", 210, 0, ALL, {"place": "区委党校", "must_attend": True}),
    (Kind.INSPECTION, 150, "老旧小区改造视察", 105, 0, ("member", "member2"), {"place": "新城街道、老城街道"}),
    (Kind.READING, 120, "“书香政协”读书分享会", 60, 0, ("member2",), {"place": "区图书馆"}),
    (Kind.HISTORY, 110, "《汉滨水运旧事》文史资料征集座谈", 30, 0, (), {"place": "机关会议室"}),
    (Kind.EXCHANGE, 95, "界别联谊交流", 100, 0, ("convener",), {"note": "互赠文史资料3册"}),
    (Kind.DONATION, 80, "防汛救灾捐款", 110, 0, ("member",), {"amount": 68000, "quantity": 1, "unit_word": "笔"}),
    (Kind.DONATION, 78, "助学捐款", 100, 0, (), {"amount": 52000, "quantity": 1, "unit_word": "笔"}),
    (Kind.DONATION, 74, "敬老月慰问捐款", 90, 0, (), {"amount": 36000, "quantity": 1, "unit_word": "笔"}),
    (Kind.DONATION, 44, "困难群众冬衣捐赠", 85, 0, ("member2",), {"amount": 41000, "quantity": 1, "unit_word": "笔"}),
    (Kind.SPEECH, 230, "界别联组会书面发言", 80, 0, ("convener",), {"place": "区会议中心"}),
    (Kind.ESSAY, 70, "“我当委员这几年”征文", 20, 0, ("convener",), {"quantity": 20, "unit_word": "篇"}),
    (Kind.READING_VIDEO, 60, "“委员邀你共读书”读书视频", 1, 5, (), {"quantity": 1, "unit_word": "个"}),
    (Kind.SHORT_VIDEO, 50, "委员履职故事短视频", 3, 9, (), {"quantity": 1, "unit_word": "个"}),
    (Kind.CENTRAL_WORK, 40, "下沉社区参与防汛值守", 30, 0, ("member",), {"quantity": 30, "unit_word": "人次"}),
    (Kind.INSPECTION, 30, "农产品质量安全视察", 95, 0, (), {"place": "江北农贸市场"}),
    (Kind.MEETING, 20, "重点提案督办协调会", 90, 0, ("member",), {"place": "区政协三楼会议室"}),
)
"""Activities that were held: kind, days ago, name, how many members from which on, demo accounts, particulars."""

MATTERS: tuple[tuple[str, int, str, str, str, str, str], ...] = (
    ("recorded", 1, "物业管理", "陈女士", "金桥社区", "小区电动车充电棚夜里不通电，老人下楼充电摔了一跤。", ""),
    ("triaged", 3, "农业生产", "胡先生", "七里村", "秧田边的灌溉渠塌了一段，水到不了下面三个组。", Route.TO_UNIT),
    ("in_progress", 8, "农业生产", "汤先生", "月桥村", "养殖户问粪污还田的补助怎样申请。", Route.TO_UNIT),
    ("answered", 14, "农业生产", "潘女士", "大梁村", "今年种粮补贴还没有到账，想知道什么时候发。", Route.TO_UNIT),
    ("informed", 22, "农业生产", "许先生", "安乐社区", "果园打药后蜂箱里的蜂死了，想请人看看。", Route.TO_UNIT),
    ("closed", 35, "农业生产", "毛女士", "石桥村", "村里机耕路的涵洞堵了，收割机进不去。", Route.TO_UNIT),
    ("on_spot", 12, "社会保障", "曹先生", "新城社区", "断缴的养老保险怎样补。", Route.ON_SPOT),
    ("on_spot2", 40, "养老服务", "柳女士", "江北社区", "高龄补贴要带什么材料。", Route.ON_SPOT),
    (
        "to_proposal",
        6,
        "交通出行",
        "于先生",
        "育才路",
        "放学时学校门口两边停车，孩子只能走到路中间。",
        Route.TO_PROPOSAL,
    ),
    ("to_opinion", 5, "医疗卫生", "王女士", "流水镇", "村卫生室常常关门，拿慢性病的药要跑到镇上。", Route.TO_OPINION),
    ("to_micro", 4, "物业管理", "冯先生", "老城社区", "楼上楼下为加装电梯的位置谈不拢。", Route.TO_MICRO),
    ("referred", 2, "法律咨询", "段先生", "张滩镇", "和老板的工资纠纷已经到法院了，问还能找谁。", Route.REFERRED),
)
"""Matters: which story, days ago, category, visitor, village, what was raised, way on."""

ANSWER = "已到现场看过，列入这个月的整修，下旬完工。"
RESULT = "有关单位已到现场看过，已经办好。"
ON_SPOT_ANSWER = "当场讲清了要带的材料和办理地点，给了办事指南。"

BOOKINGS: tuple[tuple[str, str, str, str], ...] = (
    ("郑女士", "19900007001", "金桥社区", "想说说小区二次供水水压不够的事。"),
    ("罗先生", "19900007002", "七里村", "村里路灯坏了半年，问能不能修。"),
    ("苏女士", "19900007003", "新城社区", "孩子上幼儿园排不上号，想问政策。"),
)

STUDIO_FACTS = {
    "address": "老城街道解放路社区服务中心二楼",
    "phone": "0915-0000201",
    "motto": "同心同行，为民办事",
    "introduction": "工作室由无党派人士界委员组成，每月固定接待群众，就近听意见、解难事。",
}
RECORDS: tuple[tuple[str, int, str], ...] = (
    ("minutes", 100, "工作室第一次例会"),
    ("policy", 90, "养老、医保政策汇编"),
    ("activity", 60, "进社区义诊"),
    ("training", 45, "委员读书交流"),
    ("honour", 15, "区级媒体报道：《委员就在家门口》"),
)
