"""Who acts: a person under a chosen post, a resident who has not signed in, a job of the system,
or another government system."""

import re
from dataclasses import dataclass, field

RESIDENT = "resident"
AREA_CODE = re.compile(r"^\d{12}$")


@dataclass(frozen=True)
class Actor:
    """The one who acts, as values: the journal keeps them although user and post may change later (ORG-28).

    `powers` holds (permission, lo, hi) with lo ≤ area code < hi, computed once per request from the appointment in force.
    """

    user_id: int | None
    username: str
    name: str
    post: str
    post_title: str = ""
    appointment_id: int | None = None
    area: str = ""
    office: str = ""
    kind: str = "person"
    road: str = "page"
    ip: str = ""
    powers: frozenset[tuple[str, str, str]] = field(default_factory=frozenset, repr=False)

    @property
    def person_id(self) -> int:
        """The user's number. Only people do what is signed with a name; a job has none."""
        if self.user_id is None:
            raise ValueError("a job cannot do what a person signs for")
        return self.user_id

    def ranges(self, permission: str) -> list[tuple[str, str]]:
        """The half-open ranges of area codes in which the actor holds the permission."""
        return sorted((lo, hi) for name, lo, hi in self.powers if name == permission)

    def can(self, permission: str, area_code: str) -> bool:
        """Whether the actor holds the permission in this area (a code inside one of the ranges)."""
        return any(lo <= area_code < hi for lo, hi in self.ranges(permission))

    def holds(self, permission: str) -> bool:
        """Whether the actor holds the permission anywhere."""
        return any(name == permission for name, _lo, _hi in self.powers)


def resident_actor(ip: str) -> Actor:
    """Somebody at a public page who has not signed in: without an account and without powers; only the address is known."""
    return Actor(user_id=None, username="", name="网上申请人", post=RESIDENT, kind=RESIDENT, ip=ip)


def system_actor(name: str) -> Actor:
    """A job of the system itself, named, without a person and without powers of a post."""
    return Actor(user_id=None, username=name, name="系统", post="system", kind="system", road="job")
