"""Programmes, steps, outcomes and what is declared, with the terms of the documents."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Programme(models.TextChoices):
    """救助类型 (POL-15). A programme can be applied for where a pack gives its stages."""

    DIBAO = "DIBAO", _("最低生活保障")


class Step(models.TextChoices):
    """环节: the meaning of a step is code, its order is data of the pack."""

    INTAKE = "INTAKE", _("申请")
    ACCEPTANCE = "ACCEPTANCE", _("受理")
    SURVEY = "SURVEY", _("入户调查")
    ECONOMIC_CHECK = "ECONOMIC_CHECK", _("经济核对")
    APPRAISAL = "APPRAISAL", _("民主评议")
    INITIAL_REVIEW = "INITIAL_REVIEW", _("初审")
    PUBLICITY = "PUBLICITY", _("公示")
    SIGN_OFF = "SIGN_OFF", _("签批")
    DECISION = "DECISION", _("审核确认")
    FILING = "FILING", _("区级备案")
    DELIVERY = "DELIVERY", _("送达")
    PAYMENT_START = "PAYMENT_START", _("起发")


class Outcome(models.TextChoices):
    """How a case ends; then its status is the outcome."""

    CONFIRMED = "CONFIRMED", _("已确认，在享")
    DENIED = "DENIED", _("不予确认")
    WITHDRAWN = "WITHDRAWN", _("申请人撤回")
    TERMINATED = "TERMINATED", _("终止")
    NOT_ACCEPTED = "NOT_ACCEPTED", _("不予受理")


class Channel(models.TextChoices):
    """The road by which an application came (INT-11)."""

    WINDOW = "window", _("街道窗口")
    VILLAGE = "village", _("村（居）代办")
    ONLINE = "online", _("网上申请")
    SYSTEM = "system", _("其他政务系统")
    TELEPHONE = "telephone", _("电话")
    LETTER = "letter", _("来信")
    HOTLINE = "12345", _("12345热线")
    JINXINBAN = "jinxinban", _("津心办")
    JINZHITONG = "jinzhitong", _("津治通APP")
    DIRECT = "zhitongche", _("天津社会救助“直通车”")
    EMERGENCY = "jiujinan", _("“救急难”平台")


OWN_ROADS = (Channel.ONLINE, Channel.SYSTEM)
"""Channels that the system knows by itself, because the application came in through it; nobody chooses them."""


class Relation(models.TextChoices):
    """Relation to the applicant."""

    SELF = "self", _("本人")
    SPOUSE = "spouse", _("配偶")
    CHILD = "child", _("子女")
    PARENT = "parent", _("父母")
    GRANDCHILD = "grandchild", _("孙子女、外孙子女")
    GRANDPARENT = "grandparent", _("祖父母、外祖父母")
    SIBLING = "sibling", _("兄弟姐妹")
    OTHER = "other", _("其他共同生活人员")


class Sex(models.TextChoices):
    MALE = "M", _("男")
    FEMALE = "F", _("女")


class Condition(models.TextChoices):
    """What may raise the help a member needs (national-baseline 2.5, 分类施保)."""

    NONE = "none", _("无")
    SEVERELY_DISABLED = "severely_disabled", _("重度残疾")
    SEVERELY_ILL = "severely_ill", _("重病")
    DISABLED = "disabled", _("一般残疾")
    CHRONICALLY_ILL = "chronically_ill", _("慢性病")


class Work(models.TextChoices):
    EMPLOYED = "employed", _("就业")
    FLEXIBLE = "flexible", _("灵活就业")
    UNEMPLOYED = "unemployed", _("未就业")
    STUDENT = "student", _("在校")
    RETIRED = "retired", _("退休")
    UNABLE = "unable", _("无劳动能力")


class ItemKind(models.TextChoices):
    INCOME = "income", _("收入")
    PROPERTY = "property", _("财产")
    EXPENSE = "expense", _("支出")


class ItemCategory(models.TextChoices):
    """Kinds of income, property and expense (national-baseline 2.3)."""

    WAGE = "wage", _("工资性收入")
    BUSINESS = "business", _("经营净收入")
    PROPERTY_INCOME = "property_income", _("财产净收入")
    TRANSFER = "transfer", _("转移净收入")
    SUPPORT = "support", _("赡养、抚养、扶养费")
    EXCLUDED = "excluded", _("依规定不计入的收入")
    DEPOSIT = "deposit", _("存款、现金")
    SECURITIES = "securities", _("有价证券、基金、保险")
    VEHICLE = "vehicle", _("机动车辆")
    HOUSE = "house", _("房产")
    MEDICAL = "medical", _("医疗支出")
    EDUCATION = "education", _("教育支出")
    CARE = "care", _("照料、康复支出")
    HOUSING = "housing", _("住房支出")
    OTHER = "other", _("其他")


CATEGORIES_OF_KIND: dict[str, tuple[str, ...]] = {
    ItemKind.INCOME: ("wage", "business", "property_income", "transfer", "support", "excluded", "other"),
    ItemKind.PROPERTY: ("deposit", "securities", "vehicle", "house", "other"),
    ItemKind.EXPENSE: ("medical", "education", "care", "housing", "other"),
}


class OnlineStatus(models.TextChoices):
    """Where an online application stands before it is a case."""

    WAITING = "waiting", _("待登记")
    REGISTERED = "registered", _("已登记")
    RETURNED = "returned", _("已退回")


class MaterialState(models.TextChoices):
    WANTED = "wanted", _("待提交")
    RECEIVED = "received", _("已收")
    BY_DATA = "by_data", _("数据核验取得")


class Signer(models.TextChoices):
    """Who signed for the household (SUR-08) or gave the authorization."""

    APPLICANT = "applicant", _("申请人")
    MEMBER = "member", _("家庭成员")
    GUARDIAN = "guardian", _("监护人")


class Opinion(models.TextChoices):
    GRANT = "grant", _("符合条件，拟给予救助")
    REFUSE = "refuse", _("不符合条件，拟不予确认")


class AppraiserRole(models.TextChoices):
    """Who sits in the appraisal group (评议小组)."""

    RESIDENT = "resident", _("村（居）民代表")
    CADRE = "cadre", _("村（居）委会成员")
    PARTY_MEMBER = "party_member", _("党员代表")
    OTHER = "other", _("其他熟悉情况的人员")


class Vote(models.TextChoices):
    AGREE = "agree", _("同意")
    DISAGREE = "disagree", _("不同意")
    ABSTAIN = "abstain", _("弃权")


class Distance(models.TextChoices):
    NEAR = "near", _("近景")
    FAR = "far", _("远景")


class Method(models.TextChoices):
    """How a notice was served."""

    IN_PERSON = "in_person", _("直接送达")
    LEFT = "left", _("留置送达")
    POST = "post", _("邮寄送达")
    AGENT = "agent", _("委托代收")


class ExcuseKind(models.TextChoices):
    """Why a limit was missed (001 第二十条)."""

    CHECK_CENTRE = "check_centre", _("核对机构未反馈")
    APPLICANT = "applicant", _("申请人原因")
    FORCE_MAJEURE = "force_majeure", _("不可抗力")
    OTHER = "other", _("其他原因")


class BenefitStatus(models.TextChoices):
    ACTIVE = "ACTIVE", _("在享")
    SUSPENDED = "SUSPENDED", _("暂停")
    STOPPED = "STOPPED", _("停止")
