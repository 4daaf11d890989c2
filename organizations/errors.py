"""Refusals of the organization."""

from common.errors import Refusal


class IncompatiblePosts(Refusal):
    """One person must not both confirm and supervise, nor be two of the three administrators (ORG-30, 三员分立)."""

    code = "ORG_POSTS_INCOMPATIBLE"


class OwnAccount(Refusal):
    """An administrator gives no posts to itself and does not disable itself."""

    code = "ORG_OWN_ACCOUNT"


class SecondFactorMissing(Refusal):
    """The person has not set up a second factor yet."""

    code = "ORG_SECOND_FACTOR_MISSING"


class SecondFactorWrong(Refusal):
    """The code is wrong, was used before, or too many wrong ones were tried."""

    code = "ORG_SECOND_FACTOR_WRONG"
    status = 422
