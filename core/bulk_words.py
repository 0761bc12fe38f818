"""Words and sentences of which large worlds for measurements 测速 are made: places and matters of the district."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core import search, similar

PLACES = "老城 新城 江北 关庙 张滩 恒口 五里 大河 双龙 茨沟 瀛湖 流水 吉河 洪山 紫荆 早阳 石梯 谭坝 坝河 县河".split()
MATTERS = (
    "农村饮水 托育服务 养老驿站 停车秩序 公交线路 富硒茶叶 魔芋加工 毛绒玩具 社区工厂 垃圾分类 河道治理 校园食堂 "
    "村卫生室 电梯加装 物业管理 消防通道 路灯照明 文化广场 非遗传承 旅游步道 冷水养殖 秸秆利用 电商物流 移民社区"
).split()
ACTIONS = "加快推进 规范管理 完善 支持 统筹建设 加强 改进 健全".split()
REASONS = "群众反映集中 基础薄弱 经费没有着落 责任不够清楚 部门之间衔接不畅 标准不统一".split()
MEASURES = "列入年度计划 明确责任单位 安排专项资金 建立联席会议 定期公开进展 开展专项检查".split()


@dataclass(frozen=True)
class Piece:
    """A title or sentence that is used again and again, with the words by which it is found, cut once."""

    text: str
    tokens: str
    terms: tuple[tuple[str, int], ...]


def piece(text: str) -> Piece:
    """A text with its words. Words do not reach over a full stop, so those of a whole text are those of its pieces."""
    return Piece(text, " ".join(search.words(text)), tuple(similar.frequencies("", text).items()))


def terms_of(title: Piece, pieces: Iterable[Piece]) -> Counter[str]:
    """How often each telling word stands in a text made of pieces, as ``similar.frequencies`` counts."""
    found: Counter[str] = Counter({term: number * similar.TITLE_WEIGHT for term, number in title.terms})
    for one in pieces:
        for term, number in one.terms:
            found[term] += number
    return found


class Pieces:
    """The stock of titles and sentences of a world, the same for the same seed."""

    def __init__(self, rnd: random.Random, sentences: int = 4000) -> None:
        self._rnd = rnd
        self.titles = [
            piece(f"关于{act}{place}{matter}工作的建议") for act in ACTIONS for place in PLACES for matter in MATTERS
        ]
        self.problems = [piece(f"反映{place}{matter}中的问题") for place in PLACES for matter in MATTERS]
        self.sentences = [piece(_sentence(rnd)) for _ in range(sentences)]
        self.reasons = [piece(f"{matter}{reason}。") for matter in MATTERS for reason in REASONS]
        self.asks = [
            piece(f"{measure}，{act}{matter}。") for measure in MEASURES for act in ACTIONS for matter in MATTERS
        ]

    def some(self, stock: list[Piece], many: int) -> list[Piece]:
        """``many`` pieces of one sort."""
        return self._rnd.choices(stock, k=many)


def title(rnd: random.Random) -> str:
    """A matter at a place and what is to be done about it."""
    return f"关于{rnd.choice(ACTIONS)}{rnd.choice(PLACES)}{rnd.choice(MATTERS)}工作的建议"


def _sentence(rnd: random.Random) -> str:
    return f"{rnd.choice(PLACES)}的{rnd.choice(MATTERS)}，{rnd.choice(REASONS)}，涉及{rnd.randrange(10, 900)}户。"


def situation(rnd: random.Random) -> str:
    """Twenty sentences, some 800 characters."""
    return "".join(_sentence(rnd) for _ in range(20))


def analysis(rnd: random.Random) -> str:
    """Ten short sentences."""
    return "".join(f"{rnd.choice(MATTERS)}{rnd.choice(REASONS)}。" for _ in range(10))
