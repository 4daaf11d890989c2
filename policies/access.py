"""Who may change the rules of an area, and who may answer a flag."""

from django.utils.translation import gettext as _

from common.actors import Actor
from common.errors import Forbidden
from policies.catalogue import Definition
from policies.enums import POST_LEVELS
from policies.models import Flag

DISMISSING = ("review_case", "sign_case", "record_choice")


def may_choose(actor: Actor, definition: Definition, area_code: str) -> bool:
    """Whether the actor's post may record a local choice of this parameter for the area."""
    level = POST_LEVELS.get(actor.post, "")
    return actor.can("record_choice", area_code) and level in definition.set_by


def require_choice(actor: Actor, definition: Definition, area_code: str) -> None:
    """Refuse a post or an area that may not choose."""
    if not may_choose(actor, definition, area_code):
        raise Forbidden(
            _("您当前的岗位不能为这个地区登记“%(title)s”。请由%(who)s登记。")
            % {"title": definition.title, "who": definition.recorders},
            code="POLICIES_CHOICE_FORBIDDEN",
        )


def require_permission(actor: Actor, permission: str, area_code: str) -> None:
    """Refuse a post without the permission in the area."""
    if not actor.can(permission, area_code):
        raise Forbidden()


def may_dismiss(actor: Actor, area_code: str) -> bool:
    """A flag is answered by who reviews or signs in its area, or by who supervises it."""
    return any(actor.can(permission, area_code) for permission in DISMISSING)


def require_dismissal(actor: Actor, flag: Flag) -> None:
    """Refuse everybody else."""
    if not may_dismiss(actor, flag.area_code):
        raise Forbidden()
