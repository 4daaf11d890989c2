"""留痕: who did what to which object, when, before and after; sealed.

ORG-18 (“谁签字、谁负责”), SEC-06, SEC-07 (001 第六条3, 第十九条(二)): an append-only history that cannot be altered unseen.
"""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.actors import Actor
from common.crypto import EncryptedJSONField
from common.scoping import ScopedModel, in_ranges


class SunlightNow(Now):
    """The database's own clock, which honours a moved time in marked databases only."""

    template = "sunlight_now()"

    def as_postgresql(self, compiler, connection, **extra):  # type: ignore[no-untyped-def]
        return self.as_sql(compiler, connection, template="sunlight_now()", **extra)


class Xid8Field(models.Field):
    """PostgreSQL's 64-bit transaction id; written by the database alone."""

    def db_type(self, connection: object) -> str:
        return "xid8"

    def from_db_value(self, value: object, expression: object, connection: object) -> int:
        return int(str(value))


class CurrentXact(models.Func):
    function = "pg_current_xact_id"
    output_field = Xid8Field()


class Entry(ScopedModel):
    """One line of the trail. The actor stands here as values, so that a past step always shows the holder of that day.

    `subject_*` names the matter (a case) to which the object belongs; `changes` holds plain before and after, `personal` the
    encrypted ones. `mac` is the row's own keyed digest; `xid` ties the row to the transaction that changed the object.
    """

    uid = models.UUIDField(unique=True)
    at = models.DateTimeField(db_default=SunlightNow(), db_index=True)
    xid = Xid8Field(db_default=CurrentXact(), editable=False)
    act = models.CharField(max_length=80)
    object_type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    from_status = models.CharField(max_length=200, null=True)
    to_status = models.CharField(max_length=200, null=True)
    changes = models.JSONField(default=dict)
    personal = EncryptedJSONField()
    reason = models.TextField(blank=True)
    basis = models.CharField(max_length=300, blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_username = models.CharField(max_length=150)
    actor_name = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10)
    actor_post = models.CharField(max_length=30)
    actor_post_title = models.CharField(max_length=60, blank=True)
    actor_appointment_id = models.BigIntegerField(null=True)
    actor_area = models.CharField(max_length=12, blank=True)
    actor_office = models.CharField(max_length=100, blank=True)
    road = models.CharField(max_length=10)
    ip = models.CharField(max_length=45, blank=True)
    mac = models.BinaryField()

    class Meta:
        db_table = "journal_entry"
        ordering = ["pk"]
        verbose_name = _("留痕记录")
        indexes = [
            models.Index(fields=["object_type", "object_id", "to_status"], name="journal_object"),
            models.Index(fields=["subject_type", "subject_id", "id"], name="journal_subject"),
            models.Index(fields=["actor_id", "id"], name="journal_actor"),
            models.Index(fields=["xid"], name="journal_xid"),
        ]

    @classmethod
    def scope(cls, actor: Actor) -> models.Q:
        """Lines of the area the actor supervises or works in, and the actor's own."""
        ranges = actor.ranges("view_case") + actor.ranges("view_journal")
        return in_ranges("area_code", ranges) | models.Q(actor_id=actor.user_id, actor_id__isnull=False)


class Block(models.Model):
    """A seal over the entries of finished transactions from one watermark to the next, chained to the block before it."""

    number = models.PositiveIntegerField(primary_key=True)
    from_xid = models.BigIntegerField()
    to_xid = models.BigIntegerField()
    entries = models.PositiveIntegerField()
    digest = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "journal_block"
        ordering = ["number"]
