"""签批: frozen content, sittings, signatures in the pack's order (DEC-14, DEC-15, DEC-27; 000 二.1, 001 第四条(一)1)."""

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases import documents
from cases.access import begin, cite, fetch, require_no_objection, require_other_person
from cases.enums import Step
from cases.errors import ContentChanged, NotYourTurn, SamePerson, SittingNeeded
from cases.flow import MOVES, Move
from cases.models import Assessment, Case, Frozen, Signature, SigningSitting
from cases.queries import signing_posts
from cases.services import engine
from cases.services.survey import surveyed_by
from common import clock
from common.actors import Actor
from common.acts import act
from common.crypto import content_hash
from common.errors import Forbidden, Invalid, Stale
from journal.services import record
from organizations.services.second_factor import verify_code

HELD = "rows of a case already held"


def content_of(case: Case) -> dict[str, object]:
    """What is signed, as it stands now."""
    return documents.frozen_content(case)


@act("cases.open_sitting")
def open_sitting(actor: Actor, *, case_ids: list[int], code: str, seen: dict[int, int] | None = None) -> SigningSitting:
    """One second-factor check opens a sitting of ten minutes, bound to the content of the listed cases. `seen`: the version of
    each case that the person had read; one that has changed since is refused."""
    hashes = _listed(actor, case_ids, seen)
    verify_code(actor, code)
    return _open(actor, hashes, road=actor.road)


@act("cases.open_sitting")
def open_unattended_sitting(actor: Actor, *, case_ids: list[int]) -> SigningSitting:
    """A sitting without a code: for the demonstration and the tests alone, in a database so marked."""
    if settings.PRODUCTION or actor.road != "command" or not clock.is_marked():
        raise Forbidden(_("只有演示和测试可以不输动态码签批。"))
    return _open(actor, _listed(actor, case_ids), road="command")


def _listed(actor: Actor, case_ids: list[int], seen: dict[int, int] | None = None) -> dict[str, str]:
    """The content of each case that the person may sign, as its hash."""
    if not case_ids:
        raise Invalid(_("请先选择要签批的个案。"), field="case_ids")
    hashes = {}
    for case_id in case_ids:
        case = fetch(actor, case_id)
        if not actor.can("sign_case", case.area_code):
            raise Forbidden()
        if seen is not None and seen.get(case.pk) != case.version:
            raise Stale(
                _("%(name)s一户在您看过之后有变动，没有打开签批。请重新看过，再选中。") % {"name": case.applicant_name}
            )
        hashes[str(case.pk)] = content_hash(content_of(case))
    return hashes


def _open(actor: Actor, hashes: dict[str, str], *, road: str) -> SigningSitting:
    now = clock.now()
    sitting = SigningSitting.objects.create(
        area_code=actor.area, user_id=actor.person_id, hashes=hashes, opened_at=now,
        expires_at=now + dt.timedelta(seconds=settings.SIGNING_SITTING_SECONDS), road=road,
    )  # fmt: skip
    record(actor, "cases.open_sitting", sitting, changes={"cases": [None, sorted(hashes)]})
    return sitting


@act("cases.sign")
def sign(actor: Actor, case_id: int, *, sitting_id: int, remark: str = "", seen: int) -> Case:
    """Sign the frozen content in one's turn. The last signature closes the stage. Where the content has changed since the first
    signature, the act voids what was signed instead, visibly, and nobody signs until the first signer has signed anew.

    Refuses: no sitting or one for other content, a post that is not next, a person who handled, surveyed or signed already.
    """
    case, move = begin(actor, case_id, "sign", seen)
    require_no_objection(case)
    content = content_of(case)
    digest = content_hash(content)
    sitting = _sitting(actor, case, sitting_id, digest)
    if voided := _void_if_changed(actor, case, digest):
        return engine.trace(
            actor, case, move, changes={"voided_signatures": [None, voided]}, reason=_("内容在签批之间有改动")
        )
    frozen = _freeze(case, move, content, digest)
    given = list(frozen.signatures.unscoped(reason=HELD).filter(void_at=None))
    posts = signing_posts(case, clock.today())
    if len(given) >= len(posts) or actor.post != posts[len(given)]:
        raise NotYourTurn(
            _("现在应由%(who)s签批，您暂不能签。")
            % {"who": documents.post_words(posts[min(len(given), len(posts) - 1)])},
            basis=cite(case, "DEC-14", "DEC-15"),
        )
    if any(one.user_id == actor.user_id for one in given):
        raise SamePerson(_("您已经签过这一户，第二位签批人必须是另一个人。"), basis=cite(case, "DEC-14", "DEC-15"))
    require_other_person(actor, case, taken_duties(case))
    _write(actor, case, frozen, len(given), sitting, remark)
    changes = {"content_hash": [None, digest], "sitting": [None, sitting.pk]}
    if len(given) + 1 < len(posts):
        return engine.trace(actor, case, move, changes=changes, reason=remark)
    return engine.close(actor, case, move, changes=changes, reason=remark)


def taken_duties(case: Case) -> dict[int, str]:
    """Duties that a signer may not have had: handler, investigator, reviewer (user id → duty)."""
    reviewers = Assessment.objects.unscoped(reason=HELD).filter(case=case).values_list("given_by_id", flat=True)
    return surveyed_by(case) | dict.fromkeys(reviewers, _("初审人")) | {case.handler_id: _("经办人")}


def _sitting(actor: Actor, case: Case, sitting_id: int, digest: str) -> SigningSitting:
    sitting = SigningSitting.objects.visible_to(actor).filter(pk=sitting_id).first()
    if sitting is None or clock.now() > sitting.expires_at:
        raise SittingNeeded(_("签批时间已过，或者还没有输入动态码。请在签批台选择个案，输入一次动态码后再签。"))
    if str(case.pk) not in sitting.hashes:
        raise SittingNeeded(_("这一户不在本次签批的清单里。请在签批台重新选择。"))
    if sitting.hashes[str(case.pk)] != digest:
        raise ContentChanged(_("这一户的内容在您输入动态码之后有改动，没有签。请重新看过内容，再签批。"))
    return sitting


def _void_if_changed(actor: Actor, case: Case, digest: str) -> int:
    """Void what was signed where the content has changed since. Returns how many signatures fell away."""
    frozen = Frozen.objects.unscoped(reason=HELD).filter(case=case, void_at=None).first()
    if frozen is None or frozen.content_hash == digest:
        return 0
    return void(actor, case, _("内容在签批之间有改动"))


def _freeze(case: Case, move: Move, content: dict[str, object], digest: str) -> Frozen:
    """The content in force for signing, frozen at the first signature."""
    frozen = Frozen.objects.unscoped(reason=HELD).filter(case=case, void_at=None).first()
    if frozen is None:
        frozen = Frozen.objects.create(
            case=case, area_code=case.area_code, stage=engine.current(case, move), content=content, content_hash=digest,
            frozen_at=clock.now(),
        )  # fmt: skip
    return frozen


def _write(actor: Actor, case: Case, frozen: Frozen, place: int, sitting: SigningSitting, remark: str) -> None:
    try:
        with transaction.atomic():
            signature = Signature.objects.create(
                case=case, area_code=case.area_code, frozen=frozen, place=place, post=actor.post, post_title=actor.post_title,
                user_id=actor.person_id, name=actor.name, content_hash=frozen.content_hash, remark=remark.strip(), sitting=sitting,
                signed_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise NotYourTurn(_("这一处签批刚刚已由他人完成。请刷新页面。")) from error
    record(
        actor,
        "cases.signature",
        signature,
        subject=engine.subject(case),
        changes={"content_hash": [None, frozen.content_hash]},
        basis=cite(case, *MOVES["sign"].basis),
    )


def void(actor: Actor, case: Case, reason: str) -> int:
    """Void frozen content and its signatures, visibly, with the reason. Returns how many signatures fell away."""
    now = clock.now()
    voided = 0
    for frozen in Frozen.objects.unscoped(reason=HELD).filter(case=case, void_at=None):
        for signature in Signature.objects.unscoped(reason=HELD).filter(frozen=frozen, void_at=None):
            signature.void_at = now
            signature.save(update_fields=["void_at"])
            record(actor, "cases.void_signature", signature, subject=engine.subject(case), reason=reason)
            voided += 1
        frozen.void_at = now
        frozen.save(update_fields=["void_at"])
        record(actor, "cases.void_frozen", frozen, subject=engine.subject(case), reason=reason)
    return voided


@act("cases.return_signing")
def return_signing(actor: Actor, case_id: int, *, reason: str, seen: int) -> Case:
    """A leader returns the case to the initial review instead of signing, with the reason; signatures given fall away."""
    case, move = begin(actor, case_id, "return_signing", seen)
    if not reason.strip():
        raise Invalid(_("请写明退回的原因。"), field="reason", basis=cite(case, "DEC-28"))
    void(actor, case, reason.strip())
    review = next(str(stage["key"]) for stage in case.procedure if stage["step"] == Step.INITIAL_REVIEW)
    return engine.send_back(actor, case, move, review, reason=reason.strip())
