"""The seal, and what `check_integrity` finds behind it."""

import threading
from contextlib import closing

import pytest
from django.db import connection, transaction

from common import clock
from common.models import Progress
from journal import integrity
from journal.models import Block, Entry
from journal.services import line, record, record_all, seal
from tests import databases
from tests.journal.rows import write_entry
from tests.people import actor

pytestmark = pytest.mark.requirement("SEC-07", "CHK-10")
ALL = Entry.objects.unscoped(reason="test")


@pytest.fixture
def thing(fresh_database):
    seal()  # what the packs wrote
    return Progress.objects.create(name="t", title="t", updated_at=clock.now())


@pytest.fixture
def trail(thing):
    """Five lines in five transactions."""
    return [
        record(actor(), "t.x", thing, changes={"n": [n, n + 1]}, personal={"name": [None, "示例"]}) for n in range(5)
    ]


def as_owner(statement):
    """What somebody with the owner's password could do."""
    with closing(databases.session("sunlight_owner")) as session, session.cursor() as cursor:
        for table in ("journal_entry", "journal_block"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        for table in ("journal_entry", "journal_block"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        session.commit()


def newest():
    return Block.objects.order_by("number").last()


def found():
    return list(integrity.violations())


def test_an_untouched_trail_has_no_violation(trail):
    assert seal() == 5
    assert found() == []
    number = newest().number
    assert seal() == 0
    assert newest().number == number


@pytest.mark.parametrize(
    "change",
    [
        "act = 't.y'", "actor_name = '他人'", "changes = '{}'", "at = at + interval '1 day'", "area_code = '1'",
        "from_status = 'x'", "ip = '1.1.1.1'", "subject_id = '9'", "mac = decode('00', 'hex')",
    ],
)  # fmt: skip
def test_a_row_altered_by_the_owner_is_found_even_before_the_seal(trail, change):
    as_owner(f"UPDATE journal_entry SET {change} WHERE id = {trail[2].pk}")
    assert any(f"留痕记录 {trail[2].pk} " in sentence for sentence in found())


def test_an_altered_ciphertext_is_found_and_hides_no_other_row(trail):
    as_owner(
        f"UPDATE journal_entry SET personal = set_byte(personal, 20, get_byte(personal, 20) # 1) WHERE id = {trail[1].pk}"
    )
    as_owner(f"UPDATE journal_entry SET act = 't.y' WHERE id = {trail[3].pk}")
    sentences = found()
    assert len(sentences) == 2
    assert f"留痕记录 {trail[1].pk} 的加密内容被改动" in sentences[0]
    assert f"留痕记录 {trail[3].pk} 与写入时不一致" in sentences[1]


def test_a_row_deleted_behind_the_seal_is_found(trail):
    seal()
    as_owner(f"DELETE FROM journal_entry WHERE id = {trail[2].pk}")
    assert found() == [f"封存块 {newest().number} 应有 5 条记录，现有 4 条"]


def test_a_row_moved_to_another_transaction_behind_the_seal_is_found(trail):
    seal()
    as_owner(f"UPDATE journal_entry SET xid = '{int(trail[2].xid) - 1}' WHERE id = {trail[2].pk}")
    assert found() != []


def test_a_row_exchanged_for_a_genuine_one_behind_the_seal_is_found(trail, thing):
    seal()
    genuine = record(actor(), "t.x", thing, changes={"n": [2, 99]})
    seal()
    as_owner(f"DELETE FROM journal_entry WHERE id = {trail[2].pk}")
    as_owner(f"UPDATE journal_entry SET id = {trail[2].pk}, xid = '{int(trail[2].xid)}' WHERE id = {genuine.pk}")
    assert len(found()) == 2


@pytest.mark.parametrize(
    "change", ["sealed_at = sealed_at + interval '1 day'", "to_xid = to_xid + 1", "entries = 4", "digest = '\\x00'"]
)
def test_an_altered_seal_is_found(trail, change):
    seal()
    as_owner(f"UPDATE journal_block SET {change} WHERE number = {newest().number}")
    assert found() != []


def test_a_missing_seal_in_the_middle_is_found(trail, thing):
    seal()
    for _ in range(2):
        record(actor(), "t.x", thing)
        seal()
    as_owner(f"DELETE FROM journal_block WHERE number = {newest().number - 1}")
    assert any("不连续" in sentence for sentence in found())


def test_the_chain_reaches_from_block_to_block(trail, thing):
    seal()
    with clock.moved(clock.now()):
        record(actor(), "t.x", thing)
    assert seal() == 1
    *_earlier, first, second = Block.objects.all()
    assert second.from_xid == first.to_xid
    assert found() == []


def test_rows_of_running_transactions_wait_for_the_next_block(trail, thing):
    """The watermark: a row that commits later never appears behind a seal."""
    with closing(databases.session()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
        record(actor(), "t.later", thing)  # begun after the other one: must wait for it
        assert seal() == 5
        write_entry(cursor, None, "open")
        other.commit()
    assert seal() == 2
    assert [sentence for sentence in found() if "封存块" in sentence] == []


def test_rows_of_a_rolled_back_transaction_leave_no_gap_in_the_seal(trail, thing):
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - what is written is then rolled back
        record(actor(), "t.x", thing)
        raise ZeroDivisionError
    seal()
    assert found() == []


def test_two_sealers_at_once_make_one_chain(trail, thing):
    def work():
        for _ in range(5):
            record(actor(), "t.x", thing)
            seal()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal()
    assert sum(block.entries for block in Block.objects.all()) == ALL.count()
    assert found() == []


def test_many_rows_are_sealed_in_portions(thing, monkeypatch):
    monkeypatch.setattr("journal.services.ROWS_AT_ONCE", 7)
    record_all(line(actor(), "t.many", thing) for _ in range(30))
    assert seal() == 30
    assert found() == []
    as_owner("DELETE FROM journal_entry WHERE id = (SELECT max(id) FROM journal_entry)")
    assert found() != []


def test_a_cluster_whose_counter_is_behind_the_seal_is_refused(trail):
    seal()
    as_owner("UPDATE journal_block SET to_xid = to_xid + 1000000000")
    with pytest.raises(RuntimeError, match="restored into another cluster"):
        seal()


def test_a_long_transaction_of_another_database_does_not_hold_the_seal_up(trail):
    other = databases.copy(f"{databases.TEMPLATE}_other")
    try:
        with closing(databases.session(database=other)) as session, session.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
            assert seal() == 5
    finally:
        databases.drop(other)
