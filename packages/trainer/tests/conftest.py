from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from namewright.shared import ArtifactStore
from namewright.shared.testing import make_small_dataset, make_tiny_base

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_base(tmp_path_factory.mktemp("bases") / "tiny")


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    store = ArtifactStore(tmp_path / "artifacts")
    make_small_dataset(store, "small")
    return store
