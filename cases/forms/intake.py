"""The form of an application: what is said about the case, and four sets of rows (members, income, property, expense)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cases.enums import (
    CATEGORIES_OF_KIND,
    OWN_ROADS,
    Channel,
    Condition,
    ItemCategory,
    ItemKind,
    Programme,
    Relation,
    Sex,
    Work,
)
from cases.forms.typed import typed
from cases.models import Case, CaseMember, EconomicItem
from cases.services.intake import Application, ItemData, MemberData
from common import clock
from common.actors import Actor
from common.crypto import token, untoken
from common.errors import Invalid, Refusal
from common.formfields import BankCardField, DayField, IdNumberField, MoneyField, PhoneField, YesNoField
from common.ids import check_id_number, mask_account, mask_id, mask_phone

MOST_MEMBERS, MOST_ITEMS, OFFERED_MEMBERS = 20, 60, 12
A_MONTH = _("元/月")
CHOOSE = ("", _("请选择"))
SEALED = "cases.intake.kept"
Said = dict[str, Any]


class KeepsNumbers(forms.Form):
    """A form that is opened again with numbers in it does not show them: each stands sealed beside its masked form, and
    stays what it was unless another one is typed."""

    KEPT: dict[str, Callable[[str], str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, mask in self.KEPT.items():
            self.fields[kept(name)] = forms.CharField(widget=forms.HiddenInput, required=False)
            if number := self.kept_number(name):
                self.fields[name].required = False
                self.fields[name].help_text = _("已填 %(masked)s，不改就留空。") % {"masked": mask(number)}

    def kept_number(self, name: str) -> str:
        """The number that stands sealed in the form."""
        text = self.data.get(self.add_prefix(kept(name))) if self.is_bound else self.initial.get(kept(name))
        return untoken(text, SEALED) if text else ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in self.KEPT:
            if name in said and not said[name] and (number := self.kept_number(name)):
                try:
                    said[name] = self.fields[name].check_number(number)  # type: ignore[attr-defined]
                except Invalid as refusal:
                    self.add_error(name, refusal.message)
        return said


def kept(name: str) -> str:
    """The hidden field beside a number."""
    return f"{name}_kept"


def sealed(values: dict[str, Any], *names: str) -> dict[str, Any]:
    """Values of a form with the numbers of `names` sealed instead of shown."""
    given = [name for name in names if values.get(name)]
    return values | {kept(name): token(values[name], SEALED) for name in given} | dict.fromkeys(given, "")


CHANNELS = [(value, title) for value, title in Channel.choices if value not in OWN_ROADS]


class IntakeForm(KeepsNumbers):
    """What the application says about the case itself."""

    KEPT = {"phone": mask_phone, "account": mask_account}

    programme = forms.ChoiceField(label=_("救助类型"), choices=Programme.choices)
    village_code = forms.ChoiceField(label=_("居住的村（社区）"))
    channel = forms.ChoiceField(label=_("申请渠道"), choices=CHANNELS)
    applied_on = DayField(label=_("申请日期"))
    address = forms.CharField(label=_("居住地址"), max_length=120)
    phone = PhoneField(label=_("联系电话"))
    agent_name = forms.CharField(label=_("代办人"), max_length=60, required=False, help_text=_("村（居）代办的必填。"))
    agent_relation = forms.CharField(label=_("代办人身份"), max_length=60, required=False)
    account_holder = forms.CharField(label=_("领款账户户名"), max_length=60, required=False)
    account_bank = forms.CharField(label=_("开户银行"), max_length=60, required=False)
    account = BankCardField(label=_("银行账号"), required=False)
    difficulty = forms.CharField(
        label=_("困难情况说明"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明生活困难的原因和现状。可以先登记，提交申请前必须写好。"),
    )  # fmt: skip
    kin_declared = YesNoField(label=_("是否与本单位经办人员、村（居）干部有近亲属关系"))
    kin_detail = forms.CharField(
        label=_("近亲属的姓名、单位和关系"),
        max_length=200,
        required=False,
        help_text=_("选“是”的必填，由区民政局备案。"),
    )
    rights_told = forms.BooleanField(label=_("已当面告知申请人的权利、义务和举证要求"), required=False)

    def __init__(self, *args: Any, villages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village_code"].choices = [CHOOSE, *villages]  # type: ignore[attr-defined]


class MemberForm(KeepsNumbers):
    """One member. Birth date and sex are shown as the number gives them; what is kept comes from the number."""

    KEPT = {"id_number": mask_id}

    name = forms.CharField(label=_("姓名"), max_length=60)
    relation = forms.ChoiceField(label=_("与申请人关系"), choices=[CHOOSE, *Relation.choices])
    id_number = IdNumberField(label=_("身份证号码"))
    birth = DayField(label=_("出生日期"), required=False)
    sex = forms.ChoiceField(label=_("性别"), choices=[("", "—"), *Sex.choices], required=False)
    work = forms.ChoiceField(label=_("就业状况"), choices=[CHOOSE, *Work.choices])
    condition = forms.ChoiceField(label=_("特殊情况"), choices=Condition.choices, initial=Condition.NONE)
    counts = forms.BooleanField(label=_("计入保障人口"), required=False, initial=True)
    has_capacity = forms.BooleanField(label=_("有民事行为能力"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        """Birth date and sex, where somebody typed them, agree with the number."""
        said = super().clean()
        if number := said.get("id_number"):
            identity = check_id_number(number)
            for name, value in (("birth", identity.birth), ("sex", identity.sex)):
                if said.get(name) not in {"", None, value}:
                    self.add_error(name, _("与身份证号码不一致。请对照证件核对号码。"))
        return said


class ItemForm(forms.Form):
    """One line of income, property or expense, of one member or of the whole household."""

    category = forms.ChoiceField(label=_("项目"))
    amount = MoneyField(label=_("金额"))
    member = forms.ChoiceField(label=_("属于谁"), required=False)
    note = forms.CharField(label=_("说明"), max_length=120, required=False)

    def __init__(
        self, *args: Any, kind: str, people: list[tuple[str, str]], words: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        """`words`: what the categories are called instead of their terms; those without a word are not offered."""
        super().__init__(*args, **kwargs)
        terms: dict[str, Any] = words or dict(ItemCategory.choices)
        categories = [(code, terms[code]) for code in CATEGORIES_OF_KIND[kind] if code in terms]
        self.fields["category"].choices = [CHOOSE, *categories]  # type: ignore[attr-defined]
        self.fields["member"].choices = [("", _("全家")), *people]  # type: ignore[attr-defined]
        if kind != ItemKind.PROPERTY:
            self.fields["amount"].unit = A_MONTH  # type: ignore[attr-defined]


class Rows(forms.BaseFormSet):
    """Rows that may all be left empty beyond the required ones: what is shown at first is an offer, not a stored row."""

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        if self.is_bound:
            return super().total_form_count()
        return min(max(len(self.initial or []) + self.extra, self.min_num), self.max_num)

    def filled(self) -> list[tuple[int, dict[str, Any]]]:
        """The rows that were filled in, with their positions."""
        return [(place, form.cleaned_data) for place, form in enumerate(self.forms) if form.has_changed()]


MemberRows = forms.formset_factory(
    MemberForm, formset=Rows, extra=0, min_num=1, validate_min=True, max_num=MOST_MEMBERS, validate_max=True
)
ItemRows = forms.formset_factory(ItemForm, formset=Rows, extra=0, max_num=MOST_ITEMS, validate_max=True)
ITEM_PREFIXES = {ItemKind.INCOME: "income", ItemKind.PROPERTY: "property", ItemKind.EXPENSE: "expense"}
PREFIXES = ("members", *ITEM_PREFIXES.values())


@dataclass(frozen=True)
class Shape:
    """By which forms an application is asked: officials and residents are asked in different words. `words`: those for income,
    property and expenses; `without`: the fields of `form` that are known already."""

    form: Callable[..., forms.Form] = IntakeForm
    members: type[forms.BaseFormSet] = MemberRows
    words: dict[str, Any] | None = None
    without: tuple[str, ...] = ()

    def about(self, kind: str, names: dict[str, str]) -> dict[str, Any]:
        """What a form of an item is told: its kind, whom it may belong to, in which words."""
        return {"kind": kind, "people": people(names), "words": self.words}


WINDOW = Shape()


@dataclass
class Intake:
    """The whole form: `form` and the four sets of rows."""

    form: forms.Form
    members: Any
    items: dict[str, Any] = field(default_factory=dict)

    @property
    def all(self) -> list[Any]:
        return [self.form, self.members, *self.items.values()]

    def application(self, case: Case | None = None, **known: Any) -> Application:
        """What was typed, for the service; an amended case keeps its programme and village. `known`: what the form did not
        ask."""
        values = {
            name: said for name, said in self.form.cleaned_data.items() if name in Application.__dataclass_fields__
        }
        if case is not None:
            values = {"channel": case.channel} | values | {"programme": case.programme, "village_code": case.area_code}
        people = self.members.filled()
        places = {str(place): number for number, (place, _row) in enumerate(people)}
        return Application(
            **(values | known),
            members=[_member(row) for _place, row in people],
            items=[_item(kind, row, places) for kind, rows in self.items.items() for _place, row in rows.filled()],
        )

    def refuse(self, refusal: Refusal) -> bool:
        """Put a refusal that concerns rows beside those rows; False for any other."""
        if refusal.field == "members":
            self.members.non_form_errors().append(refusal.message)
            return True
        return False


def _member(row: dict[str, Any]) -> MemberData:
    return MemberData(**{name: row[name] for name in MemberData.__dataclass_fields__ if name in row})


def _item(kind: str, row: dict[str, Any], places: dict[str, int]) -> ItemData:
    return ItemData(
        kind=kind, category=row["category"], amount=row["amount"], member=places.get(row["member"]), note=row["note"]
    )


def sent(data: QueryDict, villages: list[tuple[str, str]], case: Case | None = None, shape: Shape = WINDOW) -> Intake:
    """The form as it was sent, to be checked."""
    names = {str(place): data.get(f"members-{place}-name", "") for place in range(OFFERED_MEMBERS)}
    return Intake(
        form=_narrowed(shape.form(data, villages=villages), case, shape),
        members=shape.members(data, prefix="members"),
        items={
            kind: ItemRows(data, prefix=prefix, form_kwargs=shape.about(kind, names))
            for kind, prefix in ITEM_PREFIXES.items()
        },
    )


def of_draft(
    data: QueryDict, villages: list[tuple[str, str]], case: Case | None = None, shape: Shape = WINDOW
) -> Intake:
    """The form as it was left, its numbers sealed."""
    said, rows = _typed(data, villages, case, shape)
    rows["members"] = [sealed(row, *MemberForm.KEPT) for row in rows["members"]]
    return shown(sealed(said, *IntakeForm.KEPT), rows, villages, case, shape=shape)


def as_typed(
    data: QueryDict, villages: list[tuple[str, str]], case: Case | None = None, shape: Shape = WINDOW
) -> Intake:
    """The form that asked for one more row, as it was typed, nothing checked."""
    return shown(*_typed(data, villages, case, shape), villages, case, asked_for(data), shape=shape)


def _typed(
    data: QueryDict, villages: list[tuple[str, str]], case: Case | None, shape: Shape
) -> tuple[Said, dict[str, list[Said]]]:
    bare = sent(data, villages, case, shape)
    rows = {rows.prefix: [typed(form, data) for form in rows.forms] for rows in (bare.members, *bare.items.values())}
    return typed(bare.form, data), rows


def asked_for(data: QueryDict) -> str:
    """Which rows the button without script asked one more of."""
    return next((prefix for prefix in PREFIXES if f"add_{prefix}" in data), "")


def empty(villages: list[tuple[str, str]], agent: Actor | None = None) -> Intake:
    """A new form: one member who is the applicant, one line to fill of each kind; `agent`: who files on the household's behalf."""
    initial = {"applied_on": clock.today(), "village_code": villages[0][0] if len(villages) == 1 else ""}
    if agent:
        initial |= {"channel": Channel.VILLAGE, "agent_name": agent.name, "agent_relation": agent.post_title}
    rows: dict[str, list[dict[str, Any]]] = {"members": [{"relation": Relation.SELF}]}
    return shown(initial, rows, villages, None, *ITEM_PREFIXES.values())


def of_case(case: Case, members: list[CaseMember], items: dict[str, list[EconomicItem]]) -> Intake:
    """The form with what a case says now."""
    said = [name for name in IntakeForm.base_fields if name not in {"village_code", "programme"}]
    places = {member.pk: str(place) for place, member in enumerate(members)}
    rows: dict[str, list[dict[str, Any]]] = {
        "members": [
            sealed({name: getattr(member, name) for name in MemberForm.base_fields}, *MemberForm.KEPT)
            for member in members
        ]
    }
    for kind, prefix in ITEM_PREFIXES.items():
        rows[prefix] = [
            {
                "category": one.category,
                "amount": one.declared,
                "member": places.get(one.member_id or 0, ""),
                "note": one.note,
            }
            for one in items[kind]
        ]
    return shown(sealed({name: getattr(case, name) for name in said}, *IntakeForm.KEPT), rows, [], case)


def shown(
    initial: dict[str, Any], rows: dict[str, list[dict[str, Any]]], villages: list[tuple[str, str]],
    case: Case | None = None, *grow: str, shape: Shape = WINDOW,
) -> Intake:  # fmt: skip
    """The form with these values and rows; of the rows named in `grow` one more to fill."""
    names = {str(place): str(row.get("name", "")) for place, row in enumerate(rows.get("members", []))}
    intake = Intake(
        form=_narrowed(shape.form(initial=initial, villages=villages), case, shape),
        members=shape.members(prefix="members", initial=rows.get("members", [])),
    )
    for kind, prefix in ITEM_PREFIXES.items():
        initial_rows = rows.get(prefix, [])
        intake.items[kind] = ItemRows(prefix=prefix, initial=initial_rows, form_kwargs=shape.about(kind, names))
    for each in (intake.members, *intake.items.values()):
        each.extra = 1 if each.prefix in grow else 0
    return intake


def _narrowed(form: forms.Form, case: Case | None, shape: Shape) -> forms.Form:
    """An application keeps its programme and its village, and the road by which it came in by itself."""
    for name in shape.without:
        del form.fields[name]
    if case is not None:
        del form.fields["programme"], form.fields["village_code"]
        if case.channel in OWN_ROADS:
            del form.fields["channel"]
    return form


def people(names: dict[str, str]) -> list[tuple[str, str]]:
    """Whom a line may belong to, by the member's place; with the name as far as it is known."""
    return [
        (str(place), _("成员 %(n)d　%(name)s") % {"n": place + 1, "name": names.get(str(place), "")})
        for place in range(OFFERED_MEMBERS)
    ]


class ReasonForm(forms.Form):
    """An act that needs its reason."""

    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class AcceptanceRefusalForm(forms.Form):
    """Refusing acceptance: a legal reason and its basis."""

    reason = forms.CharField(
        label=_("不予受理的理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("无正当理由，不得拒绝受理。材料不齐不是理由，请出一次性告知书。"),
    )  # fmt: skip
    basis = forms.CharField(label=_("依据的文件和条款"), max_length=200)
