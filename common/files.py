"""Uploads and rendered papers as stored files: the original kept byte for byte and hashed, a safe copy for display."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from common import clock, filechecks
from common.actors import Actor
from common.crypto import SUITE
from common.errors import Refusal
from common.models import StoredFile


class StorageDown(Refusal):
    """The storage does not take the file (full, away). Nothing of the act was written."""

    code = "COMMON_STORAGE_DOWN"
    status = 503


def store(actor: Actor, upload: UploadedFile, *, area_code: str, purpose: str, field: str = "file") -> StoredFile:
    """Check, hash and keep an upload (JPEG, PNG, WebP, PDF up to 20 MB, 40 megapixels). Raises `Invalid`, `StorageDown`."""
    content = upload.read(settings.UPLOAD_MAX_BYTES + 1)
    return store_bytes(actor, content, area_code=area_code, purpose=purpose, field=field, name=upload.name or "")


def store_bytes(
    actor: Actor, content: bytes, *, area_code: str, purpose: str, field: str = "file", name: str = ""
) -> StoredFile:
    """The same for bytes at hand (a rendered PDF, a picture of the demonstration). `name` only helps the message."""
    checked, display_path = _checked(content, name, field)
    original_path = _save(content)
    return StoredFile.objects.create(
        area_code=area_code,
        sha256=SUITE.digest(content),
        display_sha256=SUITE.digest(checked.display),
        original_path=original_path,
        display_path=display_path or original_path,
        content_type=checked.content_type,
        size=len(content),
        width=checked.width,
        height=checked.height,
        taken_at=checked.taken_at,
        purpose=purpose,
        uploaded_by_id=actor.user_id,
        uploaded_by_name=actor.name,
        uploaded_at=clock.now(),
    )


_saved: ContextVar[list[str] | None] = ContextVar("saved", default=None)


@contextmanager
def dropped_on_refusal() -> Iterator[None]:
    """What is stored inside leaves the storage again when the act is refused. Only then: after any other error nobody knows
    whether the act was committed, and a file too many is better than evidence lost."""
    outer, saved = _saved.get(), list[str]()
    token = _saved.set(saved)
    try:
        yield
    except Refusal:
        for path in saved:
            default_storage.delete(path)
        if _pool is not None:
            _pool.clear()
        raise
    finally:
        _saved.reset(token)
    if outer is not None:
        outer += saved


_pool: dict[bytes, tuple[filechecks.Checked, str]] | None = None


@contextmanager
def pooled() -> Iterator[None]:
    """Inside, a content that comes again is checked only once and its copies for display are one file: for the demonstration,
    whose thousands of photographs come from a pool of a few. Originals stay one file each."""
    global _pool
    before, _pool = _pool, {}
    try:
        yield
    finally:
        _pool = before


def _checked(content: bytes, name: str, field: str) -> tuple[filechecks.Checked, str]:
    """The content found good, and where its copy for display lies (empty: the original is its own)."""
    if _pool is not None and content in _pool:
        return _pool[content]
    checked = filechecks.check(content, name=name, field=field)
    found = checked, "" if checked.display is content else _save(checked.display)
    if _pool is not None:
        _pool[content] = found
    return found


def _save(content: bytes) -> str:
    name = secrets.token_hex(20)
    try:
        path = default_storage.save(f"{name[:2]}/{name[2:4]}/{name}", ContentFile(content))
    except OSError as error:
        raise StorageDown(_("文件没有保存：存储空间已满或暂时不可用。请稍后再传，并告诉系统管理员。")) from error
    if (saved := _saved.get()) is not None:
        saved.append(path)
    return path


def open_original(file: StoredFile) -> IO[bytes]:
    """The bytes as they came."""
    return default_storage.open(file.original_path, "rb")


def open_display(file: StoredFile) -> IO[bytes]:
    """The bytes that are safe to show in a browser."""
    return default_storage.open(file.display_path, "rb")


def display_type(file: StoredFile) -> str:
    """The content type of the copy for display."""
    return "image/jpeg" if file.is_image else file.content_type
