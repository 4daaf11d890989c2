"""The form of a local choice: each kind of parameter has a shape – its fields, what they begin with, and how they are
read."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.formfields import ChoiceButtons, DayField, MoneyField, YesNoField, half_width
from policies import packfiles, values
from policies.catalogue import Definition
from policies.values import UNITS
from policies.wording import CYCLES, EVENTS, ROUNDINGS, STARTS, describe
from policies.wording import UNITS as UNIT_NAMES

Fields = dict[str, forms.Field]
MARK = "｜"
ROUND_UNITS = ("0.01", "0.1", "1", "10")


class Shape:
    """One field called `value`."""

    def __init__(self, definition: Definition, stated: Any = None) -> None:
        """`stated` is the document's value where the choice refines one."""
        self.definition, self.stated, self.title = definition, stated, definition.title

    def fields(self) -> Fields:
        return {"value": forms.CharField(label=self.title, max_length=200)}

    def begin(self, written: Any) -> dict[str, Any]:
        """What the fields begin with, from a written value."""
        return {"value": written}

    def read(self, data: dict[str, Any]) -> Any:
        """The written value from the cleaned fields."""
        return data["value"]


class YesNo(Shape):
    def fields(self) -> Fields:
        return {"value": YesNoField(label=self.title)}


class Whole(Shape):
    def fields(self) -> Fields:
        most = 31 if self.definition.kind == "day_of_month" else 1_000_000
        return {
            "value": forms.IntegerField(label=self.title, min_value=0, max_value=most, help_text=self.definition.unit)
        }


class Ratio(Shape):
    def fields(self) -> Fields:
        return {"value": ratio_field(self.title)}

    def begin(self, written: Any) -> dict[str, Any]:
        return {"value": in_percent(written)}

    def read(self, data: dict[str, Any]) -> Any:
        return half_width(data["value"])


class Money(Shape):
    def fields(self) -> Fields:
        return {"value": MoneyField(label=self.title, unit=self.definition.unit)}

    def read(self, data: dict[str, Any]) -> Any:
        return str(data["value"])


class Day(Shape):
    def fields(self) -> Fields:
        return {"value": DayField(label=self.title)}

    def read(self, data: dict[str, Any]) -> Any:
        return data["value"].isoformat()


class Choice(Shape):
    def fields(self) -> Fields:
        options = [pair for pair in self.definition.options.items() if pair[0] not in self.definition.open_values]
        return {"value": ChoiceButtons(label=self.title, choices=options)}


class ChoiceList(Shape):
    def fields(self) -> Fields:
        widget = forms.CheckboxSelectMultiple
        options = list(self.definition.options.items())
        return {"value": forms.MultipleChoiceField(label=self.title, choices=options, widget=widget)}

    def read(self, data: dict[str, Any]) -> Any:
        return list(data["value"])


class Ordered(Shape):
    """Up to three posts one after the other."""

    def fields(self) -> Fields:
        options = [("", _("没有")), *self.definition.options.items()]
        places = [_("第一签批人"), _("第二签批人"), _("第三签批人")]
        return {
            f"value{n}": forms.ChoiceField(label=place, required=n == 0, choices=options)
            for n, place in enumerate(places)
        }

    def begin(self, written: Any) -> dict[str, Any]:
        return {f"value{n}": post for n, post in enumerate(written)}

    def read(self, data: dict[str, Any]) -> Any:
        return [data[f"value{n}"] for n in range(3) if data[f"value{n}"]]


class Lines(Shape):
    """One item a line."""

    hint = gettext_lazy("每行一项。")
    required = True

    def fields(self) -> Fields:
        area = forms.Textarea(attrs={"rows": 8})
        return {
            "value": forms.CharField(
                label=self.title, required=self.required, max_length=5000, widget=area, help_text=self.hint
            )
        }

    def begin(self, written: Any) -> dict[str, Any]:
        return {"value": "\n".join(written)}

    def read(self, data: dict[str, Any]) -> Any:
        return lines_of(data["value"])


class Pairs(Lines):
    """One `name=content` a line."""

    hint = gettext_lazy("每行一项，写作：名称=内容。")

    def begin(self, written: Any) -> dict[str, Any]:
        pairs = written["items"] if self.definition.kind == "scores" else written
        texts = ("、".join(part) if isinstance(part, list) else part for part in pairs.values())
        return {"value": "\n".join(f"{name}={text}" for name, text in zip(pairs, texts, strict=True))}

    def read(self, data: dict[str, Any]) -> Any:
        split = (line.replace("＝", "=").partition("=") for line in lines_of(data["value"]))
        pairs = {name.strip(): part.strip() for name, _mark, part in split}
        return {"items": pairs} if self.definition.kind == "scores" else pairs


class Table(Lines):
    """One row a line, cells divided by a mark, in the order of the columns; nothing means an empty table."""

    required = False

    @property
    def hint(self) -> str:  # type: ignore[override]
        columns = MARK.join(self.definition.columns.values())
        return _("每行一条，各栏用“%(mark)s”隔开，依次是：%(columns)s。没有就留空。") % {
            "mark": MARK,
            "columns": columns,
        }

    def begin(self, written: Any) -> dict[str, Any]:
        words = {True: "是", False: "否"}
        rows = ([row.get(name, "") for name in self.definition.columns] for row in written)
        return {"value": "\n".join(MARK.join(words[c] if isinstance(c, bool) else str(c) for c in row) for row in rows)}

    def read(self, data: dict[str, Any]) -> Any:
        words: dict[str, Any] = {"是": True, "否": False}
        rows = []
        for line in lines_of(data["value"]):
            cells = [part.strip() for part in line.replace("|", MARK).split(MARK)]
            pairs = zip(self.definition.columns, cells, strict=True)
            rows.append({name: words.get(part, part) for name, part in pairs})
        return rows


class LimitShape(Shape):
    def fields(self) -> Fields:
        return {
            "n": forms.IntegerField(label=self.title, min_value=0, max_value=3650),
            "unit": ChoiceButtons(label=_("计算单位"), choices=[(unit, UNIT_NAMES[unit]) for unit in UNITS]),
            "start": forms.ChoiceField(label=_("从什么时候起算"), choices=list(EVENTS.items())),
            "grace": forms.BooleanField(label=_("末日遇休息日，过了下一个工作日才标记超期"), required=False),
            "excludes": forms.BooleanField(label=_("不含公示期"), required=False),
        }

    def begin(self, written: Any) -> dict[str, Any]:
        return {**written, "excludes": "publicity" in written["excludes"]}

    def read(self, data: dict[str, Any]) -> Any:
        return {**data, "excludes": ["publicity"] if data["excludes"] else []}


class CycleShape(Shape):
    def fields(self) -> Fields:
        every = forms.TypedMultipleChoiceField(
            label=self.title, coerce=int, choices=list(CYCLES.items()), widget=forms.CheckboxSelectMultiple
        )
        hint = _("每年在某一季度做的填 1 至 4。")
        return {
            "months": every,
            "times": forms.IntegerField(label=_("每个周期至少几次"), min_value=1, max_value=366, initial=1),
            "quarter": forms.IntegerField(
                label=_("限定的季度"), required=False, min_value=1, max_value=4, help_text=hint
            ),
        }

    def begin(self, written: Any) -> dict[str, Any]:
        return dict(written)

    def read(self, data: dict[str, Any]) -> Any:
        return data


class CoverageShape(CycleShape):
    def fields(self) -> Fields:
        return {
            "ratio": ratio_field(self.title),
            "months": forms.IntegerField(label=_("周期（月）"), min_value=1, max_value=120),
            "times": forms.IntegerField(label=_("每个周期至少几次"), min_value=1, max_value=366),
        }

    def begin(self, written: Any) -> dict[str, Any]:
        return {**written, "ratio": in_percent(written["ratio"])}

    def read(self, data: dict[str, Any]) -> Any:
        return {**data, "ratio": half_width(data["ratio"])}


class TiersShape(Shape):
    """One ratio for each step of the document."""

    def fields(self) -> Fields:
        return {f"tier{n}": ratio_field(tier.name) for n, tier in enumerate(self.stated or ())}

    def begin(self, written: Any) -> dict[str, Any]:
        return {f"tier{n}": in_percent(tier["ratio"]) for n, tier in enumerate(written)}

    def read(self, data: dict[str, Any]) -> Any:
        steps = enumerate(packfiles.written(self.stated or ()))
        return [{**tier, "ratio": half_width(data[f"tier{n}"])} for n, tier in steps]


class RetentionShape(CycleShape):
    def fields(self) -> Fields:
        return {
            "years": forms.IntegerField(label=_("保存年数"), min_value=1, max_value=200),
            "minimum": forms.BooleanField(label=_("这是最低年限"), required=False),
            "start": forms.ChoiceField(label=_("从什么时候起算"), choices=list(STARTS.items())),
        }


class RoundingShape(CycleShape):
    def fields(self) -> Fields:
        units = [(unit, unit) for unit in ROUND_UNITS]
        return {
            "unit": forms.ChoiceField(label=_("取整到（元）"), choices=units),
            "mode": ChoiceButtons(label=_("取整方法"), choices=list(ROUNDINGS.items())),
        }


class Stages(Shape):
    """One of the orders that the baseline proposes; an order of one's own is written as a pack (docs/packs.md)."""

    def _offered(self) -> list[Any]:
        return [proposal.value for proposal in packfiles.proposals().get(self.definition.key, ())]

    def fields(self) -> Fields:
        options = [(str(n), describe(self.definition, value)) for n, value in enumerate(self._offered())]
        return {"value": forms.ChoiceField(label=self.title, choices=options, widget=forms.RadioSelect)}

    def begin(self, written: Any) -> dict[str, Any]:
        orders = [packfiles.written(value) for value in self._offered()]
        return {"value": str(orders.index(written))} if written in orders else {}

    def read(self, data: dict[str, Any]) -> Any:
        return packfiles.written(self._offered()[int(data["value"])])


SHAPES: dict[str, type[Shape]] = {
    "boolean": YesNo,
    "integer": Whole,
    "day_of_month": Whole,
    "ratio": Ratio,
    "money": Money,
    "date": Day,
    "choice": Choice,
    "choice_list": ChoiceList,
    "text_list": Lines,
    "scores": Pairs,
    "mapping": Pairs,
    "table": Table,
    "limit": LimitShape,
    "cycle": CycleShape,
    "coverage": CoverageShape,
    "tiers": TiersShape,
    "retention": RetentionShape,
    "rounding": RoundingShape,
    "stages": Stages,
}


def shape_of(definition: Definition, stated: Any = None) -> Shape:
    """The shape of a parameter's kind; an ordered list of posts has its own."""
    kind = Ordered if definition.ordered else SHAPES.get(definition.kind, Shape)
    return kind(definition, stated)


def ratio_field(label: str) -> forms.CharField:
    """A ratio as a percentage or a fraction."""
    return forms.CharField(label=label, max_length=20, help_text=_("写百分数或分数，如 30% 或 1/3。"))


def in_percent(written: str) -> str:
    """`3/10` → `30%`; what is no whole percentage stays a fraction."""
    share = values.ratio(written) * 100
    return f"{share.numerator}%" if share.denominator == 1 else written


def lines_of(text: str) -> list[str]:
    """The lines that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class ChoiceForm(forms.Form):
    """A local choice: the value in the shape of its kind, the reason, the first day."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写明为什么这样定，依据哪个文件、哪次会议。"),
    )
    valid_from = DayField(label=gettext_lazy("从哪一天起"))
    proposal = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, shape: Shape, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = shape
        value_fields = shape.fields()
        self.value_names = list(value_fields)
        self.fields = {**value_fields, **self.fields}

    def written(self) -> Any:
        """The value in its written form, for `record_local_choice`."""
        return self.shape.read({name: self.cleaned_data[name] for name in self.value_names})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                self.shape.definition.parse(self.written())
            except (ValueError, KeyError, TypeError):
                self.add_error(self.value_names[0], _("取值不合要求。请按栏目说明重新填写。"))
        return data
