"""Who works in the demonstration: data. All names are invented.

An office is given by its name, or by the code of its area (then the kind of office follows from post and level).
"""

from dataclasses import dataclass

from config.demo.places import CHENGQU, DISTRICT, JILIN, NANKAI, OPERATOR, YUQUAN, ZONE
from organizations.enums import Frontline, Post, ResponsibilityKind


@dataclass(frozen=True)
class Held:
    """One post of a person: at which office, with which title; `deputises` names the account whose post is stood in for."""

    post: Post
    office: str
    title: str = ""
    deputises: str = ""


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    held: tuple[Held, ...]
    shown: bool = False


@dataclass(frozen=True)
class Duty:
    """Who answers for an office: the account named, or (without one) the supervising unit of the district."""

    office: str
    kind: ResponsibilityKind
    basis: str
    username: str = ""
    frontline: str = ""


S1, S2, S3, S4, TOWN = "120199001000", "120199002000", "120199003000", "120199004000", "120199100000"
YQ, CQ, NK = "150104001000", "140502001000", "120104001000"
VILLAGES_OF = {YQ: (1, 2), CQ: (1, 2), NK: (1, 2, 3, 4, 5)}
CLERK, DIRECTOR, DEPUTY = "社会救助经办", "街道办事处主任", "街道办事处副主任"


def _villages(street: str, *ordinals: int) -> tuple[Held, ...]:
    return tuple(Held(Post.VILLAGE, f"{street[:9]}{900 + number}", "社区民政工作人员") for number in ordinals)


def _one(username: str, name: str, post: Post, office: str, title: str = "", *, shown: bool = False) -> Person:
    return Person(username, name, (Held(post, office, title),), shown)


def _team(stem: str, street: str, district: str, names: tuple[str, ...], *, shown: bool) -> tuple[Person, ...]:
    """Everybody who carries a street of another district: two handlers, two leaders, the village worker, centre, supervisor."""
    one, two, deputy, principal, village, centre, supervisor = names
    return (
        _one(f"{stem}-handler", one, Post.HANDLER, street, CLERK, shown=shown),
        _one(f"{stem}-handler-b", two, Post.HANDLER, street, CLERK),
        _one(f"{stem}-deputy", deputy, Post.DEPUTY_LEADER, street, DEPUTY, shown=shown),
        _one(f"{stem}-principal", principal, Post.PRINCIPAL_LEADER, street, DIRECTOR),
        Person(f"{stem}-village", village, _villages(street, *VILLAGES_OF[street])),
        _one(f"{stem}-check", centre, Post.RECONCILIATION, district, "核对员"),
        _one(f"{stem}-supervisor", supervisor, Post.DISTRICT_SUPERVISOR, district, "社会救助中心主任", shown=shown),
    )


ROSTER: tuple[Person, ...] = (
    # 示例一街道, and the development zone that the same people serve
    Person("handler", "周明远", (Held(Post.HANDLER, S1, CLERK), Held(Post.HANDLER, ZONE, CLERK)), True),
    Person("handler-b", "丁若兰", (Held(Post.HANDLER, S1, CLERK), Held(Post.HANDLER, ZONE, CLERK)), True),
    Person(
        "deputy", "何晓蕾", (Held(Post.DEPUTY_LEADER, S1, DEPUTY), Held(Post.DEPUTY_LEADER, ZONE, "管委会副主任")), True
    ),
    Person(
        "principal",
        "郑国栋",
        (Held(Post.PRINCIPAL_LEADER, S1, DIRECTOR), Held(Post.PRINCIPAL_LEADER, ZONE, "管委会主任")),
        True,
    ),
    Person("assistant", "马小雨", (Held(Post.ASSISTANT, S1), Held(Post.ASSISTANT, ZONE)), True),
    Person("village", "孙桂英", _villages(S1, 1, 2, 6), True),
    Person("village-b", "韩长顺", _villages(S1, 3, 4, 5)),
    # 示例二街道: the deputy leader is away, another stands in
    _one("handler2", "许文静", Post.HANDLER, S2, CLERK),
    _one("handler2-b", "邓凯", Post.HANDLER, S2, CLERK),
    _one("deputy2", "曹敏芝", Post.DEPUTY_LEADER, S2, DEPUTY),
    Person("acting2", "贺立群", (Held(Post.DEPUTY_LEADER, S2, "街道党工委委员", deputises="deputy2"),), True),
    _one("principal2", "彭海涛", Post.PRINCIPAL_LEADER, S2, DIRECTOR),
    _one("assistant2", "苏倩", Post.ASSISTANT, S2),
    Person("village2", "吕凤霞", _villages(S2, 1, 2, 5)),
    Person("village2-b", "田志强", _villages(S2, 3, 4)),
    # 示例三街道
    _one("handler3", "潘晓东", Post.HANDLER, S3, CLERK),
    _one("handler3-b", "魏玲", Post.HANDLER, S3, CLERK),
    _one("deputy3", "蒋文博", Post.DEPUTY_LEADER, S3, DEPUTY),
    _one("principal3", "余淑珍", Post.PRINCIPAL_LEADER, S3, DIRECTOR),
    Person("village3", "杜春梅", _villages(S3, 1, 2, 3, 4)),
    # 示例四街道
    _one("handler4", "叶青松", Post.HANDLER, S4, CLERK),
    _one("handler4-b", "石磊", Post.HANDLER, S4, CLERK),
    _one("deputy4", "钟慧", Post.DEPUTY_LEADER, S4, DEPUTY),
    _one("principal4", "任建军", Post.PRINCIPAL_LEADER, S4, DIRECTOR),
    Person("village4", "姚秀兰", _villages(S4, 1, 2, 3)),
    # 示例镇
    _one("handler5", "廖永强", Post.HANDLER, TOWN, CLERK),
    _one("handler5-b", "白雪", Post.HANDLER, TOWN, CLERK),
    _one("deputy5", "金志远", Post.DEPUTY_LEADER, TOWN, "副镇长"),
    _one("principal5", "孟祥瑞", Post.PRINCIPAL_LEADER, TOWN, "镇长"),
    Person("village5", "秦玉芬", _villages(TOWN, 1, 2, 3, 4)),
    Person("assistant3", "侯佳", (Held(Post.ASSISTANT, S3), Held(Post.ASSISTANT, S4), Held(Post.ASSISTANT, TOWN))),
    # 示例区
    _one("check", "沈思齐", Post.RECONCILIATION, DISTRICT, "核对员", shown=True),
    _one("officer", "方志远", Post.DISTRICT_OFFICER, DISTRICT, "社会救助科科员", shown=True),
    _one("supervisor", "罗建华", Post.DISTRICT_SUPERVISOR, DISTRICT, "社会救助中心主任", shown=True),
    _one("funds", "唐雪梅", Post.DISTRICT_FUNDS, DISTRICT, "财务科科员", shown=True),
    _one("visitor", "林晓", Post.VISITOR, "示例社会工作服务中心", "入户访员", shown=True),
    _one("discipline", "高正", Post.DISCIPLINE, "示例区纪检监察机关", shown=True),
    # above the districts, and the three administrators
    _one("city", "陆文", Post.CITY, "天津市民政局", "社会救助处处长", shown=True),
    _one("province", "姜海波", Post.PROVINCE, "吉林省民政厅", "社会救助处处长", shown=True),
    _one("sysadmin", "程立", Post.SYSTEM_ADMIN, OPERATOR, shown=True),
    _one("secadmin", "余安", Post.SECURITY_ADMIN, OPERATOR, shown=True),
    _one("auditadmin", "卫平", Post.AUDIT_ADMIN, OPERATOR, shown=True),
    # the other districts, each in the order of its own document; the Jilin one states none
    *_team("nankai", NK, NANKAI, ("冯雅", "单颖", "祝明辉", "房秀云", "薄春燕", "匡志强", "邵国平"), shown=False),
    *_team("yuquan", YQ, YUQUAN, ("乌兰", "高娃", "苏和", "巴特尔", "其其格", "斯琴", "云志刚"), shown=True),
    *_team("chengqu", CQ, CHENGQU, ("常晓琴", "申建平", "牛志刚", "司马青", "原秀梅", "成丽", "原军"), shown=True),
    _one("chengqu-officer", "赵书平", Post.DISTRICT_OFFICER, CHENGQU, "社会救助股股长", shown=True),
    _one("jilin-handler", "朴春花", Post.HANDLER, "229901001000", CLERK),
    _one("jilin-supervisor", "关铁成", Post.DISTRICT_SUPERVISOR, JILIN, "社会救助中心主任"),
)
"""In the order in which they are set up: who is deputised comes before who stands in. `shown`: first table of the start page."""


def _duties(street: str, suffix: str) -> tuple[Duty, ...]:
    return (
        Duty(street, ResponsibilityKind.FIRST, "示例：参照001 第四条(一)1，行政一把手", f"principal{suffix}"),
        Duty(street, ResponsibilityKind.DIRECT, "示例：参照001 第四条(一)1，分管领导", f"deputy{suffix}"),
        Duty(street, ResponsibilityKind.CONCRETE, "示例：参照001 第四条(一)1，社救办工作人员", f"handler{suffix}"),
        Duty(street, ResponsibilityKind.CONCRETE, "示例：参照001 第四条(一)1，社救办工作人员", f"handler{suffix}-b"),
        Duty(street, ResponsibilityKind.SUPERVISION, "示例：参照001 第七条，监督主体责任人"),
    )


def _frontline(office: str, role: Frontline, username: str) -> Duty:
    return Duty(office, ResponsibilityKind.FRONTLINE, "示例：参照004 六(一)，一线人员", username, role)


DUTIES: tuple[Duty, ...] = (
    *_duties(S1, ""),
    *_duties(S2, "2"),
    *_duties(S3, "3"),
    *_duties(S4, "4"),
    *_duties(TOWN, "5"),
    _frontline(S1, Frontline.VILLAGE_LEAD, "deputy"),
    _frontline(S1, Frontline.CIVIL_ASSISTANT, "assistant"),
    _frontline(S1, Frontline.DIBAO_MANAGER, "handler"),
    _frontline("120199001901", Frontline.VILLAGE_CADRE, "village"),
    _frontline("120199001903", Frontline.DIBAO_CLERK, "village-b"),
)
