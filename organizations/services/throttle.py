"""Tries of a password or a one-time code inside a session: five in five minutes.

Counted in the shared cache and not in the database, because a refused try rolls its transaction back. Signing in itself
has its own lock-out (axes)."""

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from common.errors import Refusal

TRIES, SECONDS = 5, 5 * 60


class Unavailable(Refusal):
    """The counter cannot be reached, so no try is taken."""

    code = "ORG_CHECK_UNAVAILABLE"
    status = 503


def is_allowed(name: str, user_id: int | None) -> bool:
    """Count one more try of `name` by a person; False once there were too many."""
    key = _key(name, user_id)
    try:
        cache.add(key, 0, SECONDS)
        return cache.incr(key) <= TRIES
    except ValueError:  # it expired between the two lines: the first try of a new period
        return True
    except (RedisError, OSError) as error:
        raise Unavailable(
            _("现在核对不了密码和动态口令，您填的内容没有提交。请稍候再试；一直不行，请联系系统管理员。")
        ) from error


def forget(name: str, user_id: int | None) -> None:
    """A right answer ends the count."""
    cache.delete(_key(name, user_id))


def _key(name: str, user_id: int | None) -> str:
    return f"tries:{name}:{user_id}"
