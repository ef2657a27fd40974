"""Messages in other languages are told from English ones, and from names and commands."""

from pathlib import Path

import pytest

from bot.data.rules import load_rules
from bot.data.yamlfile import BadFile
from bot.settings import Settings
from bot.triage.language import Languages

RULES = load_rules(Settings.from_env({}).cues)
LANGUAGES = Languages(RULES.languages)


@pytest.mark.parametrize(
    "text",
    [
        "hola, busco trabajo pero no se por donde empezar",
        "ich weiß nicht, wie ich eine Ausbildung finde",
        "salut je cherche un travail dans une banque",
        "hei, miten haen työtä kun olen uusi täällä",
        "jag vet inte vad jag ska göra nu",
        "quero encontrar um trabalho mas nao sei como",
        "chcę znaleźć pracę ale nie wiem jak",
        "я не знаю, как найти работу",
        "我想找工作但是不知道怎么开始",
        "أريد أن أجد عملا ولا أعرف كيف",
        "hola! \U0001f600 " + "estoy buscando trabajo y no tengo nada " * 40,
    ],
)
def test_another_language_is_seen(text: str) -> None:
    assert LANGUAGES.is_unread(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hola",
        "lol gg wp ez noob",
        "where do i find an apprenticeship in Leeds",
        "sudo apt-get install python3 venv && make test",
        "Maria Jose de la Cruz Fernandez",
        "i loved the movie la la land, el mariachi and das boot too",
        "s p o o k y",
        "\U0001d678\U0001d69d \U0001d69c\U0001d68e\U0001d68e\U0001d696\U0001d69c fine to me now",
        "thanks 谢谢",
    ],
)
def test_english_and_what_is_no_language_is_not(text: str) -> None:
    assert not LANGUAGES.is_unread(text)


def test_no_word_is_common_in_english_and_in_another_language() -> None:
    english = set(RULES.languages["en"])
    assert all(english.isdisjoint(words) for name, words in RULES.languages.items() if name != "en")


def test_a_word_in_both_is_a_mistake_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text(
        'version: "1"\nstatus: "x"\nlanguages:\n  en: ["die", "the"]\n  de: ["die", "das"]\n'
    )
    with pytest.raises(BadFile, match="'die' stands in en and in de"):
        load_rules(tmp_path)


def test_without_words_nothing_but_another_script_is_seen() -> None:
    nothing = Languages({})
    assert not nothing.is_unread("hola, busco trabajo pero no se por donde empezar")
    assert nothing.is_unread("я не знаю, как найти работу")
