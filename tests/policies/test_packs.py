"""The five documents as packs, held against the matrix cell by cell."""

import datetime as dt
import re

import pytest

from common.actors import system_actor
from policies.catalogue import catalogue
from policies.packfiles import enumerations, library, pack_keys, proposals, read_pack, readings
from policies.queries import citation
from policies.services.packs import bind_pack
from tests.builders import organization
from tests.builders.organization import DISTRICT, STREET
from tests.policies.expected_values import EXPECTED
from tests.policies.matrix import CODES, JURISDICTIONS, places, section, section_three, section_two, section_two_only

CELLS = section_three()
ROWS = section_two_only()


def entries(key, place, scope=""):
    return [e for e in read_pack(place).entries if catalogue().get(e.key).key == key and e.scope_name == scope]


def entry(key, place, scope=""):
    found = entries(key, place, scope)
    assert len(found) <= 1, f"{key} stands twice in {place}"
    return found[0] if found else None


def test_there_are_five_packs():
    assert pack_keys() == sorted(JURISDICTIONS)


def test_no_parameter_stands_twice_in_a_pack():
    for place in JURISDICTIONS:
        names = [(e.key, e.scope_name) for e in read_pack(place).entries]
        assert len(names) == len(set(names))


@pytest.mark.requirement("POL-02")
@pytest.mark.parametrize(("key", "scope"), list(dict.fromkeys((key, scope) for key, scope, _place, _cell in CELLS)))
def test_each_cell_of_section_three_is_a_row_with_its_citation_and_wording(key, scope):
    row = [(place, cell) for k, s, place, cell in CELLS if (k, s) == (key, scope)]
    assert len(row) == len(JURISDICTIONS)
    for place, cell in row:
        compare_cell(key, scope, place, cell)


def compare_cell(key, scope, place, cell):
    found = entry(key, place, scope)
    assert found is not None, f"the cell of {place} has no row in the pack"
    assert found.unset == cell.startswith("not stated")
    if found.see:
        assert cell.startswith("see ins.")
        source = entry(found.see[0], place)
        assert (found.citation, found.original) == (source.citation, source.original)
        return
    assert found.citation in cell
    assert found.original in cell
    pairs = [(found.original, found.citation), *found.also]
    assert all(original in cell and citation in cell for original, citation in pairs)
    assert all(citation.startswith(CODES[place]) for _original, citation in pairs if citation)
    words = " ".join(original for original, _citation in pairs)
    for quotation in re.findall(r"“([^”]*)”", cell):
        assert quotation in words, f"“{quotation}” is in the cell and not in the pack"
    if not found.unset:
        assert found.citation


@pytest.mark.requirement("POL-02")
@pytest.mark.parametrize("key", sorted({key for key, _place in ROWS}))
def test_a_parameter_of_section_two_alone_has_citation_and_wording_of_its_row(key):
    for place in JURISDICTIONS:
        compare_rows(key, place, ROWS[key, place])


def compare_rows(key, place, rows):
    if key == "dec.approver":
        key = "dec.signoffs"
        if not rows:
            return
    found = entry(key, place)
    if not rows:
        assert found is None, "the row does not apply there"
        return
    assert found is not None
    text = " ".join(row["line"] for row in rows)
    silent = all(re.search(rf"`{re.escape(key)}` = not stated", row["parameter"]) for row in rows)
    assert found.unset == silent
    parts = [part.strip() for row in rows for part in row["source"].split(";")]
    if key != "dec.signoffs":
        assert any(found.citation == part for part in parts) or "all five documents" in parts
        assert found.original in text
        assert all(original in text for original, _citation in found.also)
    assert found.citation.startswith(CODES[place])


def test_the_two_parameters_whose_row_has_no_chinese_wording_are_known():
    """Everywhere else a stated value carries the document's words."""
    bare = {
        (e.key, place) for place in JURISDICTIONS for e in read_pack(place).entries if not e.unset and not e.original
    }
    assert {key for key, _place in bare} == {
        "mat.list", "acc.exemptions", "pub.position", "org.duty_catalogue", "dec.flow.tekun",
        "dyn.annual_review_window", "pub.no_unrelated_info", "ins.content_areas",
    }  # fmt: skip


def named():
    keys = {key for key, _scope, _place, _text in CELLS} | {key for key, _place in ROWS}
    return sorted({catalogue().get(key).key for key in keys})


@pytest.mark.parametrize("key", named())
def test_the_typed_value_is_the_one_written_by_hand(key):
    for place in JURISDICTIONS:
        compare_value(key, place)


def compare_value(key, place):
    found = [e for e in read_pack(place).entries if e.key == key and not e.unset]
    if not found:
        assert (key, place) not in EXPECTED
        return
    if catalogue().get(key).kind == "tiers":
        assert tuple(tier for e in found for tier in e.value) == EXPECTED[key, place]
    else:
        assert EXPECTED[key, place] == found[0].value


def test_the_table_written_by_hand_has_no_row_too_many():
    stated_values = {(e.key, place) for place in JURISDICTIONS for e in read_pack(place).entries if not e.unset}
    assert {pair for pair in EXPECTED if pair not in stated_values} == set()


def test_every_parameter_that_the_matrix_names_is_in_the_catalogue():
    for row in section_two():
        for key in re.findall(r"`([a-z_]+\.[a-z_.]+)`", row["parameter"]):
            assert catalogue().get(key).title
    for key, _scope, _place, _text in CELLS:
        assert catalogue().get(key).title


def test_the_suspected_misprint_is_kept_as_written_and_flagged():
    """A-01: 10% as written; 20% is offered, switched off."""
    found = entry("ins.county.village_sample", "jilin-2019", "150以下100以上")
    assert str(found.value[0].ratio) == "1/10"
    assert found.flags == ("suspected_misprint",)
    assert found.advisory == {"value": "1/5", "on": False}


@pytest.mark.requirement("POL-04")
def test_each_row_holds_from_the_day_of_its_document():
    days = {place: {e.effective_from for e in read_pack(place).entries} for place in JURISDICTIONS}
    assert {place: [d.isoformat() for d in found] for place, found in days.items()} == {
        "nankai-2022": ["2022-08-22"],
        "yuquan-2020": ["2020-08-03"],
        "tianjin-district-2022": ["2022-12-26"],
        "jilin-2019": ["2019-03-07"],
        "jincheng-chengqu-2023": ["2023-08-16"],
    }


def test_the_readings_are_those_of_the_matrix():
    text = section(4)
    assert list(readings()) == [f"A-{n:02d}" for n in range(1, 80)]
    for reading in readings().values():
        row = " | ".join((reading.number, reading.as_written, reading.problem, reading.reading, reading.reason))
        assert f"| {row} |" in text
        assert reading.chinese


def test_every_reading_that_a_row_names_exists():
    for place in JURISDICTIONS:
        for found in read_pack(place).entries:
            assert all(number in readings() for number in found.reading_note.split(", ") if number)


@pytest.mark.requirement("POL-03")
def test_every_basis_document_of_a_pack_is_in_the_library():
    for place in JURISDICTIONS:
        registered = {raw["number"] for raw in library() if place in raw["named_by"]}
        assert registered == set(entry("pol.basis_documents", place).value)


def test_the_stages_of_each_pack_are_complete_and_ordered():
    for place in JURISDICTIONS:
        for found in read_pack(place).entries:
            if not found.key.startswith("stages."):
                continue
            seen = set()
            for stage in found.value:
                assert set(stage.after) <= seen, f"{place} {stage.key} waits for a later stage"
                assert stage.when in {"always", "on_objection", "by_choice"}
                assert all(catalogue().get(key) for key in stage.parameters)
                seen.add(stage.key)


def test_tianjin_reviews_publicises_then_confirms():
    steps = [stage.step for stage in entry("stages.DIBAO", "tianjin-district-2022").value]
    assert steps == [
        "INTAKE", "ACCEPTANCE", "SURVEY", "ECONOMIC_CHECK", "INITIAL_REVIEW", "PUBLICITY", "SIGN_OFF", "DECISION",
        "DELIVERY", "PAYMENT_START",
    ]  # fmt: skip


def test_yuquan_appraises_always_and_publicises_twice():
    stages = entry("stages.DIBAO", "yuquan-2020").value
    assert [s.title for s in stages if s.step == "PUBLICITY"] == ["审核公示", "拟批准公示"]
    assert [s.when for s in stages if s.step == "APPRAISAL"] == ["always"]


def test_chengqu_files_and_publicises_side_by_side_after_the_decision():
    stages = {s.key: s for s in entry("stages.DIBAO", "jincheng-chengqu-2023").value}
    assert stages["filing"].after == stages["publicity"].after == ("decision",)
    assert stages["payment_start"].after == ("delivery",)
    assert stages["delivery"].after == ("publicity",)


@pytest.mark.parametrize("place", ["nankai-2022", "jilin-2019"])
def test_nankai_and_jilin_state_no_order_of_stages(place):
    assert not [e for e in read_pack(place).entries if e.key.startswith("stages.")]


def test_the_baseline_only_proposes_and_says_how_sure_it_is():
    for key, rows in proposals().items():
        assert catalogue().get(key)
        assert all(row.confidence in {"C1", "C2", "C3", "U"} and row.source for row in rows)
        assert [row.confidence for row in rows] == sorted(row.confidence for row in rows)


def test_near_relatives_are_two_lists():
    """A-38."""
    lists = {name: [r["title"] for r in enumerations()["relatives"] if r["list"] == name] for name in ("legal", "wide")}
    assert len(lists["legal"]) == 7
    assert any("配偶的父母" in title for title in lists["wide"])


CITED = {"INT", "MAT", "SUR", "CHK", "APP", "DEC", "PUB", "KIN", "ORG", "SEC"}
"""The groups whose acts and refusals cite the document of the place."""


@pytest.mark.requirement("POL-04")
@pytest.mark.parametrize("place", JURISDICTIONS)
def test_the_basis_of_a_pack_is_where_the_matrix_says_that_its_document_speaks(place):
    expected = {row["id"]: places(row["source"]).get(CODES[place]) for row in section_two()}
    expected = {number: text for number, text in expected.items() if text and number[:3] in CITED}
    assert read_pack(place).basis == expected


@pytest.mark.django_db
@pytest.mark.requirement("POL-04")
def test_an_area_is_cited_its_own_document_or_none():
    organization.district()
    on = dt.date(2026, 9, 1)
    bind_pack(system_actor("test"), area_code=DISTRICT, pack="tianjin-district-2022", valid_from=on)
    assert citation(STREET, on, "DEC-14", "DEC-01") == "《关于进一步规范社会救助管理工作的通知》二(一)、附件2.2"
    assert citation(STREET, on, "DEC-14") == "", "a demand of another district is not given out as this one's"
    assert citation("110101001000", on, "DEC-01") == "", "no pack, no basis"
