from contextlib import closing

import pytest

from tests import databases


@pytest.fixture
def web(fresh_database):
    """A bare session as the role of the site."""
    with closing(databases.session("sunlight_web")) as session:
        yield session


@pytest.fixture
def owner(fresh_database):
    """A bare session as the role that owns the tables."""
    with closing(databases.session("sunlight_owner")) as session:
        yield session
