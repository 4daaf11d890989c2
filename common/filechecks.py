"""What an upload really is: its type by content, limits, active content, and a copy that is safe to show."""

import datetime as dt
import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import PurePath

import filetype
import pikepdf
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps

from common import clock
from common.errors import Invalid

IMAGES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
PDF = "application/pdf"
NAMES = {".jpg", ".jpeg", ".png", ".webp", ".pdf"}
HEIC = {"image/heic", "image/heif", "image/avif"}
DISPLAY_EDGE = 1600
EXIF_TAKEN, EXIF_IFD = 36867, 0x8769
PDF_END, PDF_OBJECTS = 2048, 400_000
ACTIVE_KEYS = {"/JS", "/AA", "/EF", "/XFA", "/RichMediaContent"}
ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound", "/GoToE", "/GoToR",
}  # fmt: skip
# What Pillow raises, beside OSError, on content that pretends to be a picture (found with random bytes).
BROKEN_PICTURE = (
    OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, IndexError, KeyError, TypeError, AttributeError,
    OverflowError, ZeroDivisionError,
)  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """An upload that was found good. `display` is the copy for the browser: pictures anew, without what was hidden in them."""

    content_type: str
    display: bytes
    width: int | None = None
    height: int | None = None
    taken_at: dt.datetime | None = None


def check(content: bytes, *, name: str = "", field: str = "file") -> Checked:
    """JPEG, PNG, WebP or PDF within the limits of the settings; the type is what the content says, whatever the name.

    Raises `Invalid` with a code of its own for each fault.
    """
    if not content:
        raise Invalid(_("文件是空的。请重新选择文件。"), code="FILE_EMPTY", field=field)
    if len(content) > settings.UPLOAD_MAX_BYTES:
        sentence = _("文件超过20 MB。请压缩后再上传，照片可以用手机的“中等大小”发送。")
        raise Invalid(sentence, code="FILE_TOO_LARGE", field=field)
    kind = filetype.guess_mime(content) or ""
    if kind in IMAGES:
        return _check_image(content, kind, field)
    if kind == PDF:
        return _check_pdf(content, field)
    if kind in HEIC:
        sentence = _(
            "这是HEIC照片，多数电脑打不开。请在手机“设置－相机－格式”里选“兼容性最佳”后重拍，或另存为JPG再上传。"
        )
        raise Invalid(sentence, code="TYPE_NOT_ALLOWED", field=field)
    if PurePath(name).suffix.lower() in NAMES:
        sentence = _("文件内容与文件名不符，不是照片或PDF。请另存为JPG、PNG或PDF再上传。")
        raise Invalid(sentence, code="CONTENT_NOT_NAME", field=field)
    sentence = _("只能上传照片（JPG、PNG、WebP）或PDF。请另存为这几种格式再上传。")
    raise Invalid(sentence, code="TYPE_NOT_ALLOWED", field=field)


def _check_image(content: bytes, kind: str, field: str) -> Checked:
    too_large = Invalid(_("照片像素过大。请缩小到4000万像素以内再上传。"), code="IMAGE_TOO_LARGE", field=field)
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # importing WeasyPrint switches it on for the whole process
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a camera's damaged record is no fault of the picture
            picture: Image.Image = Image.open(io.BytesIO(content), formats=[IMAGES[kind]])
            if picture.width * picture.height > settings.UPLOAD_MAX_PIXELS:
                raise too_large
            taken = _taken_at(picture)
            picture = _flat(ImageOps.exif_transpose(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_large from None
    except BROKEN_PICTURE:
        sentence = _("这张照片打不开，可能没有传完整或格式不对。请重新拍摄或另存为JPG再上传。")
        raise Invalid(sentence, code="FILE_UNREADABLE", field=field) from None
    width, height = picture.size
    picture.thumbnail((DISPLAY_EDGE, DISPLAY_EDGE))
    output = io.BytesIO()
    picture.save(output, "JPEG", quality=85)
    return Checked(kind, output.getvalue(), width, height, taken)


def _flat(picture: Image.Image) -> Image.Image:
    """The picture in plain colours on white, without comments, places and times."""
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        flat = Image.new("RGB", picture.size, "white")
        flat.paste(picture, mask=picture.getchannel("A"))
        return flat
    flat = picture.convert("RGB")
    flat.info = {}
    return flat


def _taken_at(picture: Image.Image) -> dt.datetime | None:
    """The time in the picture's own record: what the camera believed, so a hint and never a proof; none if impossible."""
    try:
        text = picture.getexif().get_ifd(EXIF_IFD).get(EXIF_TAKEN)
        taken = dt.datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S").replace(tzinfo=clock.ZONE) if text else None
    except BROKEN_PICTURE:
        return None
    return taken if taken and taken <= clock.now() + dt.timedelta(days=1) else None


def _check_pdf(content: bytes, field: str) -> Checked:
    broken = Invalid(_("这份PDF打不开，可能没有传完整。请重新扫描。"), code="FILE_UNREADABLE", field=field)
    if b"%%EOF" not in content[-PDF_END:]:
        raise broken
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if len(document.pages) == 0:
                raise broken
            active = _is_active(document)
    except pikepdf.PasswordError:
        sentence = _("这份PDF有密码，别人打不开。请去掉密码再上传。")
        raise Invalid(sentence, code="FILE_PASSWORD", field=field) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError):
        raise broken from None
    if active:
        sentence = _("这份PDF带有程序、附件或自动运行的内容，不能保存。请打印后重新扫描。")
        raise Invalid(sentence, code="PDF_ACTIVE_CONTENT", field=field)
    return Checked(PDF, content)


def _is_active(document: pikepdf.Pdf) -> bool:
    """Whether anything in the document runs, carries a file or sends data; a mere opening position does not."""
    waiting = list(document.objects)
    seen = 0
    while waiting:
        thing = waiting.pop()
        seen += 1
        if seen > PDF_OBJECTS:
            return True
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            if not ACTIVE_KEYS.isdisjoint(thing.keys()) or str(thing.get("/S", "")) in ACTIVE_ACTIONS:
                return True
            inner = [thing[key] for key in thing.keys()]  # noqa: SIM118 - a pikepdf object iterates over something else
        elif isinstance(thing, pikepdf.Array):
            inner = list(thing)
        else:
            continue
        waiting.extend(each for each in inner if not getattr(each, "is_indirect", True))
    return False
