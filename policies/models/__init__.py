"""Tables of the policies app. Rules are public: no table here holds personal data except flags, which follow their
case."""

from policies.models.calendar import WorkingDay
from policies.models.flags import Flag
from policies.models.library import PackBinding, PolicyDocument
from policies.models.parameters import LocalChoice, ParameterRow

__all__ = ["Flag", "LocalChoice", "PackBinding", "ParameterRow", "PolicyDocument", "WorkingDay"]
