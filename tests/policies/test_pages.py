"""The rules pages, as people open them."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common.actors import system_actor
from policies.catalogue import catalogue
from policies.choice_forms import ChoiceForm, shape_of
from policies.models import LocalChoice, WorkingDay
from policies.packfiles import pack_keys, proposals, read_pack, written
from policies.queries import in_force
from policies.services.packs import bind_pack
from tests.builders import organization

TODAY = dt.date(2026, 9, 1)


@pytest.fixture
def tianjin(db):
    organization.district()
    bind_pack(
        system_actor("test"),
        area_code=organization.DISTRICT,
        pack="tianjin-district-2022",
        valid_from=dt.date(2023, 1, 1),
    )


def login(client, post, area):
    client.force_login(organization.post(post, area), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def handler(client, tianjin):
    return login(client, "handler", organization.STREET)


@pytest.fixture
def supervisor(client, tianjin):
    return login(client, "district_supervisor", organization.DISTRICT)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def rule_page(key, area=organization.DISTRICT):
    return f"{reverse('policies:parameter', args=[key])}?area={area}"


def test_logged_out_people_are_sent_to_sign_in(client, db):
    for name in ("in-force", "documents", "calendar", "bindings"):
        assert client.get(reverse(f"policies:{name}")).status_code == 302


@pytest.mark.requirement("POL-02")
def test_anyone_sees_the_rules_of_their_area_with_document_article_and_wording(handler):
    page = text_of(handler.get(reverse("policies:in-force")))
    assert "示例一街道的现行规则" in page
    assert "公示期为7天" in page
    assert "二(二)1" in page
    assert "002 二" not in page, "the page names its document; a code says nothing to its reader"
    assert "7 个自然日" in page
    assert "文件没有写明" in page
    assert page.count("<li>") > 150


def test_the_list_is_filtered_by_word_group_and_state(handler):
    url = reverse("policies:in-force")
    page = text_of(handler.get(url, {"q": "公示期为7天"}))
    assert "pub.days" in page
    assert "dec.signoffs" not in page
    page = text_of(handler.get(url, {"group": "calc"}))
    assert "最低生活保障标准" in page
    assert "pub.days" not in page
    page = text_of(handler.get(url, {"state": "missing", "group": "pub"}))
    assert "公示损毁恢复时限" in page
    assert "pub.sheet_fields" not in page
    assert "没有符合条件的规则" in text_of(handler.get(url, {"q": "没有这样的词"}))


def test_the_rules_of_a_foreign_area_are_not_found(handler):
    organization.foreign_district()
    page = handler.get(reverse("policies:in-force"), {"area": organization.FOREIGN_STREET})
    assert page.status_code == 404
    assert handler.get(rule_page("pub.days", organization.FOREIGN_STREET)).status_code == 404


def test_a_suspected_misprint_is_marked_with_its_advisory_value(client, db):
    organization.district("220199", "示例县")
    bind_pack(system_actor("test"), area_code="220199000000", pack="jilin-2019", valid_from=dt.date(2023, 1, 1))
    login(client, "district_officer", "220199000000")
    for url in (reverse("policies:in-force"), rule_page("ins.county.village_sample", "220199000000")):
        page = text_of(client.get(url))
        assert "疑为笔误" in page
        assert "参考值 20%，没有启用" in page


def test_a_silent_rule_shows_the_proposals_with_their_confidence(handler):
    page = text_of(handler.get(rule_page("dec.confirm_days_after_publicity", organization.STREET)))
    assert "规定时限内提出审核确认意见" in page
    assert "10 个工作日" in page
    assert "C2 见于地方政府的转述" in page
    assert "登记本地选择" not in page


def test_every_rule_has_a_page(supervisor):
    for key in catalogue().parameters:
        assert supervisor.get(rule_page(key)).status_code == 200, key


def test_an_unknown_rule_is_not_found(handler):
    assert handler.get(rule_page("pub.nonsense", organization.STREET)).status_code == 404


def test_a_supervisor_takes_a_proposal_over_and_records_it(supervisor):
    page = text_of(supervisor.get(rule_page("dec.signoffs") + "&proposal=1"))
    assert "为示例区登记本地选择" in page
    answer = supervisor.post(
        rule_page("dec.signoffs"),
        {
            "value0": "deputy_leader", "value1": "", "value2": "", "reason": "街道办公会议定", "valid_from": "2026-09-01",
            "proposal": "C2 玉泉区2020年文件", "seen": "0", "key": "form-1",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    choice = LocalChoice.objects.get()
    assert (choice.value, choice.proposal) == (["deputy_leader"], "C2 玉泉区2020年文件")
    page = text_of(supervisor.get(rule_page("dec.signoffs")))
    assert "街道办公会议定" in page
    assert "本地选择" in page


def test_a_wrong_value_comes_back_with_everything_typed(supervisor):
    form = {"value": "abc", "reason": "会议议定甲", "valid_from": "2026-09-01", "seen": "0"}
    page = text_of(supervisor.post(rule_page("calc.employment_cost_ratio"), form))
    assert "取值不合要求" in page
    assert "会议议定甲" in page
    assert not LocalChoice.objects.exists()


def test_lowering_a_minimum_is_refused_beside_the_field(supervisor):
    form = {"value": "1", "reason": "人手不足", "valid_from": "2026-09-01", "seen": "0"}
    page = text_of(supervisor.post(rule_page("sur.investigators_min"), form))
    assert "不能低于文件的要求" in page
    assert not LocalChoice.objects.exists()


def test_a_handler_who_posts_a_choice_is_refused(handler):
    form = {"value": "1", "reason": "x", "valid_from": "2026-09-01", "seen": "0"}
    answer = handler.post(rule_page("calc.standard.dibao", organization.STREET), form)
    assert answer.status_code == 403
    assert not LocalChoice.objects.exists()


def test_a_stated_rule_offers_no_form_and_refuses_a_posted_one(supervisor):
    assert "登记本地选择" not in text_of(supervisor.get(rule_page("pub.days")))
    answer = supervisor.post(rule_page("pub.days"), {"n": "3", "reason": "x", "valid_from": "2026-09-01"})
    assert answer.status_code in {409, 422}
    assert not LocalChoice.objects.exists()


@pytest.mark.requirement("POL-01", "POL-03")
def test_the_library_lists_founding_and_basis_documents(handler):
    page = text_of(handler.get(reverse("policies:documents")))
    for words in (
        "关于进一步规范社会救助管理工作的通知",
        "国务院令第649号",
        "津民规〔2022〕2号",
        "吉民发〔2019〕12号",
        "2022-12-26",
    ):
        assert words in page
    assert "本地区现行" in page
    assert "《关于进一步规范社会救助管理工作的通知》列为依据" in page


def test_the_calendar_marks_the_provisional_year(handler):
    page = text_of(handler.get(reverse("policies:calendar")))
    assert "暂定" in page
    assert "2027 年" in page
    assert "载入一年的安排" not in page


def test_an_administrator_loads_a_notice_on_the_page(client, tianjin):
    login(client, "system_admin", organization.DISTRICT)
    file = SimpleUploadedFile("2027.csv", "2027-01-01,rest,元旦\n".encode())
    form = {"year": "2027", "source": "国办发明电示例", "file": file, "key": "c-1"}
    assert client.post(reverse("policies:calendar"), form).status_code == 302
    assert WorkingDay.objects.filter(date__year=2027).count() == 1
    wrong = SimpleUploadedFile("2027.csv", b"nonsense\n")
    page = text_of(client.post(reverse("policies:calendar"), {"year": "2027", "source": "通知", "file": wrong}))
    assert "第 1 行" in page
    assert WorkingDay.objects.filter(date__year=2027).count() == 1


def test_a_handler_cannot_load_a_notice(handler):
    file = SimpleUploadedFile("2027.csv", "2027-01-01,rest,元旦\n".encode())
    handler.post(reverse("policies:calendar"), {"year": "2027", "source": "通知", "file": file})
    assert not WorkingDay.objects.filter(date__year=2027).exists()


def test_the_page_of_the_packs_in_use_lists_them_and_leads_to_the_preview(supervisor):
    bind_pack(system_actor("test"), area_code=organization.STREET, pack="nankai-2022", valid_from=TODAY)
    page = text_of(supervisor.get(reverse("policies:bindings")))
    assert "示例一街道" in page
    assert f'action="{reverse("pack-preview")}"' in page


def test_other_posts_do_not_open_the_bindings(handler):
    assert handler.get(reverse("policies:bindings")).status_code == 403


# the form of each kind gives back what it was filled with


def samples():
    seen = {}
    for place in pack_keys():
        for entry in read_pack(place).entries:
            definition = catalogue().get(entry.key)
            if not entry.unset and not definition.is_open(entry.value) and not entry.scope:
                seen.setdefault(definition.kind, (definition.key, entry.value))
    for key, rows in proposals().items():
        seen[f"proposal {key}"] = (key, rows[0].value)
    return sorted(seen.items())


@pytest.mark.parametrize(("kind", "sample"), samples(), ids=lambda item: item if isinstance(item, str) else "")
def test_a_form_reads_back_what_it_shows(kind, sample):
    key, value = sample
    definition = catalogue().get(key)
    if kind == "stages":
        return  # an order of one's own is written as a pack
    shape = shape_of(definition, value)
    begin = shape.begin(written(value))
    data = {name: text for name, text in begin.items() if text is not None}
    for name, given in data.items():
        if isinstance(given, bool) and definition.kind == "boolean":
            data[name] = "1" if given else "0"
    form = ChoiceForm(shape, {**data, "reason": "x", "valid_from": "2026-09-01"})
    assert form.is_valid(), form.errors
    read = definition.parse(form.written())
    if definition.kind == "limit":
        assert (read.n, read.unit, read.grace, read.excludes) == (value.n, value.unit, value.grace, value.excludes)
    elif definition.kind == "mapping":
        assert list(read) == list(value)
    else:
        assert read == value


def test_tiers_read_back_with_the_steps_of_the_document():
    tiers = tuple(t for e in read_pack("jilin-2019").entries if e.key == "ins.city.town_sample" for t in e.value)
    shape = shape_of(catalogue().get("ins.city.town_sample"), tiers)
    form = ChoiceForm(shape, {**shape.begin(written(tiers)), "reason": "x", "valid_from": "2026-09-01"})
    assert form.is_valid()
    assert form.shape.definition.parse(form.written()) == tiers


def test_a_chosen_order_of_stages_is_in_force(client, db):
    """Nankai runs the baseline order by a recorded choice."""
    organization.district("120104", "南开区")
    bind_pack(system_actor("test"), area_code="120104000000", pack="nankai-2022", valid_from=dt.date(2023, 1, 1))
    login(client, "district_supervisor", "120104000000")
    form = {"value": "0", "reason": "按通行次序办理", "valid_from": "2026-09-01", "seen": "0", "key": "s-1"}
    assert client.post(rule_page("stages.DIBAO", "120104000000"), form).status_code == 302
    found = in_force("stages.DIBAO", "120104001000", TODAY)
    assert [stage.key for stage in found.value][:2] == ["intake", "acceptance"]
