"""The data of the printed papers and of what is signed: plain JSON values."""

from cases.documents.content import (
    day_words,
    declaration,
    frozen_content,
    items_of,
    members_of,
    post_words,
    survey_content,
)
from cases.documents.papers import (
    AUTHORIZATION_SCOPE,
    MATERIAL_TITLES,
    acceptance_refusal,
    authorization,
    decision,
    member_row,
    missing_notice,
    poster,
    prefix,
    receipt,
    survey_form,
)

__all__ = [
    "AUTHORIZATION_SCOPE",
    "MATERIAL_TITLES",
    "acceptance_refusal",
    "authorization",
    "day_words",
    "decision",
    "declaration",
    "frozen_content",
    "items_of",
    "member_row",
    "members_of",
    "missing_notice",
    "post_words",
    "poster",
    "prefix",
    "receipt",
    "survey_content",
    "survey_form",
]
