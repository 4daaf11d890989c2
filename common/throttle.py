"""Tries that are counted: a password or a one-time code inside a session, questions and applications of people who are not
signed in. Signing in itself has its own lock-out (axes).

Counted in the shared cache and not in the database, because a refused try rolls its transaction back. The cache holds keyed
digests of who tried, never an address or a number in clear."""

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from common.crypto import blind_index
from common.errors import Refusal

TRIES, SECONDS = 5, 5 * 60
"""Of a password or a one-time code."""


class Unavailable(Refusal):
    """The counter cannot be reached, so no try is taken."""

    code = "COMMON_CHECK_UNAVAILABLE"
    status = 503


class TooManyTries(Refusal):
    """The tries of a period are used up; `seconds` later at the latest there are new ones."""

    code = "COMMON_TOO_MANY_TRIES"
    status = 429

    def __init__(self, message: object, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


def is_allowed(name: str, who: object, tries: int = TRIES, seconds: int = SECONDS) -> bool:
    """Count one more try of `name` by `who` (a user's number, an address, a code); False once there were more than `tries` in
    the period that began with the first one."""
    key = _key(name, who)
    try:
        cache.add(key, 0, seconds)
        return int(cache.incr(key)) <= tries
    except ValueError:  # it expired between the two lines: the first try of a new period
        return True
    except (RedisError, OSError) as error:
        raise Unavailable(_("现在核对不了，您填的内容没有提交。请稍候再试；一直不行，请联系系统管理员。")) from error


def give_back(name: str, who: object) -> None:
    """The last try was a good one and does not count."""
    try:
        cache.decr(_key(name, who))
    except (ValueError, RedisError, OSError):  # it expired meanwhile, or stays counted
        return


def forget(name: str, who: object) -> None:
    """A right answer ends the count."""
    cache.delete(_key(name, who))


def _key(name: str, who: object) -> str:
    return f"tries:{name}:{blind_index('tries', str(who))}"
