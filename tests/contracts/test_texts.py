"""House rule: every text in every interface language, none missing, none left over."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from amparo.kernel import texts
from amparo.kernel.languages import INTERFACE, PSEUDO
from tests.contracts.icu import Malformed, shape
from tests.contracts.sources import FRONTEND, PACKAGE, name_of

CATEGORIES = {
    "en": ({"one", "other"}, {"one", "other"}),
    "es": ({"one", "other"}, {"one", "many", "other"}),
    "ru": ({"one", "few", "many", "other"}, {"one", "few", "many", "other"}),
}
"""Language -> plural categories (needed, allowed). Source: Unicode CLDR, plurals.xml."""

FOLDERS = sorted(
    [
        *PACKAGE.glob("*/locales"),
        *FRONTEND.glob("*/locales"),
        *FRONTEND.glob("desk/*/locales"),
        *FRONTEND.glob("ui/*/locales"),
    ]
)
IDS = [name_of(folder) for folder in FOLDERS]


@cache
def catalogue(folder: Path, language: str) -> dict[str, str]:
    content: dict[str, str] = json.loads((folder / f"{language}.json").read_text("utf-8"))
    return content


@pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
def test_all_languages_have_the_same_keys(folder: Path) -> None:
    assert sorted(path.stem for path in folder.glob("*.json")) == sorted(INTERFACE)
    english = set(catalogue(folder, "en"))
    for language in INTERFACE:
        assert set(catalogue(folder, language)) == english, language


@pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
def test_no_key_stands_twice_in_a_file(folder: Path) -> None:
    for language in INTERFACE:
        pairs = json.loads(
            (folder / f"{language}.json").read_text("utf-8"), object_pairs_hook=lambda kv: kv
        )
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys)), language


@pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
def test_texts_are_well_formed_and_say_something(folder: Path) -> None:
    wrong = []
    for language in INTERFACE:
        for key, text in catalogue(folder, language).items():
            try:
                shape(text)
            except Malformed as error:
                wrong.append(f"{language} {key}: {error}")
            if not text.strip() or text != text.strip():
                wrong.append(f"{language} {key}: empty or with space around")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
def test_translations_take_the_same_parameters(folder: Path) -> None:
    wrong = []
    for language in INTERFACE:
        for key, text in catalogue(folder, language).items():
            english = shape(catalogue(folder, "en")[key]).params
            if shape(text).params != english:
                wrong.append(f"{language} {key}: {shape(text).params} instead of {english}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
def test_plurals_have_the_categories_of_their_language(folder: Path) -> None:
    wrong = []
    for language, (needed, allowed) in CATEGORIES.items():
        for key, text in catalogue(folder, language).items():
            for name, categories in shape(text).plurals:
                same_for_all = categories == {"other"}
                if not same_for_all and not needed <= categories <= allowed:
                    wrong.append(f"{language} {key}: {name} has {sorted(categories)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("folder", FOLDERS, ids=IDS)
def test_russian_is_written_in_cyrillic_and_nothing_was_left_in_english(folder: Path) -> None:
    words = re.compile(r"[^\W\d_]{4,}")
    wrong = []
    for key, english in catalogue(folder, "en").items():
        for language in ("es", "ru"):
            text = catalogue(folder, language)[key]
            sentence = len(words.findall(re.sub(r"\{[^}]*\}", "", english))) > 3
            if sentence and text == english:
                wrong.append(f"{language} {key} is English")
        russian = re.sub(r"\{[^{}]*\}|https?://\S+|\S+@\S+", "", catalogue(folder, "ru")[key])
        if len(words.findall(russian)) > 3 and not re.search("[а-яё]", russian, re.I):
            wrong.append(f"ru {key} has no Cyrillic")
    assert not wrong, "\n".join(wrong)


def test_keys_of_a_module_begin_with_its_name() -> None:
    wrong = []
    for folder in PACKAGE.glob("*/locales"):
        for key in catalogue(folder, "en"):
            if not key.startswith((f"{folder.parent.name}.", "problem.")):
                wrong.append(f"{name_of(folder)}: {key}")
    assert not wrong, "\n".join(wrong)


def test_no_two_modules_define_the_same_key() -> None:
    owner: dict[str, str] = {}
    for folder in sorted(PACKAGE.glob("*/locales")):
        for key in catalogue(folder, "en"):
            assert key not in owner, f"{key}: {owner.get(key)} and {name_of(folder)}"
            owner[key] = name_of(folder)


def test_the_pseudo_locale_is_made_from_english_and_runs_from_right_to_left() -> None:
    for key in catalogue(PACKAGE / "server" / "locales", "en"):
        made = texts.text(PSEUDO, key)
        assert made != texts.text("en", key)
        assert made[0] in "\u202e\u2067\u200f"
