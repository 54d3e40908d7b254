"""Unit tests open no socket at all."""

import pytest
from pytest_socket import disable_socket


@pytest.fixture(autouse=True)
def no_network() -> None:
    disable_socket(allow_unix_socket=True)
