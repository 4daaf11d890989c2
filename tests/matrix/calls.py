"""Every act with arguments as a person would give them: function → call(actor, numbers of the place)."""

import datetime as dt
import importlib
import inspect
import pkgutil

from cases.services import (
    appraisal,
    check,
    decision,
    exchange,
    excuses,
    filing,
    intake,
    materials,
    online,
    publicity,
    reveal,
    review,
    signing,
    survey,
)
from organizations.services import appointments, areas, clients, offices, people, second_factor, sign_in
from policies.services import calendar as calendars
from policies.services import choices, flags, packs
from tests.builders import cases as build
from tests.builders.organization import PASSWORD, SECRET, code_now
from tests.matrix import world as made

TODAY = dt.date(2026, 9, 1)
TOMORROW = dt.date(2026, 9, 2)
APPS = (
    "common",
    "journal",
    "organizations",
    "policies",
    "archives",
    "cases",
    "disclosure",
    "funds",
    "supervision",
    "config",
)
NEW = "another horse 42"


def public_functions():
    """{dotted name: function} of every public function defined in an app's services."""
    found = {}
    for module in _service_modules():
        for name, one in vars(module).items():
            if inspect.isfunction(one) and one.__module__ == module.__name__ and not name.startswith("_"):
                found[f"{module.__name__}.{name}"] = one
    return found


def _service_modules():
    for app in APPS:
        if importlib.util.find_spec(f"{app}.services") is None:
            continue
        package = importlib.import_module(f"{app}.services")
        yield package
        for module in pkgutil.walk_packages(getattr(package, "__path__", []), f"{package.__name__}."):
            yield importlib.import_module(module.name)


def act_functions():
    return {name for name, function in public_functions().items() if hasattr(function, "act_name")}


def _visit(actor):
    return survey.SurveyData(
        TODAY, dt.time(9), dt.time(10), "家中", [actor.user_id], "1人", "一般", "属实"
    )  # fmt: skip


def _meeting():
    return appraisal.AppraisalData(
        TODAY, "会议室", "周明", "同意。", [appraisal.Seat("赵代表", "resident", True, "agree")]
    )  # fmt: skip


def _amended():
    return build.application()


def _area_row(it):
    return {"code": f"{it.code[:9]}955", "name": "新社区", "level": "village", "made_up": "1", "source": ""}


CALLS = {
    intake.register: lambda a, it: intake.register(a, application=build.application(it.code)),
    exchange.hand_in_application: lambda a, it: exchange.hand_in_application(
        a, application=build.application(it.code), reference="ZW-1"
    ),
    exchange.send_material: lambda a, it: exchange.send_material(
        a, it.pk, code="id_card", upload=made.photo(), seen=it.seen
    ),
    exchange.recall: lambda a, it: exchange.recall(a, it.pk, reason="不再需要", seen=it.seen),
    intake.amend: lambda a, it: intake.amend(a, it.pk, application=_amended(), seen=it.seen),
    intake.submit: lambda a, it: intake.submit(a, it.pk, seen=it.seen),
    intake.withdraw: lambda a, it: intake.withdraw(a, it.pk, reason="不再需要", seen=it.seen),
    intake.terminate: lambda a, it: intake.terminate(a, it.pk, reason="拒绝入户", seen=it.seen),
    online.apply_online: lambda a, it: online.apply_online(a, application=build.application(it.code)),
    online.return_online: lambda a, it: online.return_online(
        a, it.online_pk, reason="请向居住地街道申请", seen=it.online_seen
    ),
    online.register_online: lambda a, it: online.register_online(
        a, it.online_pk, application=build.application(it.code), seen=it.online_seen
    ),
    materials.add_material: lambda a, it: materials.add_material(
        a, it.pk, material_id=it.material_id, upload=made.photo(), reason="更清楚", seen=it.seen
    ),
    materials.material_by_data: lambda a, it: materials.material_by_data(
        a, it.pk, material_id=it.material_id, note="公安户籍数据", seen=it.seen
    ),
    materials.ask_missing: lambda a, it: materials.ask_missing(a, it.pk, seen=it.seen),
    materials.accept: lambda a, it: materials.accept(a, it.pk, seen=it.seen),
    materials.refuse_acceptance: lambda a, it: materials.refuse_acceptance(
        a, it.pk, reason="不在本街道", basis="第十一条", seen=it.seen
    ),
    materials.print_authorization: lambda a, it: materials.print_authorization(
        a, it.pk, member_id=it.member_id, seen=it.seen
    ),
    materials.authorize: lambda a, it: materials.authorize(
        a, it.pk, member_id=it.member_id, signer="applicant", signer_name="李桂兰", in_person=True, signed_on=TODAY,
        scan=made.photo(), seen=it.seen,
    ),
    survey.record_survey: lambda a, it: survey.record_survey(a, it.pk, data=_visit(a), seen=it.seen),
    survey.sign_survey: lambda a, it: survey.sign_survey(a, it.pk, seen=it.seen),
    survey.sign_survey_household: lambda a, it: survey.sign_survey_household(
        a, it.pk, signer="applicant", signer_name="李桂兰", scan=made.photo(), seen=it.seen
    ),
    survey.add_survey_photo: lambda a, it: survey.add_survey_photo(a, it.pk, upload=made.photo(), seen=it.seen),
    survey.print_survey_form: lambda a, it: survey.print_survey_form(a, it.pk, seen=it.seen),
    survey.finish_survey: lambda a, it: survey.finish_survey(a, it.pk, seen=it.seen),
    appraisal.open_optional: lambda a, it: appraisal.open_optional(
        a, it.pk, stage_key="appraisal", reason="有争议", seen=it.seen
    ),
    appraisal.record_appraisal: lambda a, it: appraisal.record_appraisal(a, it.pk, data=_meeting(), seen=it.seen),
    appraisal.sign_appraisal: lambda a, it: appraisal.sign_appraisal(a, it.pk, scan=made.photo(), seen=it.seen),
    appraisal.add_appraisal_photo: lambda a, it: appraisal.add_appraisal_photo(
        a, it.pk, upload=made.photo(), seen=it.seen
    ),
    appraisal.finish_appraisal: lambda a, it: appraisal.finish_appraisal(a, it.pk, seen=it.seen),
    check.request_check: lambda a, it: check.request_check(a, it.pk, seen=it.seen),
    check.open_request: lambda a, it: check.open_request(a, it.check_pk),
    check.answer_check: lambda a, it: check.answer_check(a, it.check_pk, report=check.Report("核1号", TODAY, "一致")),
    check.settle_items: lambda a, it: check.settle_items(a, it.pk, decided={}, seen=it.seen),
    check.finish_check: lambda a, it: check.finish_check(a, it.pk, reason="平台无数据返回", seen=it.seen),
    review.give_opinion: lambda a, it: review.give_opinion(
        a, it.pk, opinion="grant", grounds="低于标准", basis="第九条", seen=it.seen
    ),
    review.send_back: lambda a, it: review.send_back(a, it.pk, to_key="survey", reason="再调查", seen=it.seen),
    publicity.issue_poster: lambda a, it: publicity.issue_poster(a, it.pk, seen=it.seen),
    publicity.record_posting: lambda a, it: publicity.record_posting(
        a, it.pk, posted_on=TODAY, place="公开栏", sealed=True, seen=it.seen
    ),
    publicity.add_publicity_photo: lambda a, it: publicity.add_publicity_photo(
        a, it.pk, upload=made.photo(), distance="near", taken_on=TODAY, seen=it.seen
    ),
    publicity.record_loss: lambda a, it: publicity.record_loss(a, it.pk, lost_on=TODAY, cause="大风", seen=it.seen),
    publicity.record_restoring: lambda a, it: publicity.record_restoring(a, it.pk, restored_on=TODAY, seen=it.seen),
    publicity.finish_publicity: lambda a, it: publicity.finish_publicity(a, it.pk, seen=it.seen),
    publicity.raise_objection: lambda a, it: publicity.raise_objection(
        a, it.pk, raised_on=TODAY, content="有房出租", anonymous=True, seen=it.seen
    ),
    publicity.answer_objection: lambda a, it: publicity.answer_objection(
        a, it.pk, objection_id=1, upheld=False, answer="不属实", seen=it.seen
    ),
    excuses.record_excuse: lambda a, it: excuses.record_excuse(
        a, it.pk, limit_id=it.limit_pk, kind="other", reason="停电", since=TODAY, seen=it.seen
    ),
    signing.open_sitting: lambda a, it: signing.open_sitting(a, case_ids=[it.pk], code=code_now()),
    signing.open_unattended_sitting: lambda a, it: signing.open_unattended_sitting(a, case_ids=[it.pk]),
    signing.sign: lambda a, it: signing.sign(a, it.pk, sitting_id=it.sitting_pk, seen=it.seen),
    signing.return_signing: lambda a, it: signing.return_signing(a, it.pk, reason="再核实", seen=it.seen),
    decision.decide: lambda a, it: decision.decide(a, it.pk, reasons="", seen=it.seen),
    filing.file_results: lambda a, it: filing.file_results(a, seen={it.pk: it.seen}),
    filing.receive_filing: lambda a, it: filing.receive_filing(a, it.filing_pk, remarks="收悉"),
    decision.serve: lambda a, it: decision.serve(
        a, it.pk, method="in_person", served_on=TODAY, received_by="李桂兰", receiver_relation="本人", duties_told=True,
        remedies_told=True, seen=it.seen,
    ),
    decision.start_benefit: lambda a, it: decision.start_benefit(a, it.pk, seen=it.seen),
    reveal.reveal_online: lambda a, it: reveal.reveal_online(
        a, it.online_pk, what="phone", row=0, reason="电话核实情况"
    ),
    reveal.reveal: lambda a, it: reveal.reveal(a, it.pk, what="phone", row=it.pk, reason="电话核实情况"),
    areas.add_area: lambda a, it: areas.add_area(
        a, code=f"{it.code[:9]}955", name="新社区", level="village", parent_code=it.code
    ),
    areas.load_areas: lambda a, it: areas.load_areas(a, [_area_row(it)]),
    areas.recode_area: lambda a, it: areas.recode_area(
        a, it.area_id, code=f"{it.code[:9]}966", name="改名", reason="批复", on=TOMORROW
    ),
    offices.save_office: lambda a, it: offices.save_office(
        a, it.office_id, name="改名机构", kind="village", seat_code=it.code, area_codes=[it.code]
    ),
    offices.close_office: lambda a, it: offices.close_office(a, it.office_id, on=TODAY, reason="批复"),
    offices.load_offices: lambda a, it: offices.load_offices(a, it.district),
    offices.load_special_offices: lambda a, it: offices.load_special_offices(a),
    offices.delegate: lambda a, it: offices.delegate(
        a, district_code=it.district, programme="TEMPORARY", basis="文件", valid_from=TODAY
    ),
    clients.add_client: lambda a, it: clients.add_client(
        a, name="对接平台", office_id=it.office_id, scopes=["applications"]
    ),
    clients.renew_client_secret: lambda a, it: clients.renew_client_secret(a, it.client_id, reason="定期更换"),
    clients.end_client: lambda a, it: clients.end_client(a, it.client_id, reason="停止对接"),
    offices.end_delegation: lambda a, it: offices.end_delegation(a, it.delegation_id, on=TODAY, reason="收回"),
    people.add_user: lambda a, it: people.add_user(
        a, username="new-clerk", name="新人", password=NEW, area_code=it.code
    ),
    people.set_user_active: lambda a, it: people.set_user_active(a, it.user_id, active=False, reason="调离"),
    people.reset_password: lambda a, it: people.reset_password(a, it.user_id, password=NEW),
    people.hand_over_user: lambda a, it: people.hand_over_user(
        a, it.user_id, area_code="150199000000", reason="调令"
    ),
    people.change_password: lambda a, it: people.change_password(a, old=PASSWORD, new=NEW),
    appointments.appoint: lambda a, it: appointments.appoint(
        a, user_id=it.user_id, post="visitor", office_id=it.office_id, valid_from=TODAY
    ),
    appointments.end_appointment: lambda a, it: appointments.end_appointment(
        a, it.appointment_id, on=TODAY, reason="调离"
    ),
    appointments.name_responsible: lambda a, it: appointments.name_responsible(
        a, office_id=it.office_id, kind="direct", person_id=it.user_id, basis="文件", valid_from=TODAY
    ),
    appointments.end_responsibility: lambda a, it: appointments.end_responsibility(
        a, it.responsibility_id, on=TODAY, reason="调离"
    ),
    sign_in.unlock: lambda a, it: sign_in.unlock(a, it.user_id, reason="电话核实"),
    second_factor.set_up_second_factor: lambda a, it: second_factor.set_up_second_factor(
        a, password=PASSWORD, secret=SECRET, code=code_now()
    ),
    second_factor.drop_second_factor: lambda a, it: second_factor.drop_second_factor(a, code=code_now()),
    second_factor.remove_second_factor: lambda a, it: second_factor.remove_second_factor(
        a, it.user_id, reason="手机丢失"
    ),
    second_factor.set_secret: lambda a, it: second_factor.set_secret(a, it.user_id, SECRET),
    calendars.load_calendar: lambda a, it: calendars.load_calendar(
        a, year=2027, content=made.calendar().read(), source="通知"
    ),
    packs.load_and_bind_pack: lambda a, it: packs.load_and_bind_pack(
        a, wanted=packs.Wanted(it.street, TODAY, "yuquan-2020"), seen=""
    ),
    packs.bind_pack: lambda a, it: packs.bind_pack(
        a, area_code=it.street, pack="tianjin-district-2022", valid_from=TODAY
    ),
    choices.record_local_choice: lambda a, it: choices.record_local_choice(
        a, parameter=it.parameter, area_code=it.street, value="022-11111111", reason="改号", valid_from=TODAY
    ),
    flags.dismiss_flag: lambda a, it: flags.dismiss_flag(a, it.flag_id, reason="已补正"),
}  # fmt: skip


def calls():
    """{dotted name: call}."""
    return {f"{function.__module__}.{function.__name__}": call for function, call in CALLS.items()}
