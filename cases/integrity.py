"""What `check_integrity` asks of cases: open stages agree with the status, frozen content with its hash, the trail with the status."""

from collections.abc import Iterator

from cases.models import Case, CaseStage, Frozen, OnlineApplication
from common.crypto import Unreadable, content_hash
from journal.models import Entry

REASON = "integrity check"


def violations() -> Iterator[str]:
    """One sentence for each violation."""
    yield from _stages()
    yield from _trail(Case, "个案")
    yield from _trail(OnlineApplication, "网上申请")
    try:
        for frozen in Frozen.objects.unscoped(reason=REASON).order_by("pk").iterator(chunk_size=500):
            if content_hash(frozen.content) != frozen.content_hash:
                yield f"签批内容 {frozen.pk} 与签批时的校验值不符"
    except Unreadable:
        yield "有签批内容被改动，无法解密"


def _stages() -> Iterator[str]:
    opened: dict[int, set[str]] = {}
    for case_id, key in CaseStage.objects.unscoped(reason=REASON).filter(closed_at=None).values_list("case_id", "key"):
        opened.setdefault(case_id, set()).add(key)
    for pk, status, outcome in (
        Case.objects.unscoped(reason=REASON).order_by("pk").values_list("pk", "status", "outcome")
    ):
        expected = outcome or "+".join(sorted(opened.get(pk, set())))
        if status != expected:
            yield f"个案 {pk} 的状态是“{status}”，与环节记录“{expected}”不符"


def _trail(model: type[Case] | type[OnlineApplication], words: str) -> Iterator[str]:
    """The last status in the trail is the status of the row."""
    rows = Entry.objects.unscoped(reason=REASON).filter(object_type=model._meta.label_lower).exclude(to_status=None)
    last = dict(rows.order_by("pk").values_list("object_id", "to_status"))
    for pk, status in model.objects.unscoped(reason=REASON).order_by("pk").values_list("pk", "status"):
        if last.get(str(pk)) != status:
            yield f"{words} {pk} 的状态“{status}”在留痕中没有对应记录"
