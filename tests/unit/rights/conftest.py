"""A site that requires consents."""

import pytest
from office import Office


@pytest.fixture
def office(quick_path):
    made = Office(quick_path, seed=11)
    made.store.put_settings({"consents": "required"})
    yield made
    made.close()
