"""Who may do what, where: every address, every command and every act, for every post at home, beside, above and abroad, and for
nobody at all, against tables written by hand. What is refused writes nothing but the line of the refusal."""

import io
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.urls import get_resolver, reverse

from common.errors import Refusal
from organizations.enums import Permission, Post
from organizations.rules import POST_PERMISSIONS
from tests.builders.unchanged import fingerprint
from tests.matrix import calls
from tests.matrix.summary import COMBINATIONS
from tests.matrix.tables import GROUPS, NOBODY, POSTS, acts, addresses, around, read
from tests.matrix.world import calendar, last_line, lines_since, photo, undone

ADDRESSES = addresses()
ACTS = acts()
COMMANDS = read("commands.toml")
SERVICES = read("services.toml")
CALLS = calls.calls()
EVERYBODY = [*POSTS, NOBODY]
REFUSED = {"forbidden", "not found", "refused", "login", "no method"}
FILES = {"@photo": photo, "@calendar": calendar}
JOURNAL = {"journal_entry"}


# --- The tables are complete -------------------------------------------------------------------------------------------


def resolved(resolver=None, namespace=""):
    """Names and parameters of every address of the site."""
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            yield from resolved(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        else:
            yield f"{namespace}{one.name}", set(one.pattern.converters)


RESOLVED = dict(resolved())


def test_every_address_has_a_line_and_every_line_an_address():
    assert {one.name for one in ADDRESSES} == set(RESOLVED)
    assert "None" not in " ".join(RESOLVED), "an address without a name cannot stand in the table"


def test_every_public_function_of_the_services_has_a_line_and_every_line_a_function():
    functions = set(calls.public_functions())
    explained = [name for kind in ("reads", "parts", "doors", "jobs") for name in SERVICES[kind]["functions"]]
    assert len(explained) == len(set(explained))
    assert set(ACTS) == calls.act_functions() == set(CALLS)
    assert set(explained) == functions - set(ACTS)


def test_every_command_has_a_line_and_every_line_a_command():
    own = {name for name, app in get_commands().items() if (Path(settings.BASE_DIR) / app).is_dir()}
    assert set(COMMANDS) == own


def test_every_post_stands_in_the_table():
    assert set(POSTS) == set(GROUPS["anybody"]) == set(Post.values)
    assert set(GROUPS["everybody"]) == set(POSTS) - {Post.CLIENT}, "another system has no road through the pages"
    named = {name for one in ADDRESSES if one.rule for name in {*one.rule.gets, *one.rule.door}}
    assert named <= set(POSTS)


# --- Addresses ---------------------------------------------------------------------------------------------------------


class Asker:
    """Somebody at the pages: one request, what came of it, and what it left in the journal."""

    def __init__(self, world, post):
        self.world, self.post, self.client, self.count = world, post, world.client(post), 0

    def ask(self, address, relation):
        """(outcome, acts of the lines in the journal, answer)"""
        numbers = self.world.numbers(self.post, relation)
        path = reverse(address.name, kwargs={name: numbers[name] for name in RESOLVED[address.name]})
        query = {name: value.format(**numbers) for name, value in address.query.items()}
        last = last_line()
        self.count += 1
        if address.method == "get":
            answer = self.client.get(path, query)
        else:
            answer = self.client.post(
                path, self._form(address, numbers), QUERY_STRING="&".join(map("=".join, query.items()))
            )
        if answer.streaming:
            list(answer.streaming_content)  # closes the file
        return outcome(answer), [act for _pk, act in lines_since(last)], answer

    def _form(self, address, numbers):
        filled = {
            name: FILES[text]() if text in FILES else text.format(**numbers) for name, text in address.send.items()
        }
        return {"key": str(uuid.uuid4()), "seen": numbers["seen"], **filled}

    def ask_undone(self, address, relation):
        """The same, taken back together with what it did to the session."""
        cookies = self.client.cookies.copy()
        with undone():
            found = self.ask(address, relation)
        self.client.cookies = cookies
        return found


def outcome(answer):
    status = answer.status_code
    if status == 302 and answer["Location"].startswith(reverse("account_login")):
        return "login"
    words = {
        401: "login",
        403: "forbidden",
        404: "not found",
        405: "no method",
        409: "refused",
        422: "refused",
        429: "refused",
    }
    return words.get(status, "ok" if status < 400 else str(status))


def attempts(post, address):
    """(relation, expected) wherever this post is tried at this address."""
    if post == NOBODY:
        return [("own", address.expected(post, "own"))]
    tried = address.relations(post, has_object=bool(RESOLVED.get(address.name)))
    return [(relation, address.expected(post, relation)) for relation in tried]


@pytest.mark.requirement("SEC-01", "SEC-04")
@pytest.mark.parametrize("post", EVERYBODY)
def test_every_address_answers_each_post_as_the_table_says_and_a_refusal_writes_only_its_line(
    post, world, record_property
):
    asker = Asker(world, post)
    wrong, before = [], fingerprint(leave_out=JOURNAL)
    for address in ADDRESSES:
        for relation, expected in attempts(post, address):
            what = f"{address.method.upper()} {address.label}, {post}, {relation}"
            if expected not in REFUSED:
                found, _lines, answer = asker.ask_undone(address, relation)
                wrong += [f"{what}: {said}" for said in misplaced(world, post, address, answer)]
            else:
                found, lines, _answer = asker.ask(address, relation)
                wrong += [f"{what}: wrote {lines}" for said in [lines] if not is_refusals_line(expected, said)]
            if found != expected:
                wrong.append(f"{what}: {found}, not {expected}")
        if address.method == "get":
            continue
        after = fingerprint(leave_out=JOURNAL)
        wrong += [f"{address.label}, {post}: changed {table}" for table in changed(before, after)]
        before = after
    record_property(COMBINATIONS, asker.count)
    assert not wrong, "\n" + "\n".join(wrong)


def is_refusals_line(expected, lines):
    """A wrong post and a foreign area leave exactly one line; a form that is shown again at most one; the rest none."""
    most = 1 if expected in {"forbidden", "not found", "refused"} else 0
    least = 1 if expected in {"forbidden", "not found"} else 0
    return least <= len(lines) <= most and all(act.startswith("refused:") for act in lines)


def changed(before, after):
    return sorted(table for table in after if after[table] != before.get(table))


def misplaced(world, post, address, answer):
    """What a list should show and does not, and the other way round: a village its own people, a street itself, a superior the
    lower levels."""
    if not address.lists or post == NOBODY:
        return []
    places, sees = around(post)
    page, said = answer.content.decode(), []
    for relation in places:
        numbers = world.numbers(post, relation)
        link = link_of(address.lists, numbers)
        if (link in page) != (relation in sees):
            said.append(f"{'hides' if relation in sees else 'shows'} {relation} ({link})")
    return said


def link_of(name, numbers):
    """How a page points to what lies at the place: `name` is an address, or an end of one with {…}."""
    if "{" in name:
        return name.format(**numbers)
    return reverse(name, kwargs={each: numbers[each] for each in RESOLVED[name]}) + '"'


# --- Acts --------------------------------------------------------------------------------------------------------------


class Numbers:
    def __init__(self, numbers):
        self.__dict__.update(numbers)


def try_act(world, actor, post, relation, name):
    """forbidden, not found, or done: whatever else an act says, it has accepted the post."""
    try:
        CALLS[name](actor, Numbers(world.numbers(post, relation)))
    except Refusal as refusal:
        return {403: "forbidden", 404: "not found"}.get(refusal.status, "done")
    return "done"


@pytest.mark.requirement("SEC-01", "SEC-04")
@pytest.mark.parametrize("post", POSTS)
def test_every_act_asks_for_the_post_itself_and_a_refusal_writes_nothing(post, world, record_property):
    actor = world.actor(post)
    wrong, count, before = [], 0, fingerprint()
    for name, rule in ACTS.items():
        for relation in rule.relations(post):
            expected, count = rule.expected(post, relation), count + 1
            if expected == "done":
                with undone():
                    found = try_act(world, actor, post, relation, name)
            else:
                found = try_act(world, actor, post, relation, name)
            if found != expected:
                wrong.append(f"{name}, {post}, {relation}: {found}, not {expected}")
        after = fingerprint()
        wrong += [f"{name}, {post}: changed {table}" for table in changed(before, after)]
        before = after
    record_property(COMBINATIONS, count)
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.requirement("ORG-30")
def test_nobody_of_the_supervising_bureau_reviews_signs_or_decides_a_case():
    """Shown act by act above; here the table itself is held against the separation of 审核 and 监管 (004 序言)."""
    confirming = {
        "review.give_opinion",
        "signing.sign",
        "decision.decide",
        "decision.start_benefit",
        "materials.accept",
    }
    for name in confirming:
        assert set(ACTS[f"cases.services.{name}"].gets) <= {"handler", "deputy_leader", "principal_leader"}
    deciding = {Permission.ACCEPT_CASE, Permission.REVIEW_CASE, Permission.SIGN_CASE, Permission.DECIDE_CASE}
    for post, level in POSTS.items():
        assert level in {"village", "street"} or not POST_PERMISSIONS[post] & deciding, post


# --- Commands ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, line in COMMANDS.items() if line["production"] == "refused"])
def test_a_command_that_has_no_place_in_production_refuses_there_and_writes_nothing(
    name, world, settings, record_property
):
    settings.PRODUCTION = True
    before = fingerprint()
    with pytest.raises(CommandError):
        call_command(name, *COMMANDS[name].get("arguments", []), stdout=io.StringIO(), stderr=io.StringIO())
    assert changed(before, fingerprint()) == []
    record_property(COMBINATIONS, 1)


def test_every_other_command_says_why_production_needs_it(record_property):
    allowed = [line for line in COMMANDS.values() if line["production"] == "allowed"]
    assert all(line["why"] for line in allowed)
    record_property(COMBINATIONS, len(allowed))


# --- The matrix itself -------------------------------------------------------------------------------------------------


def test_the_matrix_is_as_large_as_it_should_be():
    """Addresses and acts that silently fall out of the runs above would be seen here."""
    pages = sum(len(attempts(post, address)) for post in EVERYBODY for address in ADDRESSES)
    services = sum(len(rule.relations(post)) for post in POSTS for rule in ACTS.values())
    assert pages > 8_500
    assert services > 4_000
