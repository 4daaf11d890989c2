"""The refusals of this app, each with a code that stays."""

from django.utils.translation import gettext as _

from common.errors import Invalid, Refusal


class WrongStage(Refusal):
    """The move belongs to a stage that is not open."""

    code = "CASES_WRONG_STAGE"


class Incomplete(Refusal):
    """Something that the stage must leave behind is not there yet."""

    code = "CASES_INCOMPLETE"
    status = 422


class SamePerson(Refusal):
    """Duties that one person may not unite in a case."""

    code = "CASES_SIGNOFF_SAME_PERSON"


class NotYourTurn(Refusal):
    """The signatures follow the pack's order of posts."""

    code = "CASES_SIGNOFF_ORDER"


class ContentChanged(Refusal):
    """What is to be signed is no longer what the person saw."""

    code = "CASES_CONTENT_CHANGED"


class SittingNeeded(Refusal):
    """Signing needs an open sitting that lists the content."""

    code = "CASES_SITTING_NEEDED"


class ObjectionOpen(Refusal):
    """An objection to the publicity has not been answered (DEC-34)."""

    code = "CASES_OBJECTION_OPEN"


class TooEarly(Refusal):
    """The publicity has not hung its full days (DEC-06)."""

    code = "CASES_PUBLICITY_RUNNING"


class NotServed(Refusal):
    """A benefit cannot start from a case whose notice is not served."""

    code = "CASES_NOTICE_NOT_SERVED"


class OpenElsewhere(Invalid):
    """A member stands in another open case, or is in benefit already (INT-16)."""

    code = "CASES_OPEN_ELSEWHERE"


class AlreadyAnswered(Refusal):
    """An online application that was registered or returned already."""

    code = "CASES_ONLINE_ANSWERED"


class NoProcedure(Refusal):
    """The area has no order of stages for the programme."""

    code = "CASES_NO_PROCEDURE"

    def __init__(self) -> None:
        super().__init__(_("本区还没有登记这一救助类型的办理程序，不能受理。请区民政局监督负责人先在“规则”页选用。"))


class ReferenceUsed(Refusal):
    """Another system sent a number of its own a second time."""

    code = "CASES_REFERENCE_USED"
