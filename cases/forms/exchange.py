"""What other systems send and get, as the schema describes it. Shapes alone: what holds together is asked by the services."""

from typing import Any

from rest_framework import serializers

from cases.enums import (
    Condition,
    ItemCategory,
    ItemKind,
    MaterialState,
    Outcome,
    Programme,
    Relation,
    Step,
    Work,
)
from cases.services.intake import Application, ItemData, MemberData


class Text(serializers.CharField):
    """A text of one or more signs, without control characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"trim_whitespace": True, **kwargs})


class MemberShape(serializers.Serializer):
    name = Text(max_length=60, help_text="姓名")
    relation = serializers.ChoiceField(
        choices=Relation.choices, help_text="与申请人的关系；第一位成员必须是本人（self）"
    )
    id_number = Text(max_length=18, help_text="居民身份证号码，18位，校验位必须正确")
    work = serializers.ChoiceField(choices=Work.choices, help_text="就业状况")
    condition = serializers.ChoiceField(choices=Condition.choices, default=Condition.NONE, help_text="特殊情况")
    counts = serializers.BooleanField(default=True, help_text="是否计入保障人口")
    has_capacity = serializers.BooleanField(default=True, help_text="是否有民事行为能力")


class ItemShape(serializers.Serializer):
    kind = serializers.ChoiceField(choices=ItemKind.choices, help_text="收入、财产或支出")
    category = serializers.ChoiceField(choices=ItemCategory.choices, help_text="项目，须属于 kind")
    amount = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, help_text="金额（元；收入、支出为每月），十进制字符串，如 1450.00"
    )
    member = serializers.IntegerField(
        min_value=0, max_value=49, required=False, allow_null=True, default=None,
        help_text="属于哪位成员：在 members 里的位置，从0起；空为全家",
    )  # fmt: skip
    note = Text(max_length=120, required=False, allow_blank=True, default="", help_text="说明")


class ApplicationShape(serializers.Serializer):
    """An application as another system hands it in."""

    reference = Text(max_length=64, help_text="贵方系统的业务编号，每件申请一个，不能重复")
    programme = serializers.ChoiceField(choices=Programme.choices, help_text="救助类型")
    village_code = serializers.RegexField(r"^[0-9]{12}$", help_text="申请人居住的村（社区），12位统计用区划代码")
    applied_on = serializers.DateField(help_text="申请日期，不晚于今天")
    address = Text(max_length=120, help_text="居住地址")
    phone = Text(max_length=20, help_text="联系电话")
    account = Text(max_length=30, required=False, allow_blank=True, default="", help_text="领款账号，可以不填")
    account_holder = Text(max_length=60, required=False, allow_blank=True, default="", help_text="账户户名")
    account_bank = Text(max_length=60, required=False, allow_blank=True, default="", help_text="开户银行")
    difficulty = Text(max_length=2000, help_text="困难情况说明")
    kin_declared = serializers.BooleanField(help_text="申请人是否申报与经办人员、村（居）干部有近亲属关系（必答）")
    kin_detail = Text(
        max_length=200, required=False, allow_blank=True, default="", help_text="近亲属的姓名、单位和关系"
    )
    rights_told = serializers.BooleanField(help_text="是否已向申请人告知权利、义务和举证要求；必须为 true 才能提交")
    agent_name = Text(max_length=60, required=False, allow_blank=True, default="", help_text="代办人")
    agent_relation = Text(max_length=60, required=False, allow_blank=True, default="", help_text="代办人身份")
    members = MemberShape(  # type: ignore[call-arg]
        many=True, min_length=1, max_length=50, help_text="全部家庭成员，第一位是申请人"
    )
    items = ItemShape(  # type: ignore[call-arg]
        many=True, required=False, default=list, max_length=200, help_text="申报的收入、财产和支出"
    )

    def application(self) -> Application:
        """What was sent, for the service. The channel is the service's own."""
        said = {name: value for name, value in self.validated_data.items() if name != "reference"}
        return Application(
            **said | {
                "channel": "",
                "members": [MemberData(**one) for one in said["members"]],
                "items": [ItemData(**one) for one in said["items"]],
            }
        )  # fmt: skip


class MaterialUpload(serializers.Serializer):
    """A file for an item of the checklist (multipart)."""

    code = Text(max_length=40, help_text="材料代码，取自查询返回的 materials")
    file = serializers.FileField(help_text="照片（JPEG、PNG、WebP）或 PDF，20MB 以内")
    reason = Text(max_length=120, required=False, allow_blank=True, default="", help_text="更换原因；已有一份时必填")


class Withdrawal(serializers.Serializer):
    reason = Text(max_length=500, help_text="申请人撤回的原因")


# --- Answers --------------------------------------------------------------------------------------------------------------


class OpenStage(serializers.Serializer):
    key = serializers.CharField(help_text="环节在本地程序里的键")
    step = serializers.ChoiceField(choices=Step.choices, help_text="环节")
    title = serializers.CharField(help_text="环节名称")
    opened_at = serializers.DateTimeField(help_text="开始时间")


class MaterialLine(serializers.Serializer):
    code = serializers.CharField(help_text="材料代码")
    title = serializers.CharField(help_text="材料名称")
    required = serializers.BooleanField(help_text="是否必须")  # type: ignore[assignment]
    obtainable = serializers.BooleanField(help_text="是否可由政务数据取得")
    state = serializers.ChoiceField(choices=MaterialState.choices, help_text="状态")
    files = serializers.IntegerField(help_text="已收的份数")


class ApplicationStatus(serializers.Serializer):
    """How far an application is."""

    number = serializers.CharField(help_text="案号")
    reference = serializers.CharField(help_text="贵方系统的业务编号")
    programme = serializers.ChoiceField(choices=Programme.choices)
    village_code = serializers.CharField()
    office = serializers.CharField(help_text="办理单位")
    office_phone = serializers.CharField(help_text="办理单位电话", allow_blank=True)
    applied_on = serializers.DateField()
    submitted_at = serializers.DateTimeField()
    accepted_on = serializers.DateField(allow_null=True, help_text="受理日期；未受理为空")
    closed_on = serializers.DateField(allow_null=True, help_text="办结日期；未办结为空")
    stages = OpenStage(many=True, help_text="正在办的环节，可能同时有几个；办结后为空")
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_null=True, help_text="结果；未办结为空")
    outcome_title = serializers.CharField(allow_blank=True, help_text="结果的名称")
    materials = MaterialLine(many=True, help_text="材料清单")
    version = serializers.IntegerField(help_text="版本，与 ETag 相同")


class Receipt(serializers.Serializer):
    """The receipt, given once with the application: for the applicant's own eyes."""

    number = serializers.CharField(help_text="回执编号")
    query_code = serializers.CharField(help_text="查询码：凭它和身份证号码后四位查进度")
    draw_code = serializers.CharField(help_text="抽签码：凭它核对是否被抽查")


class SubmittedApplication(ApplicationStatus):
    receipt = Receipt(help_text="申请回执，请交给申请人")


class ApplicationLine(serializers.Serializer):
    """A line of the list."""

    number = serializers.CharField()
    reference = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_null=True)
    url = serializers.URLField()


class ApplicationPage(serializers.Serializer):
    next = serializers.URLField(allow_null=True, help_text="下一页；没有为空")
    previous = serializers.URLField(allow_null=True, help_text="上一页；没有为空")
    results = ApplicationLine(many=True)
