"""The words of the demo world's online deliberations 演示网络议政: two questions, opinions, how each camp leans."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One deliberation: its question, when it ran (days before today), its opinions with what each camp thinks.

    An opinion is its words and one letter for each camp: y mostly agrees, n mostly not, m is divided.
    """

    title: str
    question: str
    opened: int
    days: int
    camps: tuple[int, ...]
    opinions: tuple[tuple[str, str], ...]
    waiting: tuple[str, ...] = ()


PARKING = Story(
    title="老旧小区停车难怎么解",
    question="城区老旧小区停车难，您觉得该怎么解？",
    opened=34,
    days=14,
    camps=(27, 21, 12),
    opinions=(
        ("机关、学校的车位夜间和周末向附近居民错时开放。", "yyy"),
        ("先把消防通道划出来，哪怕少停几辆也不能占。", "yyy"),
        ("占着公共车位的僵尸车，社区登记以后限期拖走。", "yyy"),
        ("改造停车的方案先贴出来，听完居民意见再动工。", "yyy"),
        ("小区周边路段夜间停车收费标准公开，不许随意涨。", "yyy"),
        ("给救护车、送货车留一个临时停靠位。", "yyy"),
        ("把小区里没人管的绿地改成停车位。", "ynn"),
        ("拆掉闲置的自行车棚，划成汽车位。", "ynm"),
        ("每户第一辆车固定车位，不收停车费。", "ynn"),
        ("在楼间空地建两层机械车库。", "ynm"),
        ("人行道宽的地方划半边出来停车。", "ynn"),
        ("业主优先，外来车辆一律不许进小区。", "ynn"),
        ("新增车位先给有房无位的业主摇号。", "ymn"),
        ("停车改造的钱，财政多出，业主少出。", "yym"),
        ("绿地和健身场地一寸也不能减。", "nyn"),
        ("老人小孩活动的院子里不许停车。", "nym"),
        ("第二辆车多收费，用来补贴小区绿化。", "nyn"),
        ("多开两路公交小巴，让家里少买一辆车。", "nyy"),
        ("小区里限速5公里，出入口装减速带。", "myy"),
        ("夜里鸣笛、亮大灯的，物业要管。", "myy"),
        ("先修电梯和管网，停车往后放。", "nyn"),
        ("临街停车位限时两小时，白天多留给来办事、买东西的人。", "nny"),
        ("商业街夜间十点以后免费停车。", "mny"),
        ("送货三轮车可以在店门口停二十分钟。", "nmy"),
        ("把菜市场顶楼改成公共停车场。", "yyy"),
        ("停车收入每季度向居民公示。", "yyy"),
        ("手机上能查到附近哪里有空位。", "yyy"),
        ("社区成立停车议事小组，居民、商户、物业都有人参加。", "yyy"),
        ("临时占道经营的摊位让出来停车。", "ymn"),
        ("沿江空地建一个大型立体停车场，走路十分钟以内都算方便。", "ymy"),
    ),
)

ELDERS = Story(
    title="山区老人助餐点怎么办得长久",
    question="山区村里的老人助餐点，怎样才能一直办下去？",
    opened=3,
    days=12,
    camps=(11, 8),
    opinions=(
        ("饭钱老人出一点、村集体补一点、区里补一点。", "yy"),
        ("按实际用餐人数补助，不按床位和面积补。", "yy"),
        ("几个村合办一个灶，用三轮车送餐上门。", "yn"),
        ("请村里手脚麻利的低龄老人做饭，给一份补贴。", "yy"),
        ("办在村小学旧校舍里，不再新盖房子。", "yn"),
        ("每天只做一顿中饭，办得长久比办得多要紧。", "ny"),
        ("助餐点同时当卫生室的量血压点。", "yy"),
        ("菜从村里的地里收，账贴在墙上。", "yy"),
        ("住得太散的，发餐补让邻居搭伙。", "my"),
        ("鼓励在外的乡友认捐一个月的饭。", "ym"),
        ("冬天停两个月，省下的钱开春再用。", "nm"),
        ("失能的老人一定要送到床前。", "yy"),
    ),
    waiting=("助餐点的食材台账每周公示一次，谁都可以查。", "村民王大山一个人把账管了三年，谁也没见过。"),
)
