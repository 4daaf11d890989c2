"""What the machinery remembers: form keys, drafts, queued tasks, long work, and what kind of database this is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.actors import Actor
from common.crypto import EncryptedJSONField
from common.scoping import ScopedModel


class DatabaseMark(models.Model):
    """Written by the owner alone: this database holds demonstration or test data, so its clock may be moved."""

    kind = models.CharField(max_length=20, choices=[("demo", _("演示")), ("test", _("测试"))])

    class Meta:
        db_table = "common_database_mark"


class ActKey(models.Model):
    """A form key that has been acted upon, with what came of it: a form sent twice is one act (same answer).

    `content` is a keyed digest of what was sent with it.
    """

    key = models.CharField(max_length=64)
    act = models.CharField(max_length=80)
    user_id = models.BigIntegerField(null=True)
    content = models.CharField(max_length=64, default="")
    result_type = models.CharField(max_length=80, blank=True)
    result_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="common_actkey_key")]


class ApiReply(models.Model):
    """An `Idempotency-Key` of another system that has been acted upon, with the answer: sent again, the same answer and no second act.

    `content` is a keyed digest of what was sent; the answer's body is ciphertext. Forgotten after `API_KEY_DAYS` (settings)."""

    client_id = models.BigIntegerField()
    key = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = EncryptedJSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client_id", "key"], name="common_api_reply_once")]


class Draft(ScopedModel):
    """What a person has typed and not yet sent; encrypted, theirs alone, replaced at each save."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form_key = models.CharField(max_length=120)
    data = EncryptedJSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "form_key"], name="common_draft_user_form")]

    @classmethod
    def scope(cls, actor: Actor) -> models.Q:
        return models.Q(user_id=actor.user_id)


class OutboxMessage(models.Model):
    """A task promised inside a transaction. Celery is poked on commit; the sweeper pokes again until it is done."""

    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=list)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="common_outbox_open")]


class Progress(models.Model):
    """Long work as a page shows it: how far, and how it ended."""

    name = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=120)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, default="running")
    message = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField()

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0
