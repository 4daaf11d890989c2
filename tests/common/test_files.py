"""Uploads: what is taken, what is refused and how, and that evidence stays as it came."""

import io
import json
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from common import filechecks, files
from common.acts import act
from common.crypto import SUITE
from common.errors import Invalid
from common.models import StoredFile
from tests.people import actor

HOSTILE = Path(__file__).parent.parent / "data" / "hostile"
EXPECTED = json.loads((HOSTILE / "expected.json").read_text(encoding="utf-8"))
ALL = StoredFile.objects.unscoped(reason="test")


def store(content, name="photo.jpg"):
    return files.store(actor(), SimpleUploadedFile(name, content), area_code="120104001001", purpose="material")


def original(stored):
    with files.open_original(stored) as handle:
        return handle.read()


def shown(stored):
    with files.open_display(stored) as handle:
        return handle.read()


def shown_picture(stored):
    return Image.open(io.BytesIO(shown(stored)))


def picture(mode="RGB", size=(60, 40), colour=None, kind="JPEG", **options):
    out = io.BytesIO()
    Image.new(mode, size, colour or 0).save(out, kind, **options)
    return out.getvalue()


def document(pages=1, change=lambda pdf: None, **options):
    pdf, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        pdf.add_blank_page()
    change(pdf)
    pdf.save(out, **options)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPECTED)
def test_each_hostile_file_gets_its_right_answer(name):
    content, expected = (HOSTILE / name).read_bytes(), EXPECTED[name]
    if expected["decision"] == "refuse":
        with pytest.raises(Invalid) as refused:
            store(content, name)
        assert (refused.value.code, refused.value.field) == (expected["code"], "file")
        assert not ALL.exists()
        return
    stored = store(content, name)
    display = shown(stored)
    assert Image.open(io.BytesIO(display)).format == "JPEG"
    assert files.display_type(stored) == "image/jpeg"
    for trace in (b"script", b"<?php", b"Exif", b"html"):
        assert trace not in display
    assert original(stored) == content


@pytest.mark.django_db
@pytest.mark.requirement("MAT-21")
class TestStored:
    def test_the_original_is_kept_byte_for_byte_with_its_hash(self):
        content = picture(kind="PNG")
        stored = store(content, "../../etc/张三的身份证.png")
        assert (stored.content_type, stored.size, stored.sha256) == ("image/png", len(content), SUITE.digest(content))
        assert original(stored) == content
        assert SUITE.digest(shown(stored)) == stored.display_sha256
        assert "张三" not in stored.original_path
        assert ".." not in stored.original_path

    def test_files_are_closed_to_other_users_of_the_machine(self, settings):
        stored = store(picture())
        path = Path(settings.MEDIA_ROOT) / stored.original_path
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0

    def test_a_large_picture_is_shown_smaller(self):
        stored = store(picture(size=(4000, 1000)))
        assert (stored.width, stored.height) == (4000, 1000)
        assert shown_picture(stored).size == (1600, 400)

    def test_a_turned_picture_is_shown_upright(self):
        exif = Image.Exif()
        exif[0x0112] = 6
        stored = store(picture(size=(60, 40), exif=exif))
        assert (stored.width, stored.height) == shown_picture(stored).size == (40, 60)

    def test_the_cameras_time_is_read_but_never_one_to_come(self):
        assert store((HOSTILE / "gps_wrong_date.jpg").read_bytes()).taken_at.isoformat() == "2019-01-01T00:00:00+08:00"
        assert store((HOSTILE / "gps_future_date.jpg").read_bytes()).taken_at is None

    @pytest.mark.parametrize(
        ("mode", "kind", "colour"),
        [("RGBA", "PNG", (0, 0, 0, 0)), ("LA", "PNG", (0, 0)), ("RGBA", "WEBP", (0, 0, 0, 0))],
    )
    def test_what_is_transparent_is_shown_on_white(self, mode, kind, colour):
        stored = store(picture(mode, colour=colour, kind=kind), "scan.png")
        assert shown_picture(stored).getpixel((5, 5)) == (255, 255, 255)

    def test_print_colours_are_not_inverted(self):
        display = shown_picture(store(picture("CMYK", colour=(0, 255, 255, 0))))
        red, green, blue = display.getpixel((5, 5))
        assert (red > 200, green < 60, blue < 60) == (True, True, True)

    def test_a_pdf_is_kept_and_shown_as_it_is(self):
        content = document(2)
        stored = store(content, "scan.pdf")
        assert (stored.content_type, stored.display_path) == ("application/pdf", stored.original_path)
        assert shown(stored) == content


@pytest.mark.django_db
class TestRefused:
    def code(self, content, name="f.pdf"):
        with pytest.raises(Invalid) as refused:
            store(content, name)
        assert refused.value.status == 422
        return refused.value.code

    def test_too_large(self, settings):
        settings.UPLOAD_MAX_BYTES = 100
        assert self.code(picture()) == "FILE_TOO_LARGE"

    def test_too_many_pixels(self, settings):
        settings.UPLOAD_MAX_PIXELS = 1000
        assert self.code(picture()) == "IMAGE_TOO_LARGE"

    def test_half_a_picture_also_after_papers_were_rendered_in_this_process(self):
        import weasyprint  # noqa: F401 - its import makes Pillow lenient for the whole process

        ImageFile.LOAD_TRUNCATED_IMAGES = True
        assert self.code(picture(size=(400, 400))[:-400], "a.jpg") == "FILE_UNREADABLE"

    def test_a_picture_kind_that_is_not_for_photographs(self):
        assert self.code(picture(kind="GIF"), "a.gif") == "TYPE_NOT_ALLOWED"

    def test_half_a_pdf(self):
        content = document(3)
        assert self.code(content[: len(content) // 2]) == "FILE_UNREADABLE"

    def test_a_pdf_with_password(self):
        assert self.code(document(encryption=pikepdf.Encryption(user="x", owner="y"))) == "FILE_PASSWORD"

    def test_a_pdf_without_pages(self):
        assert self.code(document(0)) == "FILE_UNREADABLE"

    @pytest.mark.parametrize(
        "change",
        [
            lambda pdf: pdf.Root.__setitem__("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")),
            lambda pdf: pdf.Root.__setitem__("/AA", pikepdf.Dictionary()),
            lambda pdf: pdf.attachments.__setitem__("setup.exe", b"MZ"),
            lambda pdf: pdf.pages[0].obj.__setitem__(
                "/Annots", pikepdf.Array([pikepdf.Dictionary(A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"))])
            ),
            lambda pdf: pdf.Root.__setitem__("/AcroForm", pikepdf.Dictionary(XFA="x")),
        ],
        ids=["script at opening", "further actions", "attachment", "program behind a place on the page", "XFA form"],
    )  # fmt: skip
    def test_a_pdf_that_does_something(self, change):
        assert self.code(document(change=change)) == "PDF_ACTIVE_CONTENT"

    def test_but_not_one_that_only_opens_at_a_place(self):
        def at_place(pdf):
            pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.FitH, 0])

        assert store(document(change=at_place), "scan.pdf").pk

    def test_storage_that_is_full_says_so_and_leaves_no_row(self, monkeypatch):
        def full(*args):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
        with pytest.raises(files.StorageDown) as refused:
            store(picture())
        assert refused.value.status == 503
        assert not ALL.exists()


SEEDS = [(HOSTILE / name).read_bytes() for name in ("cmyk.jpg", "gps_wrong_date.jpg", "javascript.pdf", "photo.heic")]
SEEDS += [picture(kind="PNG"), picture(kind="WEBP"), document(1)]


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12),
    st.integers(0, 40),
)
def test_damaged_files_are_taken_or_refused_and_never_an_error(seed, changes, cut):
    content = bytearray(seed[: len(seed) - cut])
    for position, value in changes:
        content[position % len(content)] = value
    try:
        checked = filechecks.check(bytes(content), name="x.jpg")
    except Invalid:
        return
    assert checked.display


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(content):
    with pytest.raises(Invalid):
        filechecks.check(content, name="x.jpg")


def in_storage(root):
    return sorted(path for path in Path(root).rglob("*") if path.is_file())


@pytest.mark.django_db
def test_files_of_a_refused_act_leave_the_storage_and_those_of_an_act_within_it_too(settings):
    @act("test.upload")
    def upload(person):
        return files.store_bytes(person, picture(), area_code="120104001001", purpose="material")

    @act("test.refused")
    def refused(person):
        upload(person)
        files.store_bytes(person, picture(colour=9), area_code="120104001001", purpose="material")
        raise Invalid("no")

    upload(actor())
    kept = in_storage(settings.MEDIA_ROOT)
    assert len(kept) == 2
    with pytest.raises(Invalid):
        refused(actor())
    assert in_storage(settings.MEDIA_ROOT) == kept
