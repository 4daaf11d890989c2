from organizations.models.areas import Area, AreaUserPermission, Delegation, Office
from organizations.models.clients import SystemClient
from organizations.models.people import Appointment, Responsibility, User
from organizations.models.sign_in import SecondFactorUse

__all__ = [
    "Appointment",
    "Area",
    "AreaUserPermission",
    "Delegation",
    "Office",
    "Responsibility",
    "SecondFactorUse",
    "SystemClient",
    "User",
]
