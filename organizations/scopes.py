"""Which resources a client may ask a token for: those it was given, never more."""

from typing import Any

from oauth2_provider.scopes import BaseScopes

from organizations.enums import Scope


class ClientScopes(BaseScopes):  # type: ignore[misc]
    def get_all_scopes(self) -> dict[str, str]:
        return {value: str(label) for value, label in Scope.choices}

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return application.scopes.split() if application else list(Scope.values)

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return self.get_available_scopes(application)
