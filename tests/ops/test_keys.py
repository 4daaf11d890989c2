"""The secrets of a checkout."""

import base64

import pytest

from config.settings import keyring
from ops import keys
from ops.base import Problem


@pytest.fixture(autouse=True)
def no_keys_in_the_environment(monkeypatch):
    for name in (*keys.NAMES, "FIELD_KEY_CURRENT"):
        monkeypatch.delenv(name, raising=False)


def test_secrets_are_made_once_and_closed_to_others(tmp_path):
    file = tmp_path / "secrets.env"
    first = keys.ensure(file, data_exists=False)
    assert file.stat().st_mode & 0o777 == 0o600
    assert keys.ensure(file, data_exists=True) == first


def test_secrets_have_the_form_the_settings_read():
    made = keys.new_secrets()
    assert {number: len(key) for number, key in keyring(made["FIELD_KEYS"]).items()} == {1: 32}
    assert len(base64.b64decode(made["BLIND_INDEX_KEY"])) == 32
    assert len(base64.b64decode(made["JOURNAL_KEY"])) == 32
    assert len(made["SECRET_KEY"]) >= 50


def test_two_checkouts_never_share_a_key():
    first, second = keys.new_secrets(), keys.new_secrets()
    assert all(first[name] != second[name] for name in keys.NAMES)


def test_data_whose_keys_are_lost_is_not_met_with_new_ones(tmp_path):
    file = tmp_path / "secrets.env"
    with pytest.raises(Problem, match="Put the file back"):
        keys.ensure(file, data_exists=True)
    assert not file.exists()


def test_an_incomplete_file_is_refused_by_name(tmp_path):
    file = tmp_path / "secrets.env"
    values = keys.new_secrets()
    del values["JOURNAL_KEY"]
    keys.write(file, values)
    with pytest.raises(Problem, match="JOURNAL_KEY"):
        keys.ensure(file, data_exists=True)


def test_keys_given_by_the_environment_need_no_file(tmp_path, monkeypatch):
    for name, value in keys.new_secrets().items():
        monkeypatch.setenv(name, value)
    assert keys.ensure(tmp_path / "secrets.env", data_exists=True) == {}
    assert not (tmp_path / "secrets.env").exists()
