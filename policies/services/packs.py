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
from common.crypto import SUITE, content_hash
from common.errors import NotFound, Stale
from journal.services import record
from organizations.models import Area
from policies import packfiles, packplan
from policies.access import require_permission
from policies.enums import DocumentKind
from policies.errors import BrokenPack, WrongDate
from policies.models import LocalChoice, PackBinding, ParameterRow, PolicyDocument
from policies.queries import binding, chain, document_of


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
    columns = {"kind": kind, **packplan.document_columns(raw)}
    document, created = PolicyDocument.objects.update_or_create(key=key, defaults=columns)
    result.documents += created
    return document


def _load_pack(actor: Actor, pack: packfiles.Pack, result: Loaded) -> None:
    _carry_out(actor, packplan.plan(pack), result)


def _carry_out(actor: Actor, plan: packplan.Plan, result: Loaded) -> None:
    for row in plan.before:
        if row.pk in plan.closing:
            _close(actor, row, plan.closing[row.pk])
    ParameterRow.objects.bulk_create(plan.adding)
    result.closed += len(plan.closing)
    result.added += len(plan.adding)


def _close(actor: Actor, row: ParameterRow, end: dt.date) -> None:
    record(actor, "policies.close_row", row, changes={"valid_to": [None, end.isoformat()]}, area_code="")
    ParameterRow.objects.filter(pk=row.pk).update(valid_to=end)


@act("policies.bind_pack")
def bind_pack(actor: Actor, *, area_code: str, pack: str, valid_from: dt.date) -> PackBinding:
    """Let a pack govern an area from a day on; the previous binding ends on that day. Packs are never merged."""
    if actor.kind != "system":
        require_permission(actor, "bind_pack", area_code)
    return _bind(actor, area_code, document_of(pack), valid_from)


def _bind(actor: Actor, area_code: str, document: PolicyDocument, valid_from: dt.date) -> PackBinding:
    current = PackBinding.objects.filter(area_code=area_code, valid_to=None).first()
    _require_day(document, current, valid_from)
    if current:
        record(actor, "policies.end_binding", current, changes={"valid_to": [None, valid_from.isoformat()]})
        PackBinding.objects.filter(pk=current.pk).update(valid_to=valid_from)
    bound = PackBinding.objects.create(
        area_code=area_code, document=document, valid_from=valid_from, bound_at=clock.now(), bound_by=actor.name
    )
    record(
        actor, "policies.bind_pack", bound, changes={"pack": [current.document.key if current else None, document.key]},
        area_code=area_code,
    )  # fmt: skip
    return bound


def _require_day(document: PolicyDocument, current: PackBinding | None, valid_from: dt.date) -> None:
    if document.effective_from and valid_from < document.effective_from:
        raise WrongDate(
            _("启用日期不能早于文件施行的%s。请改为当日或以后。") % document.effective_from.isoformat(),
            field="valid_from",
        )
    if current and current.valid_from > valid_from:
        raise WrongDate(_("已有更晚启用的政策包。请选更晚的日期。"), field="valid_from")


@dataclass(frozen=True)
class Wanted:
    """What is asked for on the page: which pack is to govern which area from which day on. `text`: the file that was sent, under
    the name `file`; empty where the system knows the pack."""

    area_code: str
    valid_from: dt.date
    pack: str = ""
    text: str = ""
    file: str = ""


@dataclass(frozen=True)
class Proposed:
    """What would come of it. `plan`: what the file does to the rows, None without a file; `current`: the binding of the area
    itself; `state`: a digest of everything that it rests on."""

    wanted: Wanted
    document: PolicyDocument
    plan: packplan.Plan | None
    current: PackBinding | None
    state: str

    @property
    def rebinds(self) -> bool:
        """Whether the area gets another document than it has."""
        return self.current is None or self.current.document.key != self.document.key

    @property
    def later(self) -> int:
        """How many new rows begin after the day of the preview, which does not show them."""
        return sum(row.valid_from > self.wanted.valid_from for row in self.plan.adding) if self.plan else 0


def propose(actor: Actor, wanted: Wanted) -> Proposed:
    """Everything that would keep the pack from being loaded and bound is refused here; nothing is written. Refuses with `BrokenPack`
    a file with mistakes, one with the key of a pack of the program or of another office's pack."""
    require_permission(actor, "bind_pack", wanted.area_code)
    pack = packfiles.read_text(wanted.text, wanted.file) if wanted.text else None
    if pack:
        _require_free(actor, pack.key, wanted.file)
    document = packplan.document(pack) if pack else document_of(wanted.pack)
    current = PackBinding.objects.filter(area_code=wanted.area_code, valid_to=None).select_related("document").first()
    _require_day(document, current, wanted.valid_from)
    if wanted.valid_from < clock.today() and binding(wanted.area_code, wanted.valid_from):
        raise WrongDate(_("那一天已有启用的政策文件，不能追溯到过去。请把日期改为今天或以后。"), field="valid_from")
    proposed = Proposed(
        wanted, document, packplan.plan(pack) if pack else None, current, _state(wanted.area_code, document.key)
    )
    if not proposed.rebinds and not (proposed.plan and (proposed.plan.closing or proposed.plan.adding)):
        raise WrongDate(_("这个地区已经启用这份文件，内容也没有变化，不用再启用。"), field="pack")
    return proposed


def _require_free(actor: Actor, key: str, file: str) -> None:
    """A file may replace what was loaded under its key before, unless that is not the actor's to replace."""
    if key in packfiles.pack_keys():
        raise BrokenPack(file, [_("程序自带的政策包已经用了“%s”这个键，请换一个。") % key])
    if PolicyDocument.objects.filter(key=key).exclude(kind=DocumentKind.FOUNDING).exists():
        raise BrokenPack(file, [_("文件库里另一份文件已经用了“%s”这个键，请换一个。") % key])
    areas = PackBinding.objects.filter(document__key=key).order_by("pk").values_list("area_code", flat=True)
    if not all(actor.can("bind_pack", code) for code in areas):
        raise BrokenPack(file, [_("别的地区在用“%s”这个键的政策包，您不能替换它的内容。请换一个键。") % key])


def _state(area_code: str, pack: str) -> str:
    """A digest of what a preview rests on: bindings and choices of the area and above, the rows of the pack."""
    above = {"area_code__in": chain(area_code)}
    bound = PackBinding.objects.filter(**above).order_by("pk").values_list("pk", "valid_to")
    chosen = LocalChoice.objects.filter(**above).order_by("pk").values_list("pk", "valid_to")
    rows = ParameterRow.objects.filter(pack=pack).order_by("pk").values_list("pk", "valid_to")
    return content_hash([list(bound), list(chosen), list(rows), clock.today()])


@act("policies.load_and_bind_pack")
def load_and_bind_pack(actor: Actor, *, wanted: Wanted, seen: str) -> PackBinding:
    """Load the file, if there is one, and let its pack govern the area from the day on: all or nothing (POL-02, POL-04). `seen`:
    the `state` of the preview that the person saw."""
    if not Area.objects.select_for_update().filter(code=wanted.area_code).exists():
        raise NotFound()
    proposed = propose(actor, wanted)
    if proposed.state != seen:
        raise Stale()
    result = Loaded()
    document = proposed.document
    if proposed.plan:
        columns = {name: getattr(document, name) for name in packplan.DOCUMENT_COLUMNS}
        document, _new = PolicyDocument.objects.update_or_create(
            key=document.key, defaults={"kind": DocumentKind.FOUNDING, **columns}
        )
        _carry_out(actor, proposed.plan, result)
    bound = proposed.current
    if bound is None or proposed.rebinds:
        bound = _bind(actor, wanted.area_code, document, wanted.valid_from)
    record(
        actor, "policies.load_and_bind_pack", bound, area_code=wanted.area_code,
        changes={
            "pack": [proposed.current.document.key if proposed.current else None, document.key],
            "sha256": [None, SUITE.digest(wanted.text.encode()) if wanted.text else ""],
            "rows_added": [None, result.added], "rows_closed": [None, result.closed],
        },
    )  # fmt: skip
    return bound
