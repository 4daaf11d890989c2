"""The site as a web process of its own runs it for these tests: the project's application, which dies at the moment of a request that
the request itself asks for. Its clock stands where the test's clock stands."""

import datetime as dt
import os
import signal
from contextlib import nullcontext

from django.db import connection

from common import clock
from config.wsgi import application as site
from tests.faults import AFTER_COMMIT, BEFORE_COMMIT

clock.move(dt.datetime.fromisoformat(os.environ["TEST_CLOCK"]))
connection.close()


def application(environ, start_response):
    """Nothing goes to the client before this returns; by then every transaction of the request is committed."""
    moment = environ.get("HTTP_X_DIE", "")
    with connection.execute_wrapper(LastStatement()) if moment == BEFORE_COMMIT else nullcontext():
        answer = site(environ, start_response)
    if moment == AFTER_COMMIT:
        die()
    return answer


class LastStatement:
    """Dies when an act has written everything and has only to commit: it has checked its deferred constraints."""

    written = False

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        self.written = self.written or sql.startswith('INSERT INTO "journal_entry"')
        if self.written and sql.startswith("SET CONSTRAINTS"):
            die()
        return result


def die():
    """The whole process group, master and worker, as when the machine loses power."""
    os.killpg(os.getpgrp(), signal.SIGKILL)
