"""Users and the posts they hold."""

import datetime as dt
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.enums import AppointmentKind, Frontline, Post, ResponsibilityKind
from organizations.models.areas import Area, Office


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """One person, one account (SEC-12, SEC-13; 002 附件1.7). What it may do follows from its appointments alone.

    `area_code` is the division whose administrators keep the account; it moves with the person by a hand-over (001
    第六条4)."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("首次登录须改密码"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False)
    area_code = models.CharField(_("管理账号的区划"), max_length=12, db_collation="C", db_index=True)
    created_at = models.DateTimeField(_("建立时间"), null=True)

    objects = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class Appointment(models.Model):
    """A person holds a post at an office from one day to another (ORG-28). Append-only; `valid_to` closes it, once.

    `valid_to` is the last day of the post. A deputising appointment names for whom it stands in (A-35).
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    post = models.CharField(_("岗位"), max_length=30, choices=Post.choices)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="appointments")
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="narrower than the office's areas, if given",
    )
    title = models.CharField(_("职务"), max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=AppointmentKind.choices, default=AppointmentKind.STANDING)
    deputises = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="deputies")
    valid_from = models.DateField(_("任职日期"))
    valid_to = models.DateField(_("离任日期"), null=True)

    class Meta:
        ordering = ["office_id", "post", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="org_appointment_dates",
            ),
            models.UniqueConstraint(
                fields=["user", "post", "office", "valid_from"], name="org_appointment_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.pk}"

    def in_force(self, on: dt.date) -> bool:
        """Whether the post is held on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def post_title(self) -> str:
        """The post as shown: `社会救助经办`, `分管领导（代理）`."""
        name = self.title or self.get_post_display()
        return f"{name}（{self.get_kind_display()}）" if self.kind == AppointmentKind.DEPUTISING else name


class Responsibility(models.Model):
    """Who answers for an office as a rule of its document names it: first, direct, concrete responsible person, the
    supervising unit, and the frontline roles of villages (ORG-06 … ORG-10). Append-only; `valid_to` closes it."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="responsibilities")
    kind = models.CharField(_("责任"), max_length=12, choices=ResponsibilityKind.choices)
    frontline = models.CharField(_("一线岗位"), max_length=20, choices=Frontline.choices, blank=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="responsibilities")
    unit = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    basis = models.CharField(_("依据"), max_length=200)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True)

    class Meta:
        ordering = ["office_id", "kind", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) ^ models.Q(unit__isnull=False),
                name="org_responsibility_one_holder",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
