"""The program names no place: districts, packs, titles and codes of documents stand in the packs, never in code."""

import ast
import re
from pathlib import Path

import pytest

from policies.packfiles import FOLDER, pack_keys, read_pack

ROOT = Path(__file__).parents[2]
APPS = (
    "archives", "benchmarks", "cases", "common", "config", "disclosure", "funds", "journal", "ops", "organizations", "policies",
    "supervision",
)  # fmt: skip
DEMONSTRATION = ROOT / "config" / "demo"
DISTRICTS = ("南开", "玉泉", "呼和浩特", "晋城", "吉林")
CODES = "|".join(read_pack(key).document["code"] for key in pack_keys())
CITATION = re.compile(rf"\b(?:{CODES})\s+(?:第|附件|序言|[一二三四五六七八九十])")


def sources():
    """Every file of the program but the demonstration, which is about made-up streets of these very districts."""
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")] + [ROOT / "manage.py"]
    return [path for path in files if DEMONSTRATION not in path.parents]


def strings(source):
    """The strings of a source with their lines; those that stand by themselves are docstrings or notes and left out."""
    tree = ast.parse(source)
    notes = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.lineno, node.value


def places_named(source):
    """What in the strings of a source belongs to one place."""
    documents = [read_pack(key) for key in pack_keys()]
    words = {*DISTRICTS, *pack_keys(), *(one.document["title"] for one in documents)}
    for line, text in strings(source):
        named = [word for word in words if word in text] + CITATION.findall(text)
        if named:
            yield line, named


def test_no_string_of_the_program_names_a_district_a_pack_a_document_or_its_code():
    files = sources()
    assert len(files) > len(APPS)
    found = {
        f"{path.relative_to(ROOT)}:{line}": named
        for path in files
        for line, named in places_named(path.read_text(encoding="utf-8"))
    }
    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        'x = "南开区"', 'if pack == "yuquan-2020": pass', 'cite(f"002 二(一){n}")', 'basis = "001 第四条(一)1"',
        'title = "玉泉区社会救助工作责任监督管理制度"',
    ],
)  # fmt: skip
def test_a_place_in_code_is_found(planted):
    assert list(places_named(planted))


@pytest.mark.parametrize("harmless", ['"""As 002 二(一) says."""', "x = 1  # 001 第四条", 'number = "002"', "n = 7"])
def test_docstrings_comments_and_plain_numbers_are_none_of_it(harmless):
    assert not list(places_named(harmless))


def test_the_districts_looked_for_are_those_of_the_packs():
    jurisdictions = "".join(read_pack(key).jurisdiction for key in pack_keys())
    assert all(name in jurisdictions for name in DISTRICTS)
    assert FOLDER.name == "packs"
