"""Encrypted columns and keyed blind indexes.

A stored value is `key id (1 byte) · nonce (12) · ciphertext and tag`; the column's name is the associated data, so a
ciphertext moved to another column does not open. The suite is a seam: `Suite` is AES-256-GCM with SHA-256 here; a suite with
SM4-GCM and SM3 has the same four methods.
"""

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class AesSuite:
    """AES-256-GCM and HMAC-SHA-256."""

    nonce_size = 12

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        return AESGCM(key).encrypt(nonce, plain, bound_to)

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        return AESGCM(key).decrypt(nonce, sealed, bound_to)

    def mac(self, key: bytes, data: bytes) -> bytes:
        return hmac.new(key, data, hashlib.sha256).digest()

    def digest(self, data: bytes) -> str:
        return hashlib.sha256(data).hexdigest()


SUITE = AesSuite()


class Unreadable(Exception):
    """A ciphertext that was altered, moved, or made with a key that is gone."""


def seal(plain: str, bound_to: str) -> bytes:
    """Encrypt a text for one purpose (`bound_to`: table.column, or the name of a token)."""
    nonce = os.urandom(SUITE.nonce_size)
    number = settings.FIELD_KEY_CURRENT
    sealed = SUITE.encrypt(settings.FIELD_KEYS[number], nonce, plain.encode(), bound_to.encode())
    return bytes([number]) + nonce + sealed


def unseal(stored: bytes, bound_to: str) -> str:
    """The text again. Raises `Unreadable`."""
    stored = bytes(stored)
    try:
        key = settings.FIELD_KEYS[stored[0]]
        nonce, sealed = stored[1 : 1 + SUITE.nonce_size], stored[1 + SUITE.nonce_size :]
        return SUITE.decrypt(key, nonce, sealed, bound_to.encode()).decode()
    except (KeyError, IndexError, ValueError, InvalidTag) as error:
        raise Unreadable(bound_to) from error


def token(plain: str, bound_to: str) -> str:
    """A sealed text for a URL: what was searched for never stands there in clear."""
    return base64.urlsafe_b64encode(seal(plain, bound_to)).decode().rstrip("=")


def untoken(text: str, bound_to: str) -> str:
    """The text of a token, or the empty text for one that does not open."""
    try:
        return unseal(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), bound_to)
    except (ValueError, Unreadable):
        return ""


def blind_index(purpose: str, value: str) -> str:
    """A keyed digest for exact search; `purpose` keeps the indexes of different kinds apart."""
    return SUITE.mac(settings.BLIND_INDEX_KEY, f"{purpose}\0{value}".encode()).hex()


def canonical(data: Any, *, cls: type[json.JSONEncoder] = DjangoJSONEncoder) -> str:
    """Canonical JSON: sorted keys, no spaces, UTF-8; the same content has the same text and the same hash.

    What is not JSON (dates, amounts, numbers as keys) becomes text first: the content as stored and as read back are the same.
    """
    plain = json.loads(json.dumps(data, cls=cls, allow_nan=False))
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(data: Any) -> str:
    """SHA-256 (or the suite's digest) over the canonical JSON, in hex."""
    return SUITE.digest(canonical(data).encode())


class EncryptedTextField(models.Field):
    """A text kept as ciphertext. Empty text is kept as empty bytes, so that "nothing given" needs no key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(editable=False, blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["blank"]
        return name, path, args, kwargs

    def db_type(self, connection: Any) -> str:
        return "bytea"

    @property
    def bound_to(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_default(self) -> Any:
        return self.empty()

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        stored = seal(self.to_text(value), self.bound_to) if not self.is_empty(value) else b""
        return connection.Database.Binary(stored)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        return self.from_text(unseal(value, self.bound_to)) if len(value) else self.empty()

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError(f"{self.name} is encrypted: search its blind index instead")

    def is_empty(self, value: Any) -> bool:
        return bool(value == "")

    def empty(self) -> Any:
        return ""

    def to_text(self, value: Any) -> str:
        return str(value)

    def from_text(self, text: str) -> Any:
        return text

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Any) -> str:
        return "(encrypted)"


class EncryptedJSONField(EncryptedTextField):
    """A JSON value kept as ciphertext: drafts, frozen content, papers' data."""

    def is_empty(self, value: Any) -> bool:
        return bool(value == "" or value == {})

    def empty(self) -> Any:
        return {}

    def to_text(self, value: Any) -> str:
        return canonical(value)

    def from_text(self, text: str) -> Any:
        return json.loads(text)


class BlindIndexField(models.CharField):
    """The blind index of an encrypted column, over the whole value or its last characters; follows the source at save."""

    def __init__(self, *args: Any, source: str = "", last: int | None = None, **kwargs: Any) -> None:
        self.source, self.last = source, last
        kwargs.update(max_length=64, editable=False, default="", blank=True, db_collation="C")
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "editable", "default", "blank", "db_collation"):
            kwargs.pop(key, None)
        kwargs.update(source=self.source, last=self.last)
        if not self.db_index:  # type: ignore[attr-defined]
            kwargs["db_index"] = False
        else:
            kwargs.pop("db_index", None)
        return name, path, args, kwargs

    @property
    def purpose(self) -> str:
        return f"{self.source}:{self.last or 'all'}"

    def pre_save(self, model_instance: Any, add: bool) -> str:
        plain = getattr(model_instance, self.source) or ""
        value = self.index_of(plain)
        setattr(model_instance, self.attname, value)
        return value

    def index_of(self, plain: str) -> str:
        """What to look for in this column when searching `plain` (the whole value, or its last characters)."""
        if not plain:
            return ""
        return blind_index(self.purpose, plain[-self.last :] if self.last else plain)
