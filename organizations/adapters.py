"""allauth as the sign-in of staff: no sign-up, every sign-in and sign-out in the journal, second-factor secrets
encrypted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _

from common.crypto import token, untoken
from organizations.services import sign_in

BOUND_TO = "mfa.secret"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by the system administrator alone; a password suffices to sign in (see
    services.second_factor)."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不对。请核对后重新输入；连续输错5次，账号会锁定15分钟。"),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """No stage after the password: the code is asked where something is signed or administered."""
        return []

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say enough without allauth's notes."""

    def login(self, request: Any, user: Any) -> None:
        super().login(request, user)
        sign_in.record_sign_in(user, request.META.get("REMOTE_ADDR", ""))

    def logout(self, request: Any) -> None:
        sign_in.record_sign_out(request.actor, request.user)
        super().logout(request)

    def authentication_failed(self, request: Any, **credentials: Any) -> None:
        """Record the failure. Tries against an account already locked are not counted by axes and would only flood the
        journal."""
        if getattr(request, "axes_failures_since_start", None) is not None:
            locked = bool(getattr(request, "axes_locked_out", False))
            sign_in.record_failed_sign_in(
                str(credentials.get("username", "")), request.META.get("REMOTE_ADDR", ""), locked=locked
            )


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second factor are ciphertext in the database."""

    def encrypt(self, text: str) -> str:
        return token(text, BOUND_TO)

    def decrypt(self, encrypted_text: str) -> str:
        return untoken(encrypted_text, BOUND_TO)
