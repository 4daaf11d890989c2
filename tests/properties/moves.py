"""Single moves of a case by anybody, with what a person would plausibly enter. Each is one call of a real service."""

from dataclasses import replace

from cases.enums import AppraiserRole, Distance, Method, Opinion, Signer, Step, Vote
from cases.models import CaseMember, EconomicCheck, EconomicItem, Material, Objection
from cases.services import (
    appraisal,
    check,
    decision,
    filing,
    intake,
    materials,
    publicity,
    review,
    signing,
    survey,
)
from common import clock

HELD = "test"


def _last(model, walk, **more):
    row = model.objects.unscoped(reason=HELD).filter(case_id=walk.case_id, **more).order_by("pk").last()
    return row.pk if row else 0


def _stage_of(walk, step, otherwise="nothing"):
    return next((str(one["key"]) for one in walk.case.procedure if one["step"] == step), otherwise)


def authorize(walk, who):
    return walk.do(
        materials.authorize, who, member_id=_last(CaseMember, walk), signer=Signer.APPLICANT,
        signer_name=walk.case.applicant_name, in_person=True, signed_on=clock.today(), scan=walk.upload("authorization"),
    )  # fmt: skip


def settle(walk, who):
    rows = EconomicItem.objects.unscoped(reason=HELD).filter(case_id=walk.case_id)
    decided = {one.pk: (one.checked or one.declared or one.surveyed, "以核对报告为准") for one in rows}
    return walk.do(check.settle_items, who, decided=decided)


def answer_check(walk, who):
    waiting = EconomicCheck.objects.unscoped(reason=HELD).filter(case_id=walk.case_id, answered_at=None).last()
    report = check.Report("核1号", clock.today(), "已核对。", walk.as_declared())
    check.answer_check(who, waiting.pk if waiting else 0, report=report)
    walk.known = None


def appraise(walk, who):
    data = appraisal.AppraisalData(
        held_on=clock.today(), place="社区会议室", chaired_by="王主任", minutes="情况属实。",
        seats=[appraisal.Seat("赵代表", AppraiserRole.RESIDENT, True, Vote.AGREE)], signer_name="王主任", signer_post="主任",
    )  # fmt: skip
    return walk.do(appraisal.record_appraisal, who, data=data)


def sign(walk, who):
    """In a sitting opened before; who may not sign has none."""
    sitting = signing.open_unattended_sitting(replace(who, road="command"), case_ids=[walk.case_id])
    return lambda: walk.do(signing.sign, who, sitting_id=sitting.pk)


def serve(walk, who):
    return walk.do(
        decision.serve, who, method=Method.IN_PERSON, served_on=clock.today(), received_by="李桂兰", receiver_relation="本人",
        duties_told=True, remedies_told=True,
    )  # fmt: skip


def send_to_the_district(walk, who):
    filing.file_results(who, seen={walk.case_id: walk.seen})
    walk.known = None


def opinion(walk, who, which):
    return walk.do(review.give_opinion, who, opinion=which, grounds="见核算。", basis="本区办法")


def photograph(walk, who, distance):
    return walk.do(
        publicity.add_publicity_photo, who, upload=walk.upload("board"), distance=distance, taken_on=clock.today()
    )


def answer_objection(walk, who):
    row = _last(Objection, walk, answered_at=None)
    return walk.do(publicity.answer_objection, who, objection_id=row, upheld=False, answer="不属实。")


def _visit(walk):
    return survey.SurveyData(
        visited_on=clock.today(), started_at=clock.now().time(), ended_at=clock.now().time(), place="申请人家中",
        investigators=[walk.people.handler.user_id, walk.people.colleague.user_id], members_found="一人", living="简单",
        conclusion="情况属实。", helper_name="", figures={},
    )  # fmt: skip


MOVES = {
    "submit": lambda w, who: w.do(intake.submit, who),
    "material": lambda w, who: w.do(
        materials.add_material, who, material_id=_last(Material, w), upload=w.upload("application_form")
    ),
    "ask missing": lambda w, who: w.do(materials.ask_missing, who),
    "accept": lambda w, who: w.do(materials.accept, who),
    "refuse acceptance": lambda w, who: w.do(materials.refuse_acceptance, who, reason="非本地户籍", basis="本区办法"),
    "authorize": authorize,
    "record survey": lambda w, who: w.do(survey.record_survey, who, data=_visit(w)),
    "sign survey": lambda w, who: w.do(survey.sign_survey, who),
    "finish survey": lambda w, who: w.do(survey.finish_survey, who),
    "request check": lambda w, who: w.do(check.request_check, who),
    "answer check": answer_check,
    "settle": settle,
    "finish check": lambda w, who: w.do(check.finish_check, who),
    "open appraisal": lambda w, who: w.do(
        appraisal.open_optional, who, stage_key=_stage_of(w, "APPRAISAL"), reason="有不同意见"
    ),
    "record appraisal": appraise,
    "finish appraisal": lambda w, who: w.do(appraisal.finish_appraisal, who),
    "grant": lambda w, who: opinion(w, who, Opinion.GRANT),
    "refuse": lambda w, who: opinion(w, who, Opinion.REFUSE),
    "poster": lambda w, who: w.do(publicity.issue_poster, who),
    "post": lambda w, who: w.do(publicity.record_posting, who, posted_on=clock.today(), place="公开栏", sealed=True),
    "near": lambda w, who: photograph(w, who, Distance.NEAR),
    "far": lambda w, who: photograph(w, who, Distance.FAR),
    "lose": lambda w, who: w.do(publicity.record_loss, who, lost_on=clock.today(), cause="大风"),
    "restore": lambda w, who: w.do(publicity.record_restoring, who, restored_on=clock.today()),
    "object": lambda w, who: w.do(
        publicity.raise_objection, who, raised_on=clock.today(), content="有子女寄钱", anonymous=True
    ),
    "answer objection": answer_objection,
    "finish publicity": lambda w, who: w.do(publicity.finish_publicity, who),
    "return signing": lambda w, who: w.do(signing.return_signing, who, reason="再核一次"),
    "send back to survey": lambda w, who: w.do(review.send_back, who, to_key=_stage_of(w, "SURVEY"), reason="再查"),
    "send back to review": lambda w, who: w.do(
        review.send_back, who, to_key=_stage_of(w, "INITIAL_REVIEW"), reason="再审"
    ),
    "decide": lambda w, who: w.do(decision.decide, who, reasons="见初审意见"),
    "file": send_to_the_district,
    "serve": serve,
    "start benefit": lambda w, who: w.do(decision.start_benefit, who),
    "withdraw": lambda w, who: w.do(intake.withdraw, who, reason="不再申请"),
    "terminate": lambda w, who: w.do(intake.terminate, who, reason="不配合调查"),
}
"""Every move of a case; signing apart, whose sitting is opened first. What ends a case is drawn as any other."""
ENDING = ("refuse acceptance", "withdraw", "terminate")
OF_STEP = {
    Step.INTAKE: ("submit",),
    Step.ACCEPTANCE: ("material", "ask missing", "accept", "authorize"),
    Step.SURVEY: ("authorize", "record survey", "sign survey", "finish survey"),
    Step.ECONOMIC_CHECK: ("authorize", "request check", "answer check", "settle", "finish check", "open appraisal"),
    Step.APPRAISAL: ("record appraisal", "finish appraisal"),
    Step.INITIAL_REVIEW: ("answer objection", "grant", "refuse", "open appraisal", "send back to survey"),
    Step.PUBLICITY: (
        "poster",
        "post",
        "near",
        "far",
        "finish publicity",
        "lose",
        "restore",
        "object",
        "send back to review",
    ),
    Step.SIGN_OFF: ("object", "return signing"),
    Step.DECISION: ("decide", "object", "send back to review"),
    Step.FILING: ("file",),
    Step.DELIVERY: ("serve",),
    Step.PAYMENT_START: ("start benefit",),
}
"""What those whose turn it is may do, each a part of the step only."""
FORWARD = OF_STEP | {
    Step.ECONOMIC_CHECK: ("authorize", "request check", "answer check", "settle", "finish check"),
    Step.INITIAL_REVIEW: ("grant",),
    Step.PUBLICITY: ("poster", "post", "near", "far", "finish publicity"),
    Step.SIGN_OFF: ("return signing",),
    Step.DECISION: ("decide",),
}
"""Those parts that lead on, in their order."""


def whose(people, move):
    """Who of the street does a move."""
    return {"answer check": people.centre, "return signing": people.deputy}.get(move, people.handler)
