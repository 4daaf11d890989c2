"""Kinds of papers, with their Chinese titles (national-baseline 8; 002 二(一)-(三))."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperKind(models.TextChoices):
    RECEIPT = "receipt", _("申请回执")
    MISSING_NOTICE = "missing_notice", _("补正材料一次性告知书")
    REFUSAL_OF_ACCEPTANCE = "acceptance_refusal", _("不予受理告知书")
    AUTHORIZATION = "authorization", _("家庭经济状况核对授权书")
    SURVEY_FORM = "survey_form", _("家庭经济状况入户调查表")
    FILING_SUMMARY = "filing_summary", _("审核确认结果备案汇总表")
    POSTER = "poster", _("审核公示单")
    APPROVAL_FORM = "approval_form", _("最低生活保障审核确认表")
    GRANT_NOTICE = "grant_notice", _("准予通知书")
    DENIAL_NOTICE = "denial_notice", _("不予确认通知书")
