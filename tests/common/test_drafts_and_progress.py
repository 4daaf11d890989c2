"""Drafts are kept for their writer alone; progress is shown as it is."""

import datetime as dt

import pytest
from django.db import connection

from common import clock, progress
from common.drafts import drop_draft, drop_old_drafts, load_draft, save_draft
from common.errors import Invalid
from common.models import Draft, Progress
from organizations.models import User
from tests.leaks.plants import IDENTITY
from tests.people import actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def me():
    return actor(user_id=User.objects.create_user("u1", "p", name="示例甲").pk)


@pytest.fixture
def colleague():
    return actor(user_id=User.objects.create_user("u2", "p", name="示例乙").pk)


def test_a_draft_comes_back_replaced_and_dropped(me):
    save_draft(me, "cases:intake", {"name": ["张"]})
    save_draft(me, "cases:intake", {"name": ["张三"], "income": ["1", "2"]})
    assert load_draft(me, "cases:intake").data == {"name": ["张三"], "income": ["1", "2"]}
    assert load_draft(me, "cases:other") is None
    drop_draft(me, "cases:intake")
    assert load_draft(me, "cases:intake") is None


def test_a_draft_nobody_came_back_to_is_forgotten(me, settings):
    save_draft(me, "cases:intake", {"name": ["张三"]})
    clock.move(clock.now() + dt.timedelta(days=settings.DRAFT_DAYS))
    save_draft(me, "cases:other", {"name": ["张三"]})
    assert drop_old_drafts() == 0
    clock.move(clock.now() + dt.timedelta(seconds=1))
    assert drop_old_drafts() == 1
    assert load_draft(me, "cases:intake") is None
    assert load_draft(me, "cases:other")


@pytest.mark.requirement("SEC-01")
def test_a_draft_is_its_writers_alone(me, colleague):
    save_draft(me, "cases:intake", {"name": ["张三"]})
    assert load_draft(colleague, "cases:intake") is None
    save_draft(colleague, "cases:intake", {"name": ["李四"]})
    drop_draft(colleague, "cases:intake")
    assert load_draft(me, "cases:intake").data == {"name": ["张三"]}


def test_a_draft_is_ciphertext(me):
    save_draft(me, "cases:intake", {"id_number": [IDENTITY[0]]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(data, 'escape') FROM common_draft")
        assert IDENTITY[0] not in cursor.fetchone()[0]


def test_a_draft_without_end_is_refused(me):
    with pytest.raises(Invalid):
        save_draft(me, "cases:intake", {"text": ["字" * 600_000]})
    assert not Draft.objects.visible_to(me).exists()


def test_progress_goes_from_start_to_end_and_can_begin_again():
    progress.start("demo", "载入演示数据", 400)
    progress.advance("demo", 100, "示例街道")
    row = Progress.objects.get(name="demo")
    assert (row.percent, row.state, row.message) == (25, "running", "示例街道")
    progress.fail("demo", "长" * 1000)
    assert Progress.objects.get(name="demo").state == "failed"
    progress.start("demo", "载入演示数据", 0)
    assert Progress.objects.get(name="demo").percent == 0
    progress.finish("demo")
    assert Progress.objects.get(name="demo").state == "done"
