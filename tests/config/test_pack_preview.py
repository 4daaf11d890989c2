"""A pack for an area, as an administrator loads it: the preview says what changes, one button does it."""

import datetime as dt
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.services.engine import procedure_of
from common import clock
from common.errors import Forbidden, Stale
from journal.models import Entry
from policies.errors import BrokenPack, WrongDate
from policies.models import PackBinding, PolicyDocument
from policies.queries import Rules, in_force
from policies.services.packs import Wanted, bind_pack, load_and_bind_pack, load_packs, propose
from tests.builders import cases as build
from tests.builders.organization import DISTRICT, OTHER_STREET, STREET, actor, foreign_district, post
from tests.builders.unchanged import nothing_changes
from tests.scenarios import sixth_pack

pytestmark = pytest.mark.django_db
TODAY, OCTOBER = dt.date(2026, 9, 1), dt.date(2026, 10, 1)
PREVIEWED = re.compile(r'name="previewed" value="([^"]+)"')


@pytest.fixture
def people():
    return build.street()


@pytest.fixture
def supervisor(client, people):
    user = post("district_supervisor", DISTRICT)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.actor = actor(user)
    return client


@pytest.fixture
def text(tmp_path):
    return sixth_pack.write(tmp_path).read_text(encoding="utf-8")


def previews(client, *, text="", pack="", area=DISTRICT, day=OCTOBER, name="pack.toml"):
    form = {"area": area, "valid_from": day.isoformat(), "pack": pack}
    if text:
        form["file"] = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
    return client.post(reverse("pack-preview"), form)


def confirms(client, page):
    sealed = PREVIEWED.search(page.content.decode())[1]
    return client.post(reverse("pack-load"), {"previewed": sealed, "key": str(uuid.uuid4())})


def journal():
    return Entry.objects.unscoped(reason="test")


def words(page, status=200):
    assert page.status_code == status, page.content.decode()[-2500:]
    return page.content.decode()


@pytest.mark.requirement("POL-02")
def test_a_file_is_previewed_and_then_governs_the_area_from_the_day_on(supervisor, text):
    page = previews(supervisor, text=text)
    assert "《示例第六区社会救助办法》" in words(page)
    assert "现在还什么都没有变" in words(page)
    assert not PolicyDocument.objects.filter(key=sixth_pack.KEY).exists()
    assert confirms(supervisor, page).status_code == 302
    assert in_force("pub.days", STREET, OCTOBER).value.n == 5
    assert in_force("pub.days", STREET, OCTOBER - dt.timedelta(days=1)).value.n == 7
    line = journal().get(act="policies.load_and_bind_pack")
    assert line.changes["pack"] == ["tianjin-district-2022", sixth_pack.KEY]
    assert len(line.changes["sha256"][1]) == 64


def test_the_preview_writes_nothing(supervisor, people, text):
    build.walk(people)
    with nothing_changes():
        words(previews(supervisor, text=text))


def test_the_preview_counts_running_cases_and_names_the_numbers_they_will_meet(supervisor, people, text):
    build.walk(people)
    build.walk(people).to("SURVEY")
    found = words(previews(supervisor, text=text))
    running = found[found.index("正在办的个案") : found.index("以后的申请：办理先后")]
    assert re.search(r'最低生活保障 <span class="sl-num">2</span>', running)
    assert "办理先后在受理时已经定下，不变" in running
    assert "7 个自然日" in running
    assert "5 个工作日" in running, "the days of the notice follow the day of the posting"
    assert "档案" not in running, "nothing of the running cases' way asks for that"


def test_a_street_with_its_own_document_is_left_out(supervisor, people, text):
    build.walk(people)
    bind_pack(supervisor.actor, area_code=STREET, pack="nankai-2022", valid_from=TODAY)
    found = words(previews(supervisor, text=text))
    assert "这里没有正在办的个案" in found
    assert "不受影响：示例一街道" in found


def test_orders_and_numbers_stand_old_beside_new_and_what_falls_silent_is_marked(supervisor):
    found = words(previews(supervisor, pack="yuquan-2020"))
    assert found.count('class="sl-flow"') >= 4, "an order before and after for each programme that changes"
    assert "民主评议" in found
    silent = found[found.index("以后的申请：规定的改动") : found.index("本地选择</h2>")]
    assert "不再有数值" in silent
    assert "7 个自然日" in silent
    assert "《呼和浩特市玉泉区社会救助工作责任监督管理制度》" in found or "001" not in silent


def test_local_choices_say_whether_the_new_document_leaves_them_room(supervisor, text):
    found = words(previews(supervisor, text=text))
    choices = found[found.index("本地选择</h2>") :]
    assert "不再起作用" in choices
    assert "文件自己写明" in choices
    assert "继续有效" in choices
    proposed = propose(supervisor.actor, Wanted(DISTRICT, OCTOBER, text=text, file="a.toml"))
    after = Rules.planned(DISTRICT, OCTOBER, proposed.document, proposed.plan.rows(OCTOBER))
    assert after["dec.limit.dibao"].value.n == 45, "stated now; the choice of thirty days has no say any more"


def test_a_case_in_hand_keeps_its_order_and_a_new_one_gets_the_new(supervisor, people, text):
    old = build.walk(people).to("SURVEY")
    pinned = old.case.procedure
    confirms(supervisor, previews(supervisor, text=text))
    clock.move(dt.datetime(2026, 10, 9, 9, 0))
    old.case.refresh_from_db()
    assert old.case.procedure == pinned
    keys = [stage["key"] for stage in procedure_of(build.VILLAGE, "DIBAO", clock.today())]
    assert keys == [key for key, *_rest in sixth_pack.STAGES]
    assert keys != [stage["key"] for stage in pinned]


def test_what_must_still_be_recorded_is_said(supervisor):
    found = words(previews(supervisor, pack="jincheng-chengqu-2023", area=OTHER_STREET))
    assert "启用以后还要登记的" in found
    assert "公示期" in found[found.index("启用以后还要登记的") : found.index("以后的申请：办理先后")]


def test_a_broken_file_comes_back_with_its_lines_and_nothing_is_written(supervisor, text):
    broken = text.replace('unit = "calendar_day"', 'unit = "day"', 1).replace(
        'after = ["survey"]', 'after = ["nowhere"]'
    )
    with nothing_changes(leave_out=("journal_entry",)):
        found = words(previews(supervisor, text=broken), 422)
    assert "处错，没有载入" in found
    assert len(re.findall(r"<li>第 \d+ 行：", found)) >= 2
    assert OCTOBER.isoformat() in found, "the day stays as typed"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"\xff\xd8\xff\xe0", "不是 UTF-8"),
        (b"   ", "文件是空的"),
        (b"a" * (300 * 1024 + 1), "文件太大"),
        (b'key = "a"\nkey = "b"', "第 2 行"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, "处错"),
        (b'key = "x\\u0000"', "处错"),
    ],
)
def test_what_is_no_pack_is_refused_in_a_sentence(supervisor, sent, said):
    with nothing_changes(leave_out=("journal_entry",)):
        assert said in words(previews(supervisor, text=sent), 422)


def test_the_key_of_a_pack_of_the_program_or_of_another_office_is_refused(supervisor, people, text):
    def refusal(new):
        with pytest.raises(BrokenPack) as found:
            propose(supervisor.actor, Wanted(DISTRICT, OCTOBER, text=text.replace(sixth_pack.KEY, new), file="a.toml"))
        return found.value.sentences

    assert "程序自带" in refusal("yuquan-2020")[0]
    basis = PolicyDocument.objects.filter(kind="basis").order_by("pk").first()
    assert "文件库里另一份文件" in refusal(basis.key)[0]
    foreign_district()
    other = actor(post("district_supervisor", "150199000000"))
    wanted = Wanted("150199000000", OCTOBER, text=text, file="a.toml")
    load_and_bind_pack(other, wanted=wanted, seen=propose(other, wanted).state)
    assert "别的地区在用" in refusal(sixth_pack.KEY)[0]


def test_a_known_key_replaces_values_from_their_days(supervisor, text):
    confirms(supervisor, previews(supervisor, text=text))
    later = text.replace(
        'key = "pub.days"\nvalue = { n = 5, unit = "working_day" }',
        'key = "pub.days"\neffective_from = 2026-11-01\nvalue = { n = 6, unit = "working_day" }',
    )
    page = previews(supervisor, text=later, day=dt.date(2026, 12, 1))
    assert "已经启用这份文件" in words(page)
    assert "6 个工作日" in words(page)
    confirms(supervisor, page)
    assert in_force("pub.days", STREET, dt.date(2026, 10, 31)).value.n == 5
    assert in_force("pub.days", STREET, dt.date(2026, 11, 1)).value.n == 6
    assert PackBinding.objects.filter(document__key=sixth_pack.KEY).count() == 1, "it governs already"


def test_loading_the_packs_of_the_program_leaves_an_uploaded_one(supervisor, text):
    confirms(supervisor, previews(supervisor, text=text))
    load_packs(supervisor.actor)
    assert in_force("pub.days", STREET, OCTOBER).value.n == 5


def test_what_changed_since_the_preview_is_shown_anew(supervisor, text):
    page = previews(supervisor, text=text)
    bind_pack(supervisor.actor, area_code=DISTRICT, pack="nankai-2022", valid_from=TODAY)
    again = confirms(supervisor, page)
    assert "已被他人更新" in words(again, 409)
    assert not PolicyDocument.objects.filter(key=sixth_pack.KEY).exists()
    assert confirms(supervisor, again).status_code == 302


def test_only_what_was_previewed_by_the_same_person_can_be_confirmed(supervisor, client, text):
    page = previews(supervisor, text=text)
    sealed = PREVIEWED.search(page.content.decode())[1]
    for wrong in ("", sealed[:-8] + "AAAAAAAA"):
        answer = supervisor.post(reverse("pack-load"), {"previewed": wrong, "key": str(uuid.uuid4())})
        assert "预览已经失效" in words(answer, 404)
    other = post("district_supervisor", DISTRICT)
    client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("pack-load"), {"previewed": sealed, "key": "k"}).status_code == 404
    assert not PolicyDocument.objects.filter(key=sixth_pack.KEY).exists()


def test_the_same_form_sent_twice_binds_once(supervisor, text):
    sealed = PREVIEWED.search(previews(supervisor, text=text).content.decode())[1]
    form = {"previewed": sealed, "key": str(uuid.uuid4())}
    assert [supervisor.post(reverse("pack-load"), form).status_code for _time in range(2)] == [302, 302]
    assert PackBinding.objects.filter(area_code=DISTRICT).count() == 2


def test_a_past_day_the_same_document_and_a_missing_choice_are_refused(supervisor):
    assert "不能追溯到过去" in words(previews(supervisor, pack="yuquan-2020", day=dt.date(2026, 8, 1)), 422)
    assert "不用再启用" in words(previews(supervisor, pack="tianjin-district-2022"), 422)
    assert "请选一份" in words(previews(supervisor), 422)
    assert "只留一样" in words(previews(supervisor, text="x", pack="yuquan-2020"), 422)
    with pytest.raises(WrongDate):
        propose(supervisor.actor, Wanted(DISTRICT, dt.date(2020, 1, 1), "yuquan-2020"))


def test_other_posts_neither_preview_nor_load(client, people, text):
    client.force_login(build.post_user(people.handler), backend="django.contrib.auth.backends.ModelBackend")
    assert previews(client, text=text).status_code == 403
    assert client.post(reverse("pack-load"), {"previewed": "x"}).status_code == 403
    with pytest.raises(Forbidden):
        load_and_bind_pack(people.handler, wanted=Wanted(DISTRICT, OCTOBER, "yuquan-2020"), seen="")


def test_a_confirmation_without_a_preview_is_stale(supervisor):
    with pytest.raises(Stale):
        load_and_bind_pack(supervisor.actor, wanted=Wanted(DISTRICT, OCTOBER, "yuquan-2020"), seen="")
