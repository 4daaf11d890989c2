"""Refusals of the policies app."""

from django.utils.translation import gettext as _

from common.errors import Refusal


class UnknownParameter(Refusal):
    code = "POLICIES_UNKNOWN_PARAMETER"
    status = 404


class UnknownPack(Refusal):
    code = "POLICIES_UNKNOWN_PACK"
    status = 404


class NotDecided(Refusal):
    """A value is needed that the document does not give and nobody has chosen yet."""

    code = "POLICIES_NOT_DECIDED"


class DocumentDecides(Refusal):
    """The document states the value; a local choice may not change it (003 四(一): only refine)."""

    code = "POLICIES_DOCUMENT_DECIDES"


class WrongValue(Refusal):
    code = "POLICIES_WRONG_VALUE"
    status = 422


class WrongDate(Refusal):
    code = "POLICIES_WRONG_DATE"
    status = 422


class ReasonMissing(Refusal):
    code = "POLICIES_REASON_MISSING"
    status = 422


class WrongFile(Refusal):
    code = "POLICIES_WRONG_FILE"
    status = 422


class FlagClosed(Refusal):
    code = "POLICIES_FLAG_CLOSED"


class BrokenPack(Refusal):
    """A pack file that cannot be loaded as it is; `sentences` say what is wrong on which line."""

    code = "POLICIES_BROKEN_PACK"
    status = 422

    def __init__(self, name: str, sentences: list[str]) -> None:
        self.sentences = sentences
        words = {"name": name, "sentences": "\n".join(sentences)}
        super().__init__(_("政策包%(name)s有错，没有载入：\n%(sentences)s") % words)
