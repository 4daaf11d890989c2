"""`make run`: one at a time, a free port, nothing left from a killed run."""

import os
import socket
import subprocess
import sys
import time

import pytest

from ops import base, run
from ops.base import ROOT, Problem
from ops.broker import Broker


def test_a_taken_port_is_a_plain_sentence_with_the_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Problem, match=rf"Port {port} is in use .* make run PORT={port + 1}"):
            run.require_free_port(port)


def test_a_free_port_is_no_problem():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run.require_free_port(port)


def test_a_second_run_in_the_same_folder_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "VAR", tmp_path)
    holder = (
        "import fcntl, sys\n"
        "lock = open(sys.argv[1], 'w')\n"
        "fcntl.lockf(lock, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", holder, str(tmp_path / "run.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout.readline() == "held\n"
        with pytest.raises(Problem, match="running already"), run.only_run():
            pass
        first.communicate()
    with run.only_run():
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_processes_of_a_killed_run_are_ended_and_no_others(monkeypatch):
    mark = f"{ROOT}/made-up-for-this-test"
    monkeypatch.setattr(run, "ROOT", mark)
    sleep = ["sleep", "60"]
    ours = subprocess.Popen(sleep, env={**os.environ, base.RUN_MARK: mark})
    other = subprocess.Popen(sleep, env={**os.environ, base.RUN_MARK: f"{mark}-2"})
    try:
        while not (seen := run.left_overs()):
            time.sleep(0.01)
        assert seen == [ours.pid]
        run.end_left_overs()
        assert ours.wait(10) == -15
        assert other.poll() is None
    finally:
        for process in (ours, other):
            process.kill()
            process.wait()


def test_web_worker_and_scheduler_run_and_nothing_else():
    commands = run.commands(8003)
    assert list(commands) == ["web", "worker", "beat"]
    assert "127.0.0.1:8003" in commands["web"]


def test_the_broker_keeps_its_queue_over_a_kill(short_folder):
    import redis

    broker = Broker(short_folder / "broker", short_folder / "log")
    assert broker.start()
    try:
        redis.Redis.from_url(broker.url).rpush("queue", "work")
        broker.process.kill()
        broker.process.wait()
        assert broker.start()
        client = redis.Redis.from_url(broker.url)
        assert client.lrange("queue", 0, -1) == [b"work"]
        assert client.config_get("port") == {"port": "0"}
        client.close()
    finally:
        broker.stop()
    assert not broker.answers()


def test_a_broker_left_over_from_a_killed_run_is_taken_over_and_stopped(short_folder):
    left = Broker(short_folder / "broker", short_folder / "log")
    left.start()
    try:
        taken_over = Broker(short_folder / "broker", short_folder / "log")
        assert not taken_over.start()
        taken_over.stop()
        assert left.process.wait(10) == 0
    finally:
        left.stop()
