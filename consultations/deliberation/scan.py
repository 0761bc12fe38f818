"""Words that may point at a private person 疑似个人信息: they flag an opinion, the moderator judges."""

import re

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁马方任袁柳鲍史唐薛雷贺罗毕郝安常傅卞齐康余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪舒项祝董梁杜阮贾江郭梅林钟徐邱骆高夏蔡田樊胡凌霍万卢莫房丁邓石崔龚程邢裴陆翁段侯邱党符刘叶白蒲温闫文聂曾蔺龙"
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("身份证号", re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])|(?<!\d)\d{15}(?!\d)")),
    ("手机号", re.compile(r"(?<!\d)1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)")),
    ("电话号码", re.compile(r"(?<!\d)0\d{2,3}[-—\s]?\d{7,8}(?!\d)")),
    ("车牌号", re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s]?[A-Z0-9]{5,6}(?![A-Z0-9])", re.I)),
    ("银行卡号", re.compile(r"(?<!\d)[3-6]\d{15}(?:\d{3})?(?!\d)")),
    ("门牌号", re.compile(r"\d+(?:号楼|栋|幢)\s*\d+(?:单元|室)|\d+单元\s*\d+(?:室|号)")),
    ("人名", re.compile(rf"[{SURNAMES}][\u4e00-\u9fa5]{{0,2}}(?:先生|女士|某某|某)|(?:叫|名叫|村民|居民|业主|老板|姓名)[{SURNAMES}][\u4e00-\u9fa5]{{1,2}}")),
)  # fmt: skip


def flags(text: str) -> list[str]:
    """What kinds of personal data a text seems to hold, in words; empty when none."""
    plain = text.translate(_NARROW)
    return [name for name, pattern in KINDS if pattern.search(plain)]


_NARROW = {0xFF10 + digit: str(digit) for digit in range(10)}
"""Full-width digits are digits too."""
