"""What several tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from triage import hiring


@pytest.fixture(autouse=True)
def in_process(request, monkeypatch):
    """Most tests are about what is counted: they scan without a worker, which takes a second to start."""
    if "isolated" not in request.keywords:
        monkeypatch.setattr(hiring, "IN_PROCESS", True)


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True, scope="session")
def _state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys of the cases that tests make stay out of the user's own state."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
