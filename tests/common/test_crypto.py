"""Encrypted columns: nothing plain in the database, nothing opens that was altered, keys can be changed."""

import os

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from common import crypto, drafts
from common.crypto import (
    BlindIndexField,
    EncryptedTextField,
    Unreadable,
    blind_index,
    canonical,
    content_hash,
    seal,
    unseal,
)
from common.integrity import violations
from common.models import Draft
from journal.services import record
from organizations.models import User
from tests.databases import dump
from tests.leaks.plants import IDENTITY
from tests.people import actor

pytestmark = pytest.mark.requirement("SEC-11")


@given(st.text())
def test_what_is_sealed_opens_again_and_only_there(plain):
    stored = seal(plain, "a.b")
    assert unseal(stored, "a.b") == plain
    with pytest.raises(Unreadable):
        unseal(stored, "a.c")


def test_the_same_text_never_looks_the_same():
    assert seal("x", "a.b") != seal("x", "a.b")


@given(st.data())
def test_no_changed_byte_goes_unnoticed(data):
    stored = bytearray(seal("示例", "a.b"))
    position = data.draw(st.integers(0, len(stored) - 1))
    stored[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable):
        unseal(bytes(stored), "a.b")


@given(st.binary(max_size=60))
def test_garbage_is_unreadable_and_nothing_worse(stored):
    with pytest.raises(Unreadable):
        unseal(stored, "a.b")


@given(st.text())
def test_a_token_that_was_not_ours_opens_to_nothing(text):
    assert crypto.untoken(text, "a.b") == ""
    assert crypto.untoken(crypto.token(text, "a.b"), "a.b") == text
    assert crypto.untoken(crypto.token(text, "a.b"), "a.c") == ""


def test_keys_change_without_losing_what_was_written(settings):
    old = seal("示例", "a.b")
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, 2: os.urandom(32)}
    settings.FIELD_KEY_CURRENT = 2
    new = seal("示例", "a.b")
    assert (old[0], new[0]) == (1, 2)
    assert unseal(old, "a.b") == unseal(new, "a.b") == "示例"
    settings.FIELD_KEYS = {2: settings.FIELD_KEYS[2]}
    with pytest.raises(Unreadable):
        unseal(old, "a.b")
    assert unseal(new, "a.b") == "示例"


def test_the_blind_indexes_find_exactly_and_by_the_last_four():
    whole, last = BlindIndexField(source="id_number"), BlindIndexField(source="id_number", last=4)
    other = IDENTITY[0][:-5] + "9" + IDENTITY[0][-4:]
    assert whole.index_of(IDENTITY[0]) != whole.index_of(other)
    assert last.index_of(IDENTITY[0]) == last.index_of(other) == last.index_of(IDENTITY[0][-4:])
    assert whole.index_of("1234") != last.index_of("1234"), "the two kinds are apart"
    assert whole.index_of("") == ""
    assert IDENTITY[0] not in whole.index_of(IDENTITY[0])


def test_a_blind_index_depends_on_its_key(settings):
    before = blind_index("id_number:all", IDENTITY[0])
    settings.BLIND_INDEX_KEY = os.urandom(32)
    assert blind_index("id_number:all", IDENTITY[0]) != before


def test_an_encrypted_column_cannot_be_searched():
    field = EncryptedTextField()
    field.name = "id_number"
    for lookup in ["exact", "in", "contains", "startswith", "gt"]:
        with pytest.raises(TypeError, match="search its blind index"):
            field.get_lookup(lookup)


def test_canonical_text_does_not_depend_on_order_or_kind_of_key():
    assert canonical({"b": 1, "a": [2, None, "二"]}) == '{"a":[2,null,"二"],"b":1}'
    assert content_hash({10: 1, 9: 2}) == content_hash({"9": 2, "10": 1})


@pytest.mark.django_db
class TestStored:
    @pytest.fixture
    def draft(self):
        user = User.objects.create_user("u1", "p", name="示例")
        data = {"id_number": [IDENTITY[0]]}
        return Draft.objects.create(user=user, form_key="f", data=data, area_code="1", saved_at="2026-09-01 09:00+08")

    def test_comes_back_and_stands_nowhere_plain(self, draft):
        assert Draft.objects.unscoped(reason="test").get().data == {"id_number": [IDENTITY[0]]}
        with connection.cursor() as cursor:
            cursor.execute("SELECT encode(data, 'escape') || draft::text FROM common_draft AS draft")
            assert IDENTITY[0] not in cursor.fetchone()[0]

    @pytest.mark.requirement("SEC-07")
    def test_an_altered_column_is_found_by_the_integrity_check(self, draft):
        assert list(violations()) == []
        with connection.cursor() as cursor:
            cursor.execute("UPDATE common_draft SET data = set_byte(data, 20, get_byte(data, 20) # 1)")
        assert list(violations()) == [f"common.Draft {draft.pk} 的加密内容被改动，无法解密"]

    def test_a_value_moved_from_another_column_does_not_open(self, draft):
        with connection.cursor() as cursor:
            stored = seal(canonical({"id_number": ["1"]}), "journal_entry.personal")
            cursor.execute("UPDATE common_draft SET data = %s", [stored])
        with pytest.raises(Unreadable):
            Draft.objects.unscoped(reason="test").get()


def test_nothing_plain_stands_in_a_database_dump(fresh_database):
    user = User.objects.create_user("u1", "p", name="示例")
    record(actor(), "t.x", user, personal={"id_number": [None, IDENTITY[0]]})
    drafts.save_draft(actor(user_id=user.pk), "f", {"id_number": [IDENTITY[0]]})
    text = dump()
    assert "journal_entry" in text
    assert IDENTITY[0] not in text
    assert IDENTITY[0].encode().hex() not in text
