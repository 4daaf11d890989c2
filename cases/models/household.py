"""What a household declares in a case: its members, income, property and expenses."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.enums import Condition, ItemCategory, ItemKind, Relation, Sex, Work
from cases.models.case import Case, HouseholdMember
from common.crypto import BlindIndexField, EncryptedTextField
from common.scoping import ScopedModel


class CaseMember(ScopedModel):
    """A member as declared in one case, with what matters for its calculation (SUR-05). `counts` says whether the person belongs
    to the household in the sense of the rules and is to be supported. While the case is open nobody stands in a second open
    case of the programme (INT-16; constraint)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    membership = models.ForeignKey(HouseholdMember, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    relation = models.CharField(_("与申请人关系"), max_length=20, choices=Relation.choices)
    id_number = EncryptedTextField()
    id_number_index = BlindIndexField(source="id_number")
    id_number_tail = BlindIndexField(source="id_number", last=4)
    birth = models.DateField(_("出生日期"))
    sex = models.CharField(_("性别"), max_length=1, choices=Sex.choices)
    work = models.CharField(_("就业状况"), max_length=20, choices=Work.choices)
    condition = models.CharField(_("特殊情况"), max_length=20, choices=Condition.choices, default=Condition.NONE)
    counts = models.BooleanField(_("计入保障人口"), default=True)
    has_capacity = models.BooleanField(_("有民事行为能力"), default=True)
    programme = models.CharField(max_length=20)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "id_number_index"], condition=Q(is_open=True), name="cases_one_open_case_a_person"
            ),
        ]


def disagree(declared: object, surveyed: object, checked: object) -> bool:
    """Whether survey and check say anything else than the household declared; what they found and nobody declared is a
    difference too (CHK-15)."""
    found = {surveyed, checked} - {None}
    return bool(found) and found != {declared}


class EconomicItem(ScopedModel):
    """One line of income, property or expense: what was declared, what the survey saw, what the check found, and what counts,
    with the explanation of a difference (SUR-05, SUR-12, CHK-15). Income and expense in yuan a month, property in yuan."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="items")
    member = models.ForeignKey(CaseMember, on_delete=models.PROTECT, null=True, related_name="items")
    kind = models.CharField(_("类别"), max_length=10, choices=ItemKind.choices)
    category = models.CharField(_("项目"), max_length=20, choices=ItemCategory.choices)
    note = models.CharField(_("说明"), max_length=120, blank=True)
    declared = models.DecimalField(_("申报"), max_digits=12, decimal_places=2, null=True)
    surveyed = models.DecimalField(_("调查"), max_digits=12, decimal_places=2, null=True)
    checked = models.DecimalField(_("核对"), max_digits=12, decimal_places=2, null=True)
    counted = models.DecimalField(_("认定"), max_digits=12, decimal_places=2, null=True)
    explanation = models.CharField(_("差异说明"), max_length=200, blank=True)

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(declared__isnull=False) | Q(surveyed__isnull=False) | Q(checked__isnull=False),
                name="cases_item_has_figure",
            )
        ]

    @property
    def disagrees(self) -> bool:
        """Whether declaration, survey and check are at odds."""
        return disagree(self.declared, self.surveyed, self.checked)

    @property
    def unsettled(self) -> bool:
        """At odds, and nobody has said yet what counts."""
        return self.disagrees and self.counted is None

    @property
    def figure(self):  # type: ignore[no-untyped-def]
        """The figure that counts: as decided by the handler, else as checked, else as surveyed, else as declared."""
        for value in (self.counted, self.checked, self.surveyed):
            if value is not None:
                return value
        return self.declared
