"""What `check_pack` says about a pack file: each kind of mistake, planted into a copy of a real pack, with its line."""

import ast
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from cases.enums import Step
from common.actors import system_actor
from policies import packfiles
from policies.catalogue import catalogue
from policies.errors import BrokenPack
from policies.models import ParameterRow, PolicyDocument
from policies.packcheck import NEEDED
from policies.packfiles import FOLDER, check_file, pack_keys, proposals, read_file, written
from policies.packorder import order_faults
from policies.services.packs import load_packs
from tests.policies.matrix import section_two
from tests.policies.pack_mistakes import LIMIT, MISTAKES, YUQUAN


def copy(folder, pack, old, new):
    """A copy of a pack with one place changed."""
    text = (FOLDER / f"{pack}.toml").read_text(encoding="utf-8")
    assert old in text
    path = folder / f"{pack}.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_named_with_its_line(mistake, tmp_path):
    pack, old, new, line, words = MISTAKES[mistake]
    path = copy(tmp_path, pack, old, new)
    found = [one for one in check_file(path).problems if words in one.text]
    assert found, [str(one) for one in check_file(path).problems]
    lines = path.read_text(encoding="utf-8").splitlines()
    named = ["\n".join(lines[one.line - 1 : one.line + 1]) for one in found]
    assert any(line in two for two in named), (found, named)


@pytest.mark.parametrize("pack", pack_keys())
def test_the_packs_of_the_program_are_without_a_mistake(pack):
    report = check_file(FOLDER / f"{pack}.toml")
    assert [str(one) for one in report.problems] == []


def test_what_an_office_must_still_record_is_advice_and_no_mistake():
    advice = "".join(check_file(FOLDER / "yuquan-2020.toml").advice)
    assert all(
        f"（{key}）" in advice for key in ("calc.standard.dibao", "calc.rounding", "pub.days", "dec.first_month")
    )
    assert "dec.signoffs" not in advice, "the document names its signer"
    assert "stages.DIBAO" in "".join(check_file(FOLDER / "nankai-2022.toml").advice)


def test_the_advice_names_every_parameter_that_the_services_demand():
    demanded = set()
    for path in Path("cases").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "required":
                demanded.add(node.args[0].value)
    advised = {key for keys in NEEDED.values() for key in keys}
    assert advised - demanded == {"mat.application.DIBAO"}, "without it a case has no checklist"
    assert demanded <= advised


def test_the_steps_and_requirements_of_the_catalogue_are_those_of_the_program_and_of_the_matrix():
    assert catalogue().steps == {step.value: str(step.label) for step in Step}
    numbers = {row["id"] for row in section_two()}
    assert {group: sum(one.startswith(group) for one in numbers) for group in catalogue().requirements} == (
        catalogue().requirements
    )
    assert all(catalogue().is_requirement(one) for one in numbers)


def test_the_proposed_orders_can_be_walked():
    for key in (f"stages.{programme}" for programme in catalogue().programmes):
        for proposal in proposals().get(key, ()):
            assert order_faults(written(proposal.value)) == []


def run(path):
    output = io.StringIO()
    call_command("check_pack", str(path), stdout=output)
    return output.getvalue()


def test_the_command_prints_the_advice_and_is_content():
    said = run(FOLDER / "yuquan-2020.toml")
    assert "提示：文件没有给出“公示期”（pub.days）" in said
    assert "没有错误，可以载入" in said


def test_the_command_answers_one_for_a_broken_pack(tmp_path, capsys):
    path = copy(tmp_path, YUQUAN, 'status = "in_force"', 'status = "valid"')
    with pytest.raises(CommandError, match="有1处错误") as error:
        run(path)
    assert error.value.returncode == 1


def test_the_command_answers_two_for_what_cannot_be_read(tmp_path):
    with pytest.raises(CommandError, match="读不到") as error:
        run(tmp_path / "nothing.toml")
    assert error.value.returncode == 2
    binary = tmp_path / "picture.toml"
    binary.write_bytes(b"\xff\xd8\xff")
    with pytest.raises(CommandError, match="不是 UTF-8") as error:
        run(binary)
    assert error.value.returncode == 2


@pytest.mark.django_db
def test_loading_refuses_a_broken_pack_with_the_same_sentences_and_writes_nothing(tmp_path, monkeypatch):
    path = copy(tmp_path, YUQUAN, LIMIT, LIMIT.replace("working_day", "workday"))
    rows = ParameterRow.objects.count()
    monkeypatch.setattr(packfiles, "read_pack", lambda key: read_file(path))
    with pytest.raises(BrokenPack) as refusal:
        load_packs(system_actor("test"))
    assert refusal.value.sentences == [str(one) for one in check_file(path).problems]
    assert ParameterRow.objects.count() == rows


@pytest.mark.django_db
def test_a_further_folder_may_not_take_the_key_of_a_pack_of_the_program(tmp_path):
    copy(tmp_path, YUQUAN, 'number = ""', 'number = "1号"')
    with pytest.raises(BrokenPack, match="已经用了“yuquan-2020”"):
        load_packs(system_actor("test"), tmp_path)
    with pytest.raises(CommandError, match="已经用了"):
        call_command("load_packs", folder=tmp_path)
    assert PolicyDocument.objects.get(key=YUQUAN).number == ""


def test_the_command_refuses_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="no such folder"):
        call_command("load_packs", folder=tmp_path / "nothing")
