"""The command that proves the database: silent success, or each violation and a failing exit."""

import io
import json
from contextlib import closing

import pytest
from django.core.management import call_command

from common import clock
from common.models import Progress
from journal.services import record
from tests import databases
from tests.people import actor

pytestmark = pytest.mark.requirement("SEC-07", "CHK-10")


@pytest.fixture
def entry(fresh_database):
    return record(actor(), "t.x", Progress.objects.create(name="t", title="t", updated_at=clock.now()))


def check(*options):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("check_integrity", *options, stdout=out, stderr=err)
        status = 0
    except SystemExit as end:
        status = end.code
    return status, out.getvalue(), err.getvalue()


def test_an_untouched_database_passes(entry):
    status, said, complained = check()
    assert (status, complained) == (0, "")
    assert said.startswith("ok: journal")


def test_an_altered_row_fails_with_a_sentence(entry):
    with closing(databases.session("sunlight_owner")) as owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE journal_entry SET reason = 'x' WHERE id = %s", [entry.pk])
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
        owner.commit()
    status, _said, complained = check()
    assert status == 1
    assert f"留痕记录 {entry.pk} 与写入时不一致" in complained
    assert json.loads(check("--json")[1])["journal"]
