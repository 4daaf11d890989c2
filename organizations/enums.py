"""Levels, posts, permissions: the terms of the field."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The four supervising levels and the supervised fifth (003 一, A-67)."""

    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    DISTRICT = "district", _("区县级")
    STREET = "street", _("乡镇（街道）")
    VILLAGE = "village", _("村（社区）")


class OfficeKind(models.TextChoices):
    GOVERNMENT = "government", _("民政部门")
    STREET = "street", _("乡镇人民政府（街道办事处）")
    VILLAGE = "village", _("村（居）民委员会")
    CHECK_CENTRE = "check_centre", _("家庭经济状况核对机构")
    SUPERVISING_UNIT = "supervising_unit", _("社会救助中心")
    DISCIPLINE = "discipline", _("纪检监察、审计机关")
    THIRD_PARTY = "third_party", _("第三方机构")
    OPERATOR = "operator", _("系统管理单位")


class Post(models.TextChoices):
    """The role codes of the system; one list for pages, API, matrix test and demonstration."""

    VILLAGE = "village", _("村居工作人员")
    ASSISTANT = "assistant", _("社会救助协理员")
    HANDLER = "handler", _("街道经办人员")
    DEPUTY_LEADER = "deputy_leader", _("分管领导")
    PRINCIPAL_LEADER = "principal_leader", _("主要领导")
    RECONCILIATION = "reconciliation", _("核对中心")
    DISTRICT_OFFICER = "district_officer", _("区级经办")
    DISTRICT_SUPERVISOR = "district_supervisor", _("区级监督负责人")
    DISTRICT_FUNDS = "district_funds", _("区级资金管理")
    CITY = "city", _("市级")
    PROVINCE = "province", _("省级")
    VISITOR = "visitor", _("第三方")
    DISCIPLINE = "discipline", _("纪检、审计")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("安全审计员")
    CLIENT = "client", _("其他系统")


class AppointmentKind(models.TextChoices):
    STANDING = "standing", _("任职")
    DEPUTISING = "deputising", _("代理")
    INSPECTION = "inspection", _("检查组")
    VISITOR = "visitor", _("第三方访员")


class ResponsibilityKind(models.TextChoices):
    """Who answers for a town/street or bureau (001 第四条(一)1, 第七条; 004 六(一))."""

    FIRST = "first", _("第一责任人")
    DIRECT = "direct", _("直接责任人")
    CONCRETE = "concrete", _("具体责任人")
    SUPERVISION = "supervision", _("监督主体责任人")
    FRONTLINE = "frontline", _("一线人员")


class Frontline(models.TextChoices):
    """Roles of those who carry out the work in villages (004 六(一))."""

    VILLAGE_LEAD = "village_lead", _("包村（社区）干部")
    CIVIL_ASSISTANT = "civil_assistant", _("民政助理员")
    DIBAO_MANAGER = "dibao_manager", _("低保管理员")
    VILLAGE_CADRE = "village_cadre", _("村（社区）干部")
    DIBAO_CLERK = "dibao_clerk", _("低保员")


class Permission(models.TextChoices):
    """What a post may do inside its areas; the codenames of guardian's rows."""

    VIEW_CASE = "view_case", _("查看个案")
    REGISTER_APPLICATION = "register_application", _("登记申请")
    ACCEPT_CASE = "accept_case", _("受理")
    SURVEY_CASE = "survey_case", _("入户调查")
    REQUEST_CHECK = "request_check", _("发起核对")
    ANSWER_CHECK = "answer_check", _("反馈核对报告")
    APPRAISE_CASE = "appraise_case", _("组织民主评议")
    REVIEW_CASE = "review_case", _("初审")
    PUBLISH_CASE = "publish_case", _("发布公示")
    POST_NOTICE = "post_notice", _("张贴公示并拍照")
    SIGN_CASE = "sign_case", _("签批")
    DECIDE_CASE = "decide_case", _("作出审核确认决定")
    FILE_RESULTS = "file_results", _("上报备案")
    RECEIVE_FILING = "receive_filing", _("签收备案")
    SERVE_NOTICE = "serve_notice", _("送达")
    REVEAL_PERSONAL = "reveal_personal", _("查看完整证件号码、账号、电话")
    VIEW_JOURNAL = "view_journal", _("查看留痕")
    RECORD_CHOICE = "record_choice", _("登记本地选择")
    MANAGE_CALENDAR = "manage_calendar", _("维护工作日历")
    BIND_PACK = "bind_pack", _("启用政策包")
    MANAGE_ORGANIZATION = "manage_organization", _("管理区划、机构、用户、任职")
    MANAGE_SECURITY = "manage_security", _("管理账号安全")
    EXCHANGE_APPLICATION = "exchange_application", _("对接申请（提交、补充、查询、撤回）")


class DelegatedProgramme(models.TextChoices):
    """The aid categories whose confirmation may be delegated to towns/streets (ORG-04); codes as in the policies'
    catalogue."""

    DIBAO = "DIBAO", _("最低生活保障")
    TEKUN = "TEKUN", _("特困人员救助供养")
    LOW_INCOME = "LOW_INCOME", _("低收入救助")
    EDGE = "EDGE", _("最低生活保障边缘家庭")
    TEMPORARY = "TEMPORARY", _("临时救助")


class Scope(models.TextChoices):
    """What another system may be given: a resource of the interfaces."""

    APPLICATIONS = "applications", _("申请：提交、补充材料、查询、撤回")
