"""What the demo world 演示环境 says in its yearly plans and in the topics put in for the next one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One topic: when, what, in which form, who leads, and what became of it once its month was over.

    ``fate``: converted, taken, asked, sent, held, missed or dropped; ``policy`` is what it turned into.
    """

    month: int
    topic: str
    form: str
    leader: str
    fate: str
    method: str = ""
    policy: str = ""


LAST = (
    Item(2, "区政府工作报告重点任务落实", "plenary", "区政协主席", "taken", "全体会议分组协商"),
    Item(3, "中心城区停车难综合治理", "topical", "分管城建的副主席", "converted", "先走访12个小区，再开会协商", "区政府停车设施三年建设计划"),
    Item(4, "富硒粮油品牌培育", "counterpart", "分管经济的副主席", "converted", "与区农业农村局对口协商", "富硒品牌建设专项资金200万元"),
    Item(5, "乡村学校营养餐管理", "proposal", "分管教育的副主席", "taken", "结合重点提案办理协商"),
    Item(6, "优化营商环境", "standing", "区政协主席", "converted", "专题议政性常委会，会前四个组调研", "营商环境突破年十条措施"),
    Item(7, "汉江沿岸文旅融合", "topical", "分管文化的副主席", "sent"),
    Item(8, "社区医养结合服务", "sector", "医卫界别召集人", "taken", "医卫界别委员进社区"),
    Item(9, "易地搬迁安置社区治理", "counterpart", "分管社法的副主席", "missed"),
    Item(10, "村级集体经济发展", "frontline", "分管农业的副主席", "held", "到村里开协商会"),
    Item(11, "冬季清洁取暖", "network", "分管城建的副主席", "sent"),
)  # fmt: skip
NOW = (
    Item(2, "国民经济和社会发展计划执行", "plenary", "区政协主席", "taken", "全体会议分组协商"),
    Item(3, "城区背街小巷改造提升", "topical", "分管城建的副主席", "converted", "走访9条街巷，请居民代表到会", "背街小巷改造列入城建投资计划，安排1200万元"),
    Item(4, "茶产业延链补链", "counterpart", "分管农业的副主席", "converted", "与区茶产业发展中心对口协商", "出台支持茶叶精深加工的八条措施"),
    Item(5, "青少年心理健康服务", "sector", "教育界别召集人", "asked", "教育、医卫界别联合协商"),
    Item(6, "促进民营经济高质量发展", "standing", "区政协主席", "taken", "专题议政性常委会，会前五个组调研"),
    Item(7, "物业小区矛盾多元化解", "topical", "分管社法的副主席", "missed", "先网络议政，再开会协商"),
    Item(8, "农村生活污水治理", "proposal", "分管农业的副主席", "asked", "结合重点提案办理协商"),
    Item(9, "托幼一体化和普惠托育", "counterpart", "分管教育的副主席", "sent"),
    Item(10, "瀛湖生态保护和绿色发展", "frontline", "分管环资的副主席", "held", "到湖区镇村开协商会"),
    Item(10, "老旧电梯更新", "topical", "分管城建的副主席", "dropped"),
    Item(11, "文物保护和活化利用", "topical", "分管文化的副主席", "held", "先视察，再协商"),
    Item(12, "社区助餐服务", "network", "分管社法的副主席", "held", "网络议政，群众可以参加"),
)  # fmt: skip
PARTICIPANTS = "部分政协委员，有关镇办、企业和群众代表"
CALL = "重点围绕产业发展、城乡建设、民生改善、生态保护、基层治理提议题。请一件事一个议题，切口小一些，说清为什么要议、希望解决什么。"
PUBLIC = (
    ("朱女士", "13809150001", (("城区公交夜间延时", "孩子晚自习九点半下课，末班车九点就没了，家长只能骑电动车接。"),
     ("旧衣回收箱管理", "小区的回收箱没人清，堆得到处都是，也不知道衣服去了哪里。"))),
    ("石先生", "13809150002", (("公交末班车太早", "在高新区上班，加班以后没有公交回江南，打车一趟二十多块。"),)),
    ("罗女士", "13809150003", (("农村老人看病用药报销", "村卫生室有的药不能报，老人为几十块钱要跑到区上。"),)),
)  # fmt: skip
OWN = (
    ("member", "加快县域充电设施布局", "乡镇和旅游公路沿线充电桩少，节假日排队两三个小时，外地车不敢来。", "counterpart"),
    ("member2", "中药材标准化种植", "各村自己摸索，品种杂、价格低，需要统一技术标准和收购渠道。", ""),
    ("committee", "城市社区嵌入式养老服务", "调研了14个社区，场地、运营和医疗衔接都有共性问题，建议专题协商。", "topical"),
    ("unit", "地下管网家底和更新改造", "管网底数不清，重复开挖群众意见大，希望各部门坐到一起定办法。", ""),
)  # fmt: skip
