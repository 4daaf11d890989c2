"""The database is the ledger of work: an act that was kept has its follow-up done, once, whatever happens to broker and worker."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
import uuid

import pytest
from celery import current_app, shared_task
from django.conf import settings
from django.db import connection, transaction

from common import clock, outbox
from common.models import OutboxMessage, Progress
from tests import databases

RAN = []


@shared_task(name="tests.note")
def note(number):
    RAN.append(number)


@shared_task(name="tests.fail")
def fail(number):
    raise ZeroDivisionError("示例")


@shared_task(name="tests.again")
def again(message_id):
    """What a second worker with the same message would do meanwhile."""
    RAN.append(message_id)
    from concurrent.futures import ThreadPoolExecutor

    def second():
        outbox.deliver(message_id)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(second).result()


@pytest.fixture(autouse=True)
def nothing_ran():
    RAN.clear()


@pytest.fixture
def sent(monkeypatch):
    """What goes to the broker, without one."""
    calls = []
    monkeypatch.setattr(
        current_app._get_current_object(), "send_task", lambda name, args, **options: calls.append((name, *args))
    )
    return calls


def test_a_task_goes_to_the_broker_when_the_act_commits_and_not_before(fresh_database, sent):
    with transaction.atomic():
        message = outbox.enqueue("tests.note", 7)
        assert sent == []
    assert sent == [("common.deliver", message.pk)]


def test_a_task_of_a_refused_act_never_goes(fresh_database, sent):
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - what is written is then rolled back
        outbox.enqueue("tests.note", 7)
        raise ZeroDivisionError
    assert sent == []
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_arguments_are_ids():
    with pytest.raises(TypeError):
        outbox.enqueue("tests.note", {"name": "张三"})


@pytest.mark.django_db
def test_a_delivered_task_runs_once():
    message = outbox.enqueue("tests.note", 7)
    outbox.deliver(message.pk)
    outbox.deliver(message.pk)
    message.refresh_from_db()
    assert RAN == [7]
    assert (message.done_at, message.attempts, message.last_error) == (clock.now(), 1, "")


def test_a_second_worker_with_the_same_message_leaves_it_to_the_first(fresh_database, sent):
    message = OutboxMessage.objects.create(task="tests.again", created_at=clock.now(), due_at=clock.now())
    OutboxMessage.objects.filter(pk=message.pk).update(arguments=[message.pk])
    outbox.deliver(message.pk)
    assert [message.pk] == RAN
    message.refresh_from_db()
    assert message.attempts == 1


@pytest.mark.django_db
def test_a_failing_task_is_visible_and_comes_again_later_and_later(sent):
    message = outbox.enqueue("tests.fail", 7)
    waits = []
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            outbox.deliver(message.pk)
        message.refresh_from_db()
        waits.append(message.due_at - clock.now())
    assert (message.done_at, message.attempts, message.last_error) == (None, 3, "ZeroDivisionError")
    assert waits == sorted(set(waits))
    assert outbox.sweep() == 0
    with clock.moved(message.due_at):
        assert outbox.sweep() == 1
    assert sent == [("common.deliver", message.pk)]


@pytest.mark.django_db
def test_an_unknown_task_is_visible_too():
    message = outbox.enqueue("tests.gone", 7)
    with pytest.raises(KeyError):
        outbox.deliver(message.pk)
    message.refresh_from_db()
    assert message.last_error == "NotRegistered"


@pytest.mark.django_db
def test_the_sweeper_does_not_send_what_is_on_its_way(sent):
    message = outbox.enqueue("tests.note", 7)
    assert outbox.sweep() == 0
    with clock.moved(clock.now() + dt.timedelta(minutes=3)):
        assert outbox.sweep() == 1
        assert outbox.sweep() == 0, "sent a moment ago"
    assert sent == [("common.deliver", message.pk)]


def test_a_broker_that_is_down_keeps_the_act_and_the_sweeper_heals_it(fresh_database, broker_address):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed_port = probe.getsockname()[1]
    broker_address(f"redis://127.0.0.1:{closed_port}/0")
    started = time.monotonic()
    with transaction.atomic():
        Progress.objects.create(name="act", title="t", updated_at=clock.now())
        message = outbox.enqueue("tests.note", 7)
    assert time.monotonic() - started < 5, "a page does not wait for the broker"
    assert Progress.objects.filter(name="act").exists()
    message.refresh_from_db()
    assert message.done_at is None
    assert message.last_error
    broker_address("memory://")
    with clock.moved(clock.now() + dt.timedelta(minutes=3)):
        assert outbox.sweep() == 1
        outbox.deliver(message.pk)
    assert RAN == [7]


@pytest.fixture
def broker_address():
    """Lets this process talk to another broker for a while."""
    app = current_app._get_current_object()
    before = app.conf.broker_url

    def use(address):
        app.conf.broker_url = app.conf.broker_write_url = app.conf.broker_read_url = address
        app._pool = None
        app.amqp = type(app.amqp)(app)

    yield use
    use(before)


class TestRealWorker:
    """A worker process of its own on the Redis that is given."""

    @pytest.fixture(autouse=True)
    def redis(self):
        import redis

        client = redis.Redis.from_url(settings.REDIS_URL)
        try:
            client.ping()
        except redis.RedisError:
            pytest.skip("no Redis under REDIS_URL")
        finally:
            client.close()

    @pytest.fixture
    def queue(self, broker_address):
        app = current_app._get_current_object()
        before, name = app.conf.task_default_queue, f"sunlight-test-{uuid.uuid4().hex[:8]}"
        app.conf.task_default_queue = name
        app.amqp = type(app.amqp)(app)
        broker_address(settings.REDIS_URL.replace("unix://", "redis+socket://"))
        yield name
        app.conf.task_default_queue = before
        app.amqp = type(app.amqp)(app)

    @pytest.fixture
    def worker(self, fresh_database, queue, tmp_path):
        """Starts workers; ends those that still run."""
        running = []
        self.folder = tmp_path

        def start():
            log = (tmp_path / f"worker-{len(running)}.log").open("w")
            environment = {
                **os.environ, "DJANGO_ENV": "test", "DATABASE_URL": databases.address(), "LOG_LEVEL": "INFO",
                "CELERY_BROKER_URL": settings.REDIS_URL.replace("unix://", "redis+socket://"),
            }  # fmt: skip
            command = [sys.executable, "-m", "celery", "-A", "tests.common.worker", "worker", "-Q", queue, "-c", "1"]
            command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
            process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log, start_new_session=True
            )
            log.close()
            running.append(process)
            return process

        yield start
        for process in running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def enqueue(self, task, *ids):
        clock.move(None)  # the worker's clock runs
        with transaction.atomic():
            return outbox.enqueue(task, *ids)

    def until(self, condition, seconds=180):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.1)
        logs = "".join(log.read_text() for log in sorted(self.folder.glob("worker-*.log")))
        pytest.fail(f"the worker did not get so far: {list(OutboxMessage.objects.values())}\n{logs}")

    def test_takes_a_message_from_the_outbox_and_finishes_it(self, worker):
        worker()
        message = self.enqueue("tests.mark", "one")
        self.until(lambda: OutboxMessage.objects.get(pk=message.pk).done_at)
        assert Progress.objects.get(name="one").done == 1

    def test_killed_in_the_middle_is_healed_by_the_sweeper(self, worker):
        first = worker()
        message = self.enqueue("tests.mark_slowly", "two")
        self.until(lambda: Progress.objects.filter(name="two").exists())
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        self.until(lambda: not self.is_held(message.pk))
        assert OutboxMessage.objects.get(pk=message.pk).done_at is None
        OutboxMessage.objects.update(due_at=clock.now())  # the two minutes pass
        worker()
        assert outbox.sweep() == 1
        self.until(lambda: OutboxMessage.objects.get(pk=message.pk).done_at)
        row = OutboxMessage.objects.get(pk=message.pk)
        assert row.attempts == 2
        assert Progress.objects.get(name="two").done == 1

    def is_held(self, message_id):
        with outbox._hold(message_id) as held:
            return not held
