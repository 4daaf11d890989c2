"""What sign-in remembers beside the account itself."""

from django.db import models

from organizations.models.people import User


class SecondFactorUse(models.Model):
    """Each one-time code counts once: `last_step` is the time step of the last code accepted, and a code of that step
    or an earlier one is refused, so that a code read over a shoulder is worth nothing.

    The secret itself lies, as ciphertext, in allauth's authenticator.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.last_step}"
