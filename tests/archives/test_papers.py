"""Papers: numbered without gap or double, frozen at issue, rendered once, checked by anybody."""

import subprocess
import threading
from contextlib import closing
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.urls import reverse

from archives import integrity, services
from archives.enums import PaperKind
from archives.models import IssuedPaper, PaperFile
from archives.queries import papers_of
from common import clock, files, pdf
from common.crypto import content_hash
from common.models import Progress, StoredFile
from journal.models import Entry
from tests import databases
from tests.leaks.plants import IDENTITY
from tests.people import actor

OFFICE = "示例街道办事处"
ALL = IssuedPaper.objects.unscoped(reason="test")
TEMPLATE = """<style>body {{ font-family: "Noto Serif CJK SC" }}</style>
<h1>{{ d.office }}</h1><p>{{ d.number }}</p><p>{{ d.name }}：{{ d.amount }}元</p><p>{{ d.issued_on }}</p><img src="{{ qr }}">"""


def issue(kind=PaperKind.RECEIPT, office=OFFICE, subject=5, **data):
    owner = Progress(pk=subject)
    with transaction.atomic():
        return services.issue(
            actor(), kind=kind, owner=owner, subject=("case", subject), area_code="120104001001", office_name=office,
            prefix="示民", data={"name": "示例李桂兰", "amount": Decimal("1900.00"), **data},
        )  # fmt: skip


@pytest.fixture
def template(settings, tmp_path):
    """A small template in the place of the real one."""
    folder = tmp_path / "archives" / "papers"
    folder.mkdir(parents=True)
    (folder / "receipt.html").write_text(
        TEMPLATE.replace("{{ font", "{ font").replace('SC" }}', 'SC" }'), encoding="utf-8"
    )
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    return folder / "receipt.html"


@pytest.mark.django_db
class TestIssue:
    def test_takes_the_next_number_of_office_kind_and_year(self):
        assert [issue().number for _ in range(2)] == ["示民受〔2026〕1号", "示民受〔2026〕2号"]
        assert issue(PaperKind.POSTER).number == "示民示〔2026〕1号"
        assert issue(office="示例第二街道办事处").number == "示民受〔2026〕1号"
        with clock.moved(clock.now().replace(year=2027, month=1, day=1, hour=0)):
            assert issue().number == "示民受〔2027〕1号"

    def test_a_paper_that_was_not_issued_leaves_no_gap(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - what is written is then rolled back
            issue()
            raise ZeroDivisionError
        assert issue().number == "示民受〔2026〕1号"

    @pytest.mark.requirement("MAT-21", "SEC-07")
    def test_freezes_what_the_paper_says(self):
        paper = issue(by_month={10: Decimal("1.50"), 9: Decimal(2)})
        stored = ALL.get(pk=paper.pk)
        assert stored.data == paper.data
        assert (stored.data["number"], stored.data["office"], stored.data["issued_on"]) == (
            paper.number,
            OFFICE,
            "2026-09-01",
        )
        assert stored.data["amount"] == "1900.00"
        assert content_hash(stored.data) == stored.data_hash == paper.data_hash

    def test_is_in_the_journal(self):
        paper = issue()
        entry = Entry.objects.unscoped(reason="test").latest("pk")
        assert (entry.act, entry.object_id, entry.subject_id) == ("archives.issue", str(paper.pk), "5")
        assert entry.changes["data_hash"] == [None, paper.data_hash]

    @pytest.mark.requirement("SEC-04")
    def test_is_seen_by_those_of_the_area(self):
        paper = issue()
        assert list(papers_of(actor(), ("case", 5))) == [paper]
        assert list(papers_of(actor(), ("case", 6))) == []
        assert list(papers_of(actor(area=("120104002000", "120104003000")), ("case", 5))) == []
        assert list(papers_of(actor(permissions=()), ("case", 5))) == []

    def test_its_content_is_ciphertext(self):
        paper = issue(id_number=IDENTITY[0])
        with connection.cursor() as cursor:
            cursor.execute("SELECT encode(data, 'escape') || paper::text FROM archives_issuedpaper AS paper")
            text = cursor.fetchone()[0]
        assert IDENTITY[0] not in text
        assert "示例李桂兰" not in text
        assert paper.number in text


def test_two_at_once_get_consecutive_numbers(fresh_database):
    numbers = []

    def work():
        for _ in range(5):
            numbers.append(issue().number)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == sorted(f"示民受〔2026〕{n}号" for n in range(1, 16))


class TestRender:
    @pytest.mark.django_db
    def test_says_what_was_frozen_with_embedded_fonts(self, template):
        rendered = services.render(issue(name="示例李桂兰㐂𠮷"))
        with files.open_original(rendered.file) as handle:
            content = handle.read()
        text = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
        for said in (OFFICE, "示民受〔2026〕1号", "示例李桂兰㐂𠮷", "1900.00", "2026-09-01"):
            assert said in text
        fonts = (
            subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True)
            .stdout.decode()
            .splitlines()[2:]
        )
        assert fonts
        assert all(line.split()[-5] == "yes" for line in fonts), "every font is embedded"
        assert rendered.sha256 == rendered.file.sha256

    @pytest.mark.django_db
    @pytest.mark.requirement("MAT-21")
    def test_happens_once_and_never_again(self, template, monkeypatch):
        paper = issue()
        first = services.render(paper)
        template.write_text("changed")
        monkeypatch.setattr(pdf, "render", lambda *args: pytest.fail("rendered a second time"))
        assert services.render(ALL.get(pk=paper.pk)) == first

    def test_by_two_at_once_keeps_one(self, fresh_database, template):
        paper, found = issue(), []

        def work():
            found.append(services.render(ALL.get(pk=paper.pk)).pk)
            connection.close()

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 2
        assert len(set(found)) == PaperFile.objects.unscoped(reason="test").count() == 1

    @pytest.mark.django_db
    def test_that_fails_leaves_the_paper_to_be_rendered_later(self, template, monkeypatch):
        paper = issue()
        with monkeypatch.context() as patch:
            patch.setattr(pdf, "render", lambda *args: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                services.render(paper)
        assert services.render(paper).file.content_type == "application/pdf"


@pytest.mark.django_db
class TestCheckPage:
    def test_shows_number_office_date_and_hash_and_nothing_else(self, client):
        paper = issue()
        page = client.get(reverse("archives:verify", args=[paper.check_code]))
        text = page.content.decode()
        assert page.status_code == 200
        for said in (paper.number, OFFICE, "2026年9月1日", paper.data_hash, "申请回执"):
            assert said in text
        for unsaid in ("李桂兰", "1900", "李明", "120104001001"):
            assert unsaid not in text

    @pytest.mark.parametrize("code", ["0" * 32, "x", "a" * 5000, "示例", "..%2F"])
    def test_answers_kindly_to_an_unknown_code(self, client, code):
        page = client.get(f"/archives/verify/{code}/")
        assert page.status_code == 404
        assert "没有" in page.content.decode()

    def test_says_that_an_address_with_nul_cannot_be_read(self, client):
        page = client.get("/archives/verify/%00/")
        assert page.status_code == 400
        assert "请返回上一页" in page.content.decode()

    def test_is_what_the_qr_code_names_with_the_hash(self, settings):
        settings.SITE_ADDRESS = "https://sunlight.example"
        paper = issue()
        path = reverse("archives:verify", args=[paper.check_code])
        assert services.verify_address(paper) == f"https://sunlight.example{path}#{paper.data_hash}"
        assert services.qr_svg(paper).startswith("data:image/svg+xml")

    def test_changes_nothing_and_takes_no_post(self, client):
        paper = issue()
        assert client.post(reverse("archives:verify", args=[paper.check_code])).status_code == 405

    def test_codes_cannot_be_guessed(self):
        codes = {issue().check_code for _ in range(5)}
        assert len(codes) == 5
        assert all(len(code) == 32 for code in codes)


@pytest.mark.requirement("SEC-07", "MAT-21")
class TestIntegrity:
    @pytest.fixture
    def paper(self, fresh_database, template):
        paper = issue()
        services.render(paper)
        return paper

    def as_owner(self, statement):
        tables = ("archives_issuedpaper", "archives_paperfile", "common_storedfile")
        with closing(databases.session("sunlight_owner")) as session, session.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement)
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            session.commit()

    def found(self):
        return list(integrity.violations())

    def test_nothing_is_wrong_with_an_untouched_paper(self, paper):
        assert self.found() == []

    @pytest.mark.parametrize(
        "change",
        [
            "number = 'x'",
            "office_name = 'x'",
            "kind = 'poster'",
            "issued_at = issued_at + interval '1 day'",
            "data_hash = 'x'",
        ],
    )
    def test_a_changed_column_is_found(self, paper, change):
        self.as_owner(f"UPDATE archives_issuedpaper SET {change}")
        assert self.found() != []

    def test_changed_content_is_found_also_with_a_matching_hash(self, paper):
        from common.crypto import canonical, seal

        changed = {**paper.data, "amount": "9900.00"}
        sealed = seal(canonical(changed), "archives_issuedpaper.data").hex()
        self.as_owner(
            f"UPDATE archives_issuedpaper SET data = decode('{sealed}', 'hex'), data_hash = '{content_hash(changed)}'"
        )
        assert self.found() == [f"文书 {paper.number} 在留痕中没有签发记录，或校验值与签发时不符"]

    def test_damaged_content_is_found(self, paper):
        self.as_owner("UPDATE archives_issuedpaper SET data = set_byte(data, 20, get_byte(data, 20) # 1)")
        assert "无法解密" in self.found()[0]

    def test_a_changed_or_missing_file_is_found(self, paper, settings):
        from pathlib import Path

        stored = StoredFile.objects.unscoped(reason="test").get()
        path = Path(settings.MEDIA_ROOT) / stored.original_path
        path.write_bytes(path.read_bytes() + b" ")
        assert self.found() == [f"文件 {stored.pk} 的内容与登记的校验值不符"]
        path.unlink()
        assert self.found() == [f"文件 {stored.pk} 缺失"]

    def test_an_exchanged_hash_is_found(self, paper):
        self.as_owner("UPDATE archives_paperfile SET sha256 = 'x'")
        assert len(self.found()) == 1
