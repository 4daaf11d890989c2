"""Refusals: the one way in which the system says no.

A refusal carries what a person needs (a Chinese sentence: what, why, what next), what a program needs (a stable code and an
HTTP status), the form field it concerns and the legal basis. It is mapped to pages in `common.web` and, once an API exists,
to problem details (RFC 9457) there.
"""

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """An act that the rules do not allow. Nothing has been written when it is raised."""

    code = "REFUSED"
    status = 409

    def __init__(self, message: object, *, code: str = "", field: str = "", basis: str = "", status: int = 0) -> None:
        super().__init__(message)
        self.message = str(message)
        self.code = code or type(self).code
        self.field = field
        self.basis = basis
        self.status = status or type(self).status

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Invalid(Refusal):
    """The input itself is not usable."""

    code = "COMMON_INVALID"
    status = 422


class NotFound(Refusal):
    """Absent and invisible look the same, so that nobody learns what exists elsewhere."""

    code = "COMMON_NOT_FOUND"
    status = 404

    def __init__(
        self, message: object = _("没有找到这条记录。它可能不存在，或者不在您的管辖范围内。请核对编号。")
    ) -> None:
        super().__init__(message)


class Forbidden(Refusal):
    """The post does not carry this act."""

    code = "COMMON_FORBIDDEN"
    status = 403

    def __init__(
        self,
        message: object = _("您当前的岗位不能做这一步。请换到有此职责的岗位，或者联系本单位系统管理员。"),
        *,
        code: str = "",
        basis: str = "",
    ) -> None:
        super().__init__(message, code=code, basis=basis)


class Stale(Refusal):
    """The person decided on content that has changed since."""

    code = "COMMON_STALE"

    def __init__(
        self, message: object = _("这条记录在您打开之后已被他人更新，您的操作没有保存。请刷新页面，看过最新内容再办。")
    ) -> None:
        super().__init__(message)


class Busy(Refusal):
    """Somebody else holds the lock; nothing was written."""

    code = "COMMON_BUSY"

    def __init__(self, message: object = _("另一个人正在办理同一件事，您的操作没有保存。请稍候几秒再试。")) -> None:
        super().__init__(message)


class KeyReused(Refusal):
    """One form key was sent for two different acts."""

    code = "COMMON_KEY_REUSED"

    def __init__(self, message: object = _("这张表单已经用过。请重新打开页面再填。")) -> None:
        super().__init__(message)
