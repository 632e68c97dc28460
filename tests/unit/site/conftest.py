"""A keyring is opened in every test here: a cheap stretching of the passphrase, which is argon2's own business."""

import pytest

from mingshi.store import keyring


@pytest.fixture(scope="module", autouse=True)
def _cheap_passphrase():
    dear = dict(keyring._COST)
    keyring._COST.update(time_cost=1, memory_cost=8)
    yield
    keyring._COST.update(dear)
