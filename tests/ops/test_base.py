"""What all start-up scripts share."""

import os
from pathlib import Path

import pytest

from ops import base
from ops.base import Problem, Stamp


def test_a_stamp_is_fresh_only_for_the_same_value(tmp_path):
    Stamp("step", "one", tmp_path).set()
    assert Stamp("step", "one", tmp_path).fresh()
    assert not Stamp("step", "two", tmp_path).fresh()
    assert not Stamp("other", "one", tmp_path).fresh()


def test_a_fingerprint_changes_with_content_and_with_extras(monkeypatch, tmp_path):
    monkeypatch.setattr(base, "ROOT", tmp_path)
    file = tmp_path / "lock"
    file.write_text("a")
    first = base.fingerprint([file])
    assert base.fingerprint([file]) == first
    assert base.fingerprint([file], "3.12") != first
    file.write_text("b")
    assert base.fingerprint([file]) != first


def test_a_socket_stays_in_place_where_its_path_fits():
    assert base.short_socket_folder(Path("/home/zhang/sunlight/var/s"), "x") == Path("/home/zhang/sunlight/var/s")


@pytest.mark.parametrize("folder", ["/home/" + "long/" * 30, "/home/张三/sunlight", "/home/zhang/my sunlight"])
def test_a_socket_moves_to_a_short_plain_path_otherwise(folder):
    short = base.short_socket_folder(Path(folder), "x")
    assert len(str(short)) < 60
    assert str(short).isascii()
    assert short == base.short_socket_folder(Path(folder), "x")
    assert short != base.short_socket_folder(Path(folder + "2"), "x")


def test_a_private_folder_is_closed_to_others(tmp_path):
    base.private_folder(tmp_path / "data")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_link_is_no_private_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(Problem, match="is a link"):
        base.private_folder(tmp_path / "link")


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    with pytest.raises(Problem, match="belongs to another user"):
        base.private_folder(tmp_path, os.geteuid() + 1)


def test_a_closed_folder_on_the_way_makes_a_path_unreachable(short_folder):
    project = short_folder / "home" / "project"
    project.mkdir(parents=True)
    (short_folder / "home").chmod(0o755)
    assert base.reachable_by_others(project / "var")
    (short_folder / "home").chmod(0o700)
    assert not base.reachable_by_others(project / "var")


def test_a_problem_is_one_line_on_standard_error(capsys):
    def main():
        raise Problem("Port 8000 is in use.")

    with pytest.raises(SystemExit) as ended:
        base.answer(main)
    assert ended.value.code == 1
    assert capsys.readouterr().err == "\nPort 8000 is in use.\n"
