"""The printed papers: what stands on them, what must not, and that every character is really there."""

import datetime as dt
import io
import re
import subprocess
from decimal import Decimal

import pikepdf
import pytest
from django.templatetags.static import static
from django.utils import translation

from archives.enums import PaperKind
from archives.models import IssuedPaper, PaperFile
from archives.services import qr_svg, render
from cases.enums import ItemCategory, ItemKind, Opinion, Relation, Work
from cases.models import CaseMember
from cases.services import materials
from cases.services.intake import ItemData, MemberData
from common import clock, files, pdf
from common.crypto import content_hash
from common.ids import mask_id, mask_phone
from common.money import capital_yuan
from tests.builders import cases as build

RARE = "𬱖䶮㛃"
FULL_NUMBERS_ALLOWED = {PaperKind.AUTHORIZATION, PaperKind.APPROVAL_FORM}
HASH = "0123456789abcdef" * 4


# --- Reading a PDF ----------------------------------------------------------------------------------------------------


def text_of(content):
    """What pdftotext reads, without white space: columns and wrapped lines do not matter."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return re.sub(r"\s", "", done.stdout.decode())


def pages_of(content):
    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


def fonts_not_embedded(content):
    done = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True)
    rows = [line.split() for line in done.stdout.decode().splitlines()[2:]]
    assert rows, "a paper has fonts"
    return [row[0] for row in rows if row[-5] != "yes"]


def missing_glyphs(content):
    """Fonts that draw an empty box: WeasyPrint maps a character without a glyph to glyph 0 by an encoding of its own."""
    found = set()
    with pikepdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            for name, font in page.Resources.Font.items():
                if font.get("/Encoding") != "/Identity-H":
                    found.add(name)
    return found


def words_outside_the_margins(content, margin=20):
    """Words that reach into the outermost points of their page, where printers cut (`margin` in points, 20 is 7 mm)."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True)
    listed = done.stdout.decode()
    width, height = map(float, re.search(r'<page width="([\d.]+)" height="([\d.]+)"', listed).groups())
    boxes = re.findall(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', listed)
    return [
        word
        for x, y, right, bottom, word in boxes
        if float(x) < margin or float(y) < margin or float(right) > width - margin or float(bottom) > height - margin
    ]


def assert_sound(content):
    """Archive format, embedded fonts, no box in place of a character, nothing cut off."""
    with pikepdf.open(io.BytesIO(content)) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
    assert fonts_not_embedded(content) == []
    assert missing_glyphs(content) == set()
    assert words_outside_the_margins(content) == []


# --- Papers of real cases ---------------------------------------------------------------------------------------------


def issued(one):
    """kind → papers of a walked case with their PDF, in the order of issue."""
    rows = IssuedPaper.objects.unscoped(reason="test").filter(subject_id=str(one.case_id)).order_by("pk")
    found = {}
    for paper in rows:
        found.setdefault(paper.kind, []).append((paper, content_of(paper)))
    return found


def content_of(paper):
    with files.open_original(render(paper).file) as handle:
        return handle.read()


def assert_shows_its_case(paper, content, case):
    """Household, number, office and date of this case, and the hash of its frozen data."""
    text = text_of(content)
    day = paper.issued_at.astimezone(clock.ZONE)
    assert case.applicant_name in text
    assert case.number in text
    assert paper.number in text
    assert case.office.name in text
    assert f"{day.year}年{day.month}月{day.day}日" in text
    assert paper.data_hash in text
    assert content_hash(paper.data) == paper.data_hash
    assert_sound(content)


def assert_numbers_only_where_allowed(kind, content, case, numbers):
    text = text_of(content)
    assert case.phone not in text
    assert case.account not in text
    shown = [number for number in numbers if number in text]
    assert (kind in FULL_NUMBERS_ALLOWED) == bool(shown), f"{kind}: {len(shown)} full identity numbers"


@pytest.fixture
def granted():
    """A family of three walked to its decision, with every paper on the way."""
    one = build.walk(application=build.family()).submits().asks_missing().brings_materials().accepts()
    for member in one.members()[:2]:
        materials.print_authorization(one.people.handler, one.case_id, member_id=member.pk, seen=one.seen)
    one.authorizes().surveys().requests_check().centre_answers().settles().gives_opinion()
    one.posts().days_pass(8).finishes_publicity()
    return one.signs(one.people.deputy).signs(one.people.principal).decides()


@pytest.mark.django_db
@pytest.mark.requirement("MAT-25", "DEC-16", "DEC-19", "PUB-03", "PUB-05", "PUB-28", "CHK-02", "SUR-06", "INT-04")
def test_every_paper_of_a_granted_case_shows_that_case_and_no_more_than_it_may(granted):
    case, papers = granted.case, issued(granted)
    numbers = [member.id_number for member in granted.members()]
    of_other_ways = {PaperKind.REFUSAL_OF_ACCEPTANCE, PaperKind.DENIAL_NOTICE, PaperKind.FILING_SUMMARY}
    assert set(papers) == set(PaperKind.values) - of_other_ways
    for kind, rows in papers.items():
        for paper, content in rows:
            assert_shows_its_case(paper, content, case)
            assert_numbers_only_where_allowed(kind, content, case, numbers)
    texts = {kind: text_of(rows[0][1]) for kind, rows in papers.items()}
    for kind in (PaperKind.POSTER, PaperKind.APPROVAL_FORM, PaperKind.GRANT_NOTICE):
        assert "1,900.00元" in texts[kind]
    for kind in (PaperKind.APPROVAL_FORM, PaperKind.GRANT_NOTICE):
        assert "大写：壹仟玖佰元整" in texts[kind]
    assert pages_of(papers[PaperKind.GRANT_NOTICE][0][1]) == 1
    assert pages_of(papers[PaperKind.POSTER][0][1]) == 1
    _check_poster(texts[PaperKind.POSTER], granted)
    _check_notice(texts[PaperKind.GRANT_NOTICE])
    _check_forms(texts, papers, granted)


def _check_poster(text, one):
    for wanted in ("最低生活保障", "公示时间自张贴次日起7天", "监督举报电话022-00000000", "（印章）"):
        assert wanted in text
    for member in one.members():
        assert mask_id(member.id_number) not in text
        assert member.relation == Relation.SELF or member.name not in text
    for unrelated in (
        "春和里3号楼",
        "重度残疾",
        mask_phone(one.case.phone),
        "示例银行",
        "下岗",
        one.people.handler.name,
    ):
        assert unrelated not in text


def _check_notice(text):
    for wanted in ("准予你户享受最低生活保障", "自2026年10月起发放", "报告义务", "行政复议", "行政诉讼", "送达回证"):
        assert wanted in text
    assert "保障对象：李桂兰、王德顺、王子墨" in text
    assert "公示期间无异议" in text
    assert not re.search(r"00\d[一二三四五六七八九十第]", text), "documents stand with their titles, not with our codes"


def _check_forms(texts, papers, one):
    for paper, content in papers[PaperKind.AUTHORIZATION]:
        member = CaseMember.objects.unscoped(reason="test").get(pk=paper.owner_id)
        assert member.name in text_of(content)
        assert member.id_number in text_of(content)
        assert "严禁代签字、代按指印" in text_of(content)
    for name in (one.people.handler.name, one.people.colleague.name, "王德顺", "住房一室一厅", "1,450.00"):
        assert name in texts[PaperKind.SURVEY_FORM]
    for name in (one.people.deputy.name, one.people.principal.name, "初审意见", "家庭月收入", "1,880.00"):
        assert name in texts[PaperKind.APPROVAL_FORM]
    missing = texts[PaperKind.MISSING_NOTICE]
    assert "申请书" in missing
    assert "银行账户" in missing
    assert one.case.receipt_code in texts[PaperKind.RECEIPT]
    assert one.case.draw_code in texts[PaperKind.RECEIPT].replace(" ", "")


@pytest.mark.django_db
@pytest.mark.requirement("MAT-25", "DEC-17")
def test_a_denial_notice_gives_reason_basis_and_remedies_to_applicant_or_agent():
    member = build.applicant("赵六", work=Work.EMPLOYED)
    wage = ItemData(ItemKind.INCOME, ItemCategory.WAGE, Decimal("4450.00"), 0, "保安")
    one = build.walk(members=[member], items=[wage], agent_name="何晓蕾", agent_relation="社区协理员")
    one.to("DELIVERY", opinion=Opinion.REFUSE)
    papers = issued(one)
    for kind in (PaperKind.DENIAL_NOTICE, PaperKind.APPROVAL_FORM):
        paper, content = papers[kind][0]
        assert_shows_its_case(paper, content, one.case)
        assert_numbers_only_where_allowed(kind, content, one.case, [member.id_number])
    text = text_of(papers[PaperKind.DENIAL_NOTICE][0][1])
    for wanted in (
        "不予确认",
        "理由：人均收入不低于保障标准",
        "依据：《社会救助暂行办法》第九条",
        "行政复议",
        "行政诉讼",
        "受托人：何晓蕾",
    ):
        assert wanted in text
    assert PaperKind.POSTER not in papers


@pytest.mark.django_db
def test_a_refusal_of_acceptance_is_rendered_once_and_then_the_stored_file():
    one = build.walk().submits()
    materials.refuse_acceptance(
        one.people.handler,
        one.case_id,
        reason="户籍和经常居住地均不在本街道。",
        basis="《社会救助暂行办法》第十一条",
        seen=one.seen,
    )
    paper, content = issued(one)[PaperKind.REFUSAL_OF_ACCEPTANCE][0]
    assert_shows_its_case(paper, content, one.case)
    text = text_of(content)
    assert "理由：户籍和经常居住地均不在本街道。" in text
    assert "依据：《社会救助暂行办法》第十一条" in text
    assert content_of(paper) == content
    assert PaperFile.objects.unscoped(reason="test").filter(paper=paper).count() == 1


@pytest.mark.django_db
def test_a_household_of_nine_with_long_and_rare_names_flows_on_without_loss():
    names = [
        "阿不都热依木·买买提吐尔逊·艾力" + RARE,
        RARE,
        "王𬱖",
        "欧阳慕容子墨",
        "王一",
        "王二",
        "王三",
        "王老太",
        "王叔",
    ]
    members = [build.applicant(names[0])] + [
        MemberData(name, Relation.CHILD, build.identity(dt.date(1990 + at, 5, 6)), Work.UNEMPLOYED)
        for at, name in enumerate(names[1:])
    ]
    address = "春和里小区东区甲十七号楼二单元五〇一室（原国营第三棉纺织厂家属院北门进左手第二排）"
    difficulty = "本人患病，长期透析，家人无固定收入，医疗支出大，生活困难。" * 12
    one = build.walk(members=members, items=[], address=address, difficulty=difficulty).to("DELIVERY")
    papers = issued(one)
    for kind in (
        PaperKind.RECEIPT,
        PaperKind.SURVEY_FORM,
        PaperKind.POSTER,
        PaperKind.APPROVAL_FORM,
        PaperKind.GRANT_NOTICE,
    ):
        paper, content = papers[kind][0]
        assert_shows_its_case(paper, content, one.case)
    _paper, form = papers[PaperKind.APPROVAL_FORM][0]
    joined = text_of(form)
    assert pages_of(form) > 1
    assert f"共{pages_of(form)}页" in joined
    for member in one.members():
        assert member.id_number in joined
    assert address in joined
    assert joined.count("长期透析") == 12


# --- The renderer -----------------------------------------------------------------------------------------------------


def paper_by_hand(**data):
    """A paper that is not in the database, with the data of a poster."""
    paper = IssuedPaper(
        number="示例一街道救示〔2026〕1号", kind=PaperKind.POSTER, office_name="天津市示例区示例一街道办事处",
        issued_at=dt.datetime(2026, 9, 1, 9, 0, tzinfo=clock.ZONE), data_hash=HASH, check_code="0" * 32,
    )  # fmt: skip
    paper.data = {
        "number": paper.number, "office": paper.office_name, "case_number": "示例-DB-2026-0001", "programme": "最低生活保障",
        "applicant": RARE, "village": "一春和里社区", "persons": 3, "supported": 3, "amount": "1,900.00", "days": 7,
        "days_unit": "天", "make_up": True, "hotline": "022-00000000", "district_hotline": "", "district_office": "",
    } | data  # fmt: skip
    return paper


def render_by_hand(paper):
    return pdf.render(f"archives/papers/{paper.kind}.html", {"paper": paper, "d": paper.data, "qr": qr_svg(paper)})


def test_a_poster_from_before_its_data_knew_a_title_still_reads_as_it_did():
    text = text_of(render_by_hand(paper_by_hand()))
    for said in ("审核公示示例一", "和初审，以下家庭拟纳入最低生活保障", "拟保障人口数3人", "拟保障金额每月1,900.00元"):
        assert said in text


def test_a_poster_has_the_title_of_its_stage():
    text = text_of(render_by_hand(paper_by_hand(title="拟批准公示", decided=False)))
    assert "拟批准公示示例一" in text
    assert "拟纳入最低生活保障" in text


@pytest.mark.requirement("PUB-21")
def test_a_poster_that_follows_the_decision_speaks_of_what_is_decided():
    content = render_by_hand(paper_by_hand(title="公示", decided=True))
    assert_sound(content)
    assert pages_of(content) == 1
    text = text_of(content)
    assert "以下家庭已审核确认纳入最低生活保障" in text
    assert "保障人口数3人保障金额每月1,900.00元" in text
    assert "拟" not in text


def test_rare_characters_of_names_are_printed_as_such():
    content = render_by_hand(paper_by_hand())
    assert RARE in text_of(content)
    assert HASH in text_of(content)
    assert_sound(content)


def test_the_search_for_boxes_finds_one():
    content = render_by_hand(paper_by_hand(applicant="王\U0010fffd"))
    assert missing_glyphs(content)


def test_the_search_for_cut_words_finds_one(monkeypatch):
    monkeypatch.setattr(pdf, "render_to_string", lambda *_args: "<style>@page{size:A4;margin:0}</style><p>裁掉</p>")
    assert words_outside_the_margins(pdf.render("any", {})) == ["裁掉"]


def test_a_very_long_office_and_two_telephones_stay_on_one_sheet():
    name = "呼和浩特市玉泉区示例镇人民政府社会救助审核确认办公室"
    paper = paper_by_hand(
        office=name, district_office="呼和浩特市玉泉区民政局", district_hotline="0471-0000000", village="示例" * 12
    )
    content = render_by_hand(paper)
    assert pages_of(content) == 1
    assert_sound(content)
    assert "0471-0000000" in text_of(content)


def test_papers_stay_chinese_for_a_reader_of_another_language():
    with translation.override("en"):
        assert "审核公示" in text_of(render_by_hand(paper_by_hand()))


def test_a_static_storage_with_hashed_names_changes_nothing(settings, tmp_path):
    """As in production; nothing is collected here, so a paper that asked the storage for an address would fail."""
    settings.STATIC_ROOT = str(tmp_path)
    manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": manifest}}
    with pytest.raises(ValueError, match="manifest"):
        static("documents.css")
    content = render_by_hand(paper_by_hand())
    assert pages_of(content) == 1
    assert_sound(content)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/a.png", "https://example.org/a.png", "file:///etc/hostname", "../manage.py"]
)
def test_a_paper_fetches_nothing_but_its_style(monkeypatch, address):
    monkeypatch.setattr(pdf, "render_to_string", lambda *_args: f'<img src="{address}">')
    with pytest.raises(pdf.PaperBroken):
        pdf.render("any", {})


def test_without_its_style_no_paper_is_made(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "STYLE", tmp_path / "documents.css")
    with pytest.raises(pdf.PaperBroken):
        render_by_hand(paper_by_hand())


# --- Capital figures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("10.00", "壹拾元整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1005.30", "壹仟零伍元叁角整"),
        ("1900.00", "壹仟玖佰元整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("100000.01", "壹拾万元零壹分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("10010001.00", "壹仟零壹万零壹元整"),
        ("100005000.00", "壹亿零伍仟元整"),
        ("9999999999.99", "玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("-5.20", "负伍元贰角整"),
    ],
)
def test_amounts_in_capital_figures(amount, words):
    assert capital_yuan(Decimal(amount)) == words
