"""What was typed, as it was typed: from a draft, or from a form that asked for one more row, into a form that is shown again."""

from typing import Any

from django import forms
from django.http import QueryDict


def typed(form: forms.BaseForm, data: QueryDict) -> dict[str, Any]:
    """The raw text of every field of `form` in `data`, usable as `initial`; files cannot be kept."""
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
        if not field.widget.needs_multipart_form
    }


def typed_rows(
    formset: type[forms.BaseFormSet], data: QueryDict, prefix: str, form_kwargs: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The same for the rows of a formset, empty rows left out."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    count = min(int(total), formset.max_num) if total.isdecimal() else 0
    row = formset(prefix=prefix, form_kwargs=form_kwargs or {}).empty_form
    found = []
    for number in range(count):
        row.prefix = f"{prefix}-{number}"
        values = typed(row, data)
        if any(values.values()):
            found.append(values)
    return found


def query_dict(stored: dict[str, list[str]]) -> QueryDict:
    """A stored draft (field name → list of values) in the shape of a sent form."""
    data = QueryDict(mutable=True)
    for name, values in stored.items():
        data.setlist(name, values)
    return data
