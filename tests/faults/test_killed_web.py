"""A web process that is killed while somebody waits for its answer: the form sent again is one act, with the answer it would have had."""

import io
import re
import uuid

import pytest
from django.core.management import call_command
from django.urls import reverse

from archives.models import IssuedPaper
from cases.models import CaseStage
from common.models import ActKey
from journal.models import Entry
from organizations.models import User
from tests.builders import cases as build
from tests.builders.unchanged import nothing_changes
from tests.faults import AFTER_COMMIT, BEFORE_COMMIT
from tests.faults.site import Site, Visitor

HELD = "a test looks at everything"
DONE = {
    "status": "acceptance",
    "version": 2,
    "lines": ["cases.submit"],
    "papers": 1,
    "stages": ["intake", "acceptance"],
    "keys": 1,
}


@pytest.fixture
def site(fresh_database, tmp_path):
    """A running web process; whatever is left of it is ended afterwards."""
    site = Site(tmp_path)
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture
def walk(fresh_database):
    """A registered application, not handed in yet."""
    return build.walk()


@pytest.fixture
def handler(site, walk):
    """Its handler, signed in over HTTP."""
    return Visitor(site).signs_in(User.objects.get(pk=walk.people.handler.user_id).username)


def submit(walk):
    return reverse("cases:submit", args=[walk.case_id])


def detail(walk):
    return reverse("cases:detail", args=[walk.case_id])


def form_of(handler, walk):
    """What the button 提交申请 of the case page sends."""
    return handler.form(detail(walk), submit(walk))


def what_came_of(walk, form):
    """The act in the database: the case, its line of the trail, its receipt, its stages, its key."""
    case = walk.case
    lines = Entry.objects.unscoped(reason=HELD).filter(subject_type="case", subject_id=str(case.pk)).order_by("pk")
    return {
        "status": case.status,
        "version": case.version,
        "lines": list(lines.filter(act="cases.submit").values_list("act", flat=True)),
        "papers": IssuedPaper.objects.unscoped(reason=HELD)
        .filter(subject_type="case", subject_id=str(case.pk))
        .count(),
        "stages": list(
            CaseStage.objects.unscoped(reason=HELD).filter(case=case).order_by("pk").values_list("key", flat=True)
        ),
        "keys": ActKey.objects.filter(key=form["key"]).count(),
    }


def submits(handler, walk, form):
    """Sends the form; (status, where it leads, what the page there says)."""
    answer = handler.post(submit(walk), form)
    said = re.findall(r'class="sl-note__what">([^<]+)<', handler.get(answer.location).page)
    return answer.status, answer.location, said


def undisturbed(handler, walk):
    """What the same form of another case is answered at once, in terms of this one."""
    other = build.walk(walk.people)
    status, where, said = submits(handler, other, form_of(handler, other))
    assert (status, where) == (302, detail(other))
    assert said[0].startswith("申请已提交")
    return status, detail(walk), said


def is_refused_with_another_key(handler, walk, form):
    """The control: it is the key that makes it the same act."""
    with nothing_changes(leave_out={"journal_entry"}):
        answer = handler.post(submit(walk), form | {"key": str(uuid.uuid4())})
    assert answer.status == 409
    assert "不能办“提交申请”" in answer.page


def integrity():
    out = io.StringIO()
    call_command("check_integrity", stdout=out, stderr=out)
    return out.getvalue()


def test_killed_between_commit_and_answer_the_form_sent_again_is_one_act_with_the_same_answer(site, handler, walk):
    form = form_of(handler, walk)
    with pytest.raises(ConnectionError):
        handler.post(submit(walk), form, die=AFTER_COMMIT)
    assert site.died()
    assert what_came_of(walk, form) == DONE
    site.start()
    with nothing_changes():
        answer = submits(handler, walk, form)
    assert answer == undisturbed(handler, walk)
    is_refused_with_another_key(handler, walk, form)
    assert what_came_of(walk, form) == DONE
    assert integrity().startswith("ok: ")


def test_killed_before_the_commit_nothing_is_written_and_the_form_sent_again_does_the_act_once(site, handler, walk):
    form = form_of(handler, walk)
    with nothing_changes():
        with pytest.raises(ConnectionError):
            handler.post(submit(walk), form, die=BEFORE_COMMIT)
        assert site.died()
    site.start()
    assert submits(handler, walk, form) == undisturbed(handler, walk)
    assert what_came_of(walk, form) == DONE
    is_refused_with_another_key(handler, walk, form)
    assert what_came_of(walk, form) == DONE
    assert integrity().startswith("ok: ")
