"""Made-up households: people, income, hardship. Pure: the same source of chance gives the same household."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from cases.enums import Condition, ItemCategory, ItemKind, Relation, Sex, Work
from cases.services.intake import ItemData, MemberData
from common.ids import check_digit

REGION = "120199"
STANDARD, JOB_COSTS, ROOM = 1080, 0.8, 0.75
"""Amounts are drawn so that a household that is to be granted stays this far below the (invented) standard."""

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
ELDER = {
    "M": ("德顺", "长贵", "建国", "福生", "永昌", "国良", "树森", "保民", "玉山", "兆祥", "连生", "庆云"),
    "F": ("桂兰", "秀英", "淑珍", "玉芬", "凤琴", "翠花", "素云", "桂芝", "月娥", "惠兰", "淑贤", "春梅"),
}
ADULT = {
    "M": ("志强", "建军", "海涛", "文斌", "立新", "宏伟", "卫东", "晓峰", "振华", "国庆", "永刚", "少华"),
    "F": ("丽娟", "红梅", "艳玲", "晓燕", "海霞", "文静", "雪莲", "俊英", "秋菊", "敏芳", "建红", "金凤"),
}
CHILD = {
    "M": ("子墨", "浩然", "宇轩", "博文", "俊熙", "思远", "天佑", "一鸣", "嘉树", "明哲"),
    "F": ("雨桐", "欣怡", "梓涵", "诗雅", "可心", "语嫣", "佳宁", "若曦", "晨曦", "安然"),
}
ELDERLY, GROWN = 58, 20


@dataclass
class Draft:
    """A person in the making."""

    relation: str
    age: int
    sex: str
    work: str
    condition: str = Condition.NONE
    counts: bool = True
    has_capacity: bool = True
    income: list[tuple[str, int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Family:
    """A household as it applies: members, items, and what is said about it."""

    members: list[MemberData]
    items: list[ItemData]
    difficulty: str
    living: str
    photographs: tuple[str, ...]


Numbers = Callable[[dt.date, str, int], str]


def family(random: Random, today: dt.date, numbers: Numbers) -> Family:
    """A household of one to six. `numbers(birth, sex, place)` gives an identity number that nobody has yet."""
    kind = random.choices(list(KINDS), [weight for weight, _make, _words in KINDS.values()])[0]
    _weight, make, words = KINDS[kind]
    drafts = make(random)
    surname = random.choice(SURNAMES)
    members = [_member(random, one, place, surname, today, numbers) for place, one in enumerate(drafts)]
    ill = any(one.condition in {Condition.SEVERELY_ILL, Condition.CHRONICALLY_ILL} for one in drafts)
    return Family(
        members=members,
        items=_items(random, drafts, ill),
        difficulty=words,
        living=random.choice(LIVING),
        photographs=("door", "medicine" if ill else random.choice(("room", "kitchen"))),
    )


def _member(random: Random, one: Draft, place: int, surname: str, today: dt.date, numbers: Numbers) -> MemberData:
    names = ELDER if one.age >= ELDERLY else ADULT if one.age >= GROWN else CHILD
    married_in = one.relation == Relation.SPOUSE or (one.relation == Relation.PARENT and one.sex == Sex.FEMALE)
    own = random.choice(SURNAMES) if married_in else surname
    birth = dt.date(today.year - one.age, random.randint(1, 12), 1)
    return MemberData(
        name=own + random.choice(names[one.sex]), relation=one.relation, id_number=numbers(birth, one.sex, place), work=one.work,
        condition=one.condition, counts=one.counts, has_capacity=one.has_capacity,
    )  # fmt: skip


def identity_number(birth: dt.date, sex: str, code: int) -> str:
    """A valid, made-up number of the made-up district: every code below 14,000 another one for the same month and sex."""
    sequence = code % 500 * 2 + (sex == Sex.MALE)
    first = f"{REGION}{birth:%Y%m}{(code * 11 + code // 500) % 28 + 1:02d}{sequence:03d}"
    return first + check_digit(first)


def _items(random: Random, drafts: list[Draft], ill: bool) -> list[ItemData]:
    counted = [one for one in drafts if one.counts]
    total = sum(amount * _share(category) for one in counted for category, amount, _note in one.income)
    scale = min(1.0, STANDARD * len(counted) * ROOM / total) if total else 1.0
    items = [
        ItemData(ItemKind.INCOME, category, _yuan(amount * scale), place, note)
        for place, one in enumerate(drafts)
        for category, amount, note in one.income
    ]
    if random.random() < 0.5:
        items.append(ItemData(ItemKind.PROPERTY, ItemCategory.DEPOSIT, _yuan(random.randint(300, 9000)), 0, "活期存款"))
    if ill:
        items.append(
            ItemData(ItemKind.EXPENSE, ItemCategory.MEDICAL, _yuan(random.randint(200, 1800)), None, "长期用药自付部分")
        )
    if any(one.work == Work.STUDENT for one in drafts):
        items.append(
            ItemData(ItemKind.EXPENSE, ItemCategory.EDUCATION, _yuan(random.randint(100, 900)), None, "学杂费、生活费")
        )
    return items


def _share(category: str) -> float:
    return {ItemCategory.WAGE: JOB_COSTS, ItemCategory.EXCLUDED: 0.0}.get(ItemCategory(category), 1.0)


def _yuan(amount: float) -> Decimal:
    return Decimal(round(amount / 10) * 10).quantize(Decimal("0.01"))


# --- Kinds of households ----------------------------------------------------------------------------------------------

PENSION, SUBSIDY, WAGE = ItemCategory.TRANSFER, ItemCategory.EXCLUDED, ItemCategory.WAGE


def _sex(random: Random) -> str:
    return random.choice(Sex.values)


def _other(sex: str) -> str:
    return Sex.FEMALE if sex == Sex.MALE else Sex.MALE


def _elder(random: Random, relation: str, sex: str = "") -> Draft:
    condition = random.choices(
        (Condition.NONE, Condition.CHRONICALLY_ILL, Condition.SEVERELY_ILL, Condition.DISABLED), (40, 35, 15, 10)
    )[0]
    pension = (PENSION, random.randint(20, 62) * 10, "城乡居民养老金")
    return Draft(relation, random.randint(64, 83), sex or _sex(random), Work.RETIRED, condition, income=[pension])


def _children(random: Random, most: int, relation: str = Relation.CHILD) -> list[Draft]:
    return [
        Draft(relation, random.randint(4, 17), _sex(random), Work.STUDENT) for _one in range(random.randint(1, most))
    ]


def elder_alone(random: Random) -> list[Draft]:
    return [_elder(random, Relation.SELF)]


def elder_couple(random: Random) -> list[Draft]:
    first = _elder(random, Relation.SELF)
    return [first, _elder(random, Relation.SPOUSE, _other(first.sex))]


def disabled_alone(random: Random) -> list[Draft]:
    allowance = (SUBSIDY, random.choice((200, 300)), "残疾人“两项补贴”")
    condition = random.choice((Condition.SEVERELY_DISABLED, Condition.SEVERELY_DISABLED, Condition.DISABLED))
    kin = (ItemCategory.SUPPORT, random.randint(10, 40) * 10, "兄弟姐妹接济")
    return [Draft(Relation.SELF, random.randint(34, 57), _sex(random), Work.UNABLE, condition, income=[allowance, kin])]


def out_of_work(random: Random) -> list[Draft]:
    casual = (ItemCategory.OTHER, random.randint(20, 70) * 10, "零工收入")
    return [Draft(Relation.SELF, random.randint(44, 57), _sex(random), Work.FLEXIBLE, income=[casual])]


def single_parent(random: Random) -> list[Draft]:
    wage = (WAGE, random.randint(110, 230) * 10, random.choice(("保洁", "超市理货", "餐饮服务", "家政")))
    parent = Draft(Relation.SELF, random.randint(30, 46), random.choice("FFFM"), Work.EMPLOYED, income=[wage])
    return [parent, *_children(random, 2)]


def ill_parent(random: Random) -> list[Draft]:
    sex = _sex(random)
    wage = (WAGE, random.randint(150, 290) * 10, random.choice(("保安", "环卫", "工厂务工", "快递分拣")))
    ill = Draft(Relation.SELF, random.randint(36, 54), sex, Work.UNABLE, Condition.SEVERELY_ILL)
    return [ill, Draft(Relation.SPOUSE, ill.age, _other(sex), Work.EMPLOYED, income=[wage]), *_children(random, 2)]


def grandparent(random: Random) -> list[Draft]:
    kin = (ItemCategory.SUPPORT, random.randint(20, 50) * 10, "孩子父（母）亲每月给付")
    children = _children(random, 2, Relation.GRANDCHILD)
    children[0].income.append(kin)
    return [_elder(random, Relation.SELF), *children]


def three_generations(random: Random) -> list[Draft]:
    sex = _sex(random)
    wage = (WAGE, random.randint(180, 330) * 10, random.choice(("建筑零工", "物业维修", "服装厂", "配送")))
    parent = _elder(random, Relation.PARENT)
    parent.counts = random.random() > 0.15
    head = Draft(Relation.SELF, random.randint(36, 52), sex, Work.EMPLOYED, income=[wage])
    spouse = Draft(
        Relation.SPOUSE,
        head.age,
        _other(sex),
        Work.UNEMPLOYED,
        random.choice((Condition.NONE, Condition.CHRONICALLY_ILL)),
    )
    return [head, spouse, parent, *_children(random, 3)]


def with_guardian(random: Random) -> list[Draft]:
    allowance = (SUBSIDY, 300, "残疾人“两项补贴”")
    child = Draft(
        Relation.CHILD, random.randint(26, 44), _sex(random), Work.UNABLE, Condition.SEVERELY_DISABLED, has_capacity=False,
        income=[allowance],
    )  # fmt: skip
    return [_elder(random, Relation.SELF), child]


KINDS: dict[str, tuple[int, Callable[[Random], list[Draft]], str]] = {
    "elder_alone": (18, elder_alone, "本人年老多病，没有退休工资，仅靠居民养老金生活，日常买药和水电费用难以负担。"),
    "elder_couple": (10, elder_couple, "夫妻二人均已年老，没有固定收入，子女生活也困难，无力足额赡养。"),
    "disabled_alone": (14, disabled_alone, "本人残疾，无法就业，父母已去世，靠亲属接济维持生活。"),
    "out_of_work": (12, out_of_work, "本人下岗多年，年龄偏大找不到固定工作，靠打零工维持，收入不稳定。"),
    "single_parent": (16, single_parent, "离异后独自抚养子女，工资微薄，孩子上学开支较大，入不敷出。"),
    "ill_parent": (12, ill_parent, "本人患重病长期治疗，不能劳动，全家靠配偶一人务工，医疗自付费用高。"),
    "grandparent": (7, grandparent, "儿女外出或离世，由老人抚养孙辈，老人养老金低，孩子上学困难。"),
    "three_generations": (7, three_generations, "上有老人、下有在校子女，全家主要靠一人务工，人均收入低。"),
    "with_guardian": (4, with_guardian, "子女重度残疾，没有民事行为能力，由年老父（母）亲照料，无力支付护理费用。"),
}
"""Weight, who lives there, and the hardship as stated."""

LIVING = (
    "住房一室一厅，家具简单，无贵重物品。",
    "租住平房一间，冬季用电暖气，家电只有电视机和冰箱。",
    "住公租房，面积约四十平方米，室内整洁，家具老旧。",
    "与亲属合住老旧单元房，个人居室一间，桌上有常用药品。",
    "自有平房两间，屋顶曾维修，灶具陈旧，无机动车。",
)
