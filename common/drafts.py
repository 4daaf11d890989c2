"""Drafts of forms: nothing typed is ever lost. Encrypted, one per person and form."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from common import clock
from common.actors import Actor
from common.crypto import canonical
from common.errors import Forbidden, Invalid
from common.models import Draft

MAX_CHARACTERS = 500_000


def save_draft(actor: Actor, form_key: str, data: dict[str, Any]) -> Draft:
    """Keep what was typed so far; replaces the draft of the same form. `data` is field name → list of values."""
    if len(canonical(data)) > MAX_CHARACTERS:
        raise Invalid(_("草稿没有保存：内容太长。请先提交已经填好的部分。"))
    if actor.user_id is None:
        raise Forbidden()
    draft, _new = Draft.objects.visible_to(actor).update_or_create(
        user_id=actor.user_id,
        form_key=form_key,
        defaults={"data": data, "saved_at": clock.now(), "area_code": actor.area},
    )
    return draft


def load_draft(actor: Actor, form_key: str) -> Draft | None:
    """The person's draft of this form, if there is one."""
    return Draft.objects.visible_to(actor).filter(form_key=form_key).first()


def drop_old_drafts() -> int:
    """Forget the drafts that nobody saved for `DRAFT_DAYS` (settings). Returns how many."""
    old = clock.now() - dt.timedelta(days=settings.DRAFT_DAYS)
    return int(Draft.objects.unscoped(reason="nightly tidying").filter(saved_at__lt=old).delete()[0])


def drop_draft(actor: Actor, form_key: str) -> None:
    """Forget the draft, once the form was sent and accepted."""
    Draft.objects.visible_to(actor).filter(form_key=form_key).delete()
