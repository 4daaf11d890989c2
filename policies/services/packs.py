"""Loading the packs into effective-dated rows, and binding them to areas."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common import clock
from common.actors import Actor
from common.acts import act, check_constraints
from journal.services import record
from policies import packfiles
from policies.access import require_permission
from policies.catalogue import catalogue
from policies.enums import DocumentKind
from policies.errors import BrokenPack, WrongDate
from policies.models import PackBinding, ParameterRow, PolicyDocument
from policies.queries import document_of


@dataclass
class Loaded:
    """What a loading run changed."""

    documents: int = 0
    added: int = 0
    closed: int = 0


def load_packs(actor: Actor, folder: Path | None = None) -> Loaded:
    """Make sure that the database holds every pack file as it is, the program's own and those of a further folder: unchanged rows
    stay, a changed one is closed and the new one added, a vanished one is closed. Run twice it changes nothing. Refuses a broken
    file, and one of the folder that takes the key of the program's own, before anything is written."""
    result = Loaded()
    packs = [packfiles.read_pack(key) for key in packfiles.pack_keys()]
    further = packfiles.read_folder(folder) if folder else []
    for pack in further:
        if pack.key in packfiles.pack_keys():
            raise BrokenPack(f"{pack.key}.toml", [_("程序自带的政策包已经用了“%s”这个键，请换一个。") % pack.key])
    with transaction.atomic():
        _load_library([*packs, *further], result)
        for pack in [*packs, *further]:
            _load_pack(actor, pack, result)
        check_constraints()
    return result


def _load_library(packs: list[packfiles.Pack], result: Loaded) -> None:
    for pack in packs:
        _put_document(
            pack.key,
            DocumentKind.FOUNDING,
            {**pack.document, "jurisdiction": pack.jurisdiction, "basis": pack.basis},
            result,
        )
    for raw in packfiles.library():
        document = _put_document(raw["key"], DocumentKind.BASIS, raw, result)
        document.named_by.set(PolicyDocument.objects.filter(key__in=raw["named_by"]))


def _put_document(key: str, kind: str, raw: dict[str, Any], result: Loaded) -> PolicyDocument:
    document, created = PolicyDocument.objects.update_or_create(
        key=key,
        defaults={
            "kind": kind,
            "title": raw["title"],
            "number": raw.get("number", ""),
            "issuer": raw.get("issuer", ""),
            "jurisdiction": raw.get("jurisdiction", ""),
            "dated": raw.get("date"),
            "effective_from": raw.get("effective_from"),
            "status": raw["status"],
            "note": raw.get("note", ""),
            "basis": raw.get("basis", {}),
        },
    )
    result.documents += created
    return document


def _load_pack(actor: Actor, pack: packfiles.Pack, result: Loaded) -> None:
    held = {(row.parameter, row.scope): row for row in ParameterRow.objects.filter(pack=pack.key, valid_to=None)}
    wanted = {}
    for position, entry in enumerate(pack.entries):
        wanted[entry.key, entry.scope_name] = _row(pack.key, position, entry)
    for identity, row in held.items():
        new = wanted.get(identity)
        if new is not None and _same(row, new):
            del wanted[identity]
        else:
            _close(actor, row, new.valid_from if new else clock.today())
            result.closed += 1
    ParameterRow.objects.bulk_create(wanted.values())
    result.added += len(wanted)


def _row(pack: str, position: int, entry: packfiles.Entry) -> ParameterRow:
    definition = catalogue().get(entry.key)
    written = packfiles.written(entry.value)
    return ParameterRow(
        pack=pack,
        parameter=definition.key,
        scope=entry.scope_name,
        position=position,
        unset=entry.unset,
        value=written,
        unit=written["unit"] if definition.kind == "limit" and not entry.unset else definition.unit,
        inclusive=entry.inclusive,
        clock_start=entry.clock_start,
        excludes=list(entry.excludes),
        citation=entry.citation,
        original=entry.original,
        reading_note=entry.reading_note,
        note=entry.note,
        details=_details(entry),
        valid_from=entry.effective_from,
        loaded_at=clock.now(),
    )


def _details(entry: packfiles.Entry) -> dict[str, Any]:
    """The rarer properties of a row; absent ones are left out."""
    details = {
        "also": [list(pair) for pair in entry.also],
        "comparison": entry.comparison,
        "rounding": entry.rounding,
        "overlap_rule": entry.overlap_rule,
        "flags": list(entry.flags),
        "advisory": entry.advisory,
        "see": list(entry.see),
    }
    return {name: item for name, item in details.items() if item}


def _same(held: ParameterRow, new: ParameterRow) -> bool:
    ignored = {"id", "loaded_at", "valid_to", "position"}
    names = [f.attname for f in ParameterRow._meta.concrete_fields if f.attname not in ignored]
    return all(getattr(held, name) == getattr(new, name) for name in names)


def _close(actor: Actor, row: ParameterRow, on: dt.date) -> None:
    """A corrected row of the same effective date never held: it is closed on its first day."""
    end = max(on, row.valid_from)
    record(actor, "policies.close_row", row, changes={"valid_to": [None, end.isoformat()]}, area_code="")
    ParameterRow.objects.filter(pk=row.pk).update(valid_to=end)


@act("policies.bind_pack")
def bind_pack(actor: Actor, *, area_code: str, pack: str, valid_from: dt.date) -> PackBinding:
    """Let a pack govern an area from a day on; the previous binding ends on that day. Packs are never merged."""
    if actor.kind != "system":
        require_permission(actor, "bind_pack", area_code)
    document = document_of(pack)
    if document.effective_from and valid_from < document.effective_from:
        raise WrongDate(
            _("启用日期不能早于文件施行的%s。请改为当日或以后。") % document.effective_from.isoformat(),
            field="valid_from",
        )
    current = PackBinding.objects.filter(area_code=area_code, valid_to=None).first()
    if current and current.valid_from > valid_from:
        raise WrongDate(_("已有更晚启用的政策包。请选更晚的日期。"), field="valid_from")
    if current:
        record(actor, "policies.end_binding", current, changes={"valid_to": [None, valid_from.isoformat()]})
        PackBinding.objects.filter(pk=current.pk).update(valid_to=valid_from)
    bound = PackBinding.objects.create(
        area_code=area_code, document=document, valid_from=valid_from, bound_at=clock.now(), bound_by=actor.name
    )
    record(
        actor, "policies.bind_pack", bound, changes={"pack": [current.document.key if current else None, pack]},
        area_code=area_code,
    )  # fmt: skip
    return bound
