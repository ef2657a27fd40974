"""Which messages answer a question, by the cue files that come with the bot."""

from functools import cache

import pytest

from bot.data.rules import load_rules
from bot.settings import Settings
from bot.triage.answer import Answering
from bot.triage.read import Triage
from bot.triage.words import Reader
from tests.support.build import NOON


@cache
def shipped() -> Triage:
    rules = load_rules(Settings().cues)
    return Triage(rules, reader=Reader(rules.lexicon), models=None, known=None)


def answering(text: str) -> Answering:
    return shipped().answering(shipped().first(text, sent_at=NOON))


@pytest.mark.parametrize(
    "text",
    [
        "thanks!",
        "Ah ok, thank you so much \N{SMILING FACE WITH SMILING EYES}",
        "that helps",
        "That really helped, I'll try that",
        "sorted",
        "solved it, cheers all",
        "got it",
        "nvm, found it on their site",
        "oh wow, exactly what i needed",
        "this answers my question",
        "ty lol",
    ],
)
def test_whoever_asked_may_say_that_it_is_answered(text: str) -> None:
    assert answering(text).is_thanks


@pytest.mark.parametrize(
    "text",
    [
        "hello again",
        "thanks in advance",
        "thanks anyway",
        "thanks, but that doesn't help",
        "thanks. still stuck though",
        "thanks, and where do I send it?",
        "no thanks",
        "not sorted yet",
        "thanks to my manager I lost the job",
        "I sorted my cv by date",
        "thanks, anyone else",
        "never mind",
        "> thanks, that helps",
        "hope it gets sorted",
        "that would be helpful if it worked",
    ],
)
def test_polite_words_do_not_close_a_question(text: str) -> None:
    assert not answering(text).is_thanks


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Two pages is fine.",
        "https://nationalcareers.service.gov.uk",
        "see https://example.org/?q=cv",
        "which country? in the UK it is two pages",
        "no idea but the careers service will know",
        "two pages. does that help?",
        "good question, most people leave the photo out",
    ],
)
def test_whoever_tells_something_answers(text: str) -> None:
    assert answering(text).tells


@pytest.mark.parametrize(
    "text",
    [
        "which country are you in?",
        "Which country? And how old are you??",
        "what kind of job \N{THINKING FACE} ?",
        "no idea sorry",
        "same here",
        "good question!",
        "lol",
        "hi there",
        "hmm, following",
        "could you say more?",
        "tell us a bit more",
        "> two pages is fine",
        "same question",
        "???",
        "good luck!",
    ],
)
def test_a_question_back_or_small_talk_answers_nothing(text: str) -> None:
    assert not answering(text).tells


def test_a_very_long_message_is_read_in_passing() -> None:
    text = "is it? " * 6_000 + "thanks " * 6_000
    assert answering(text) == Answering(is_thanks=False, tells=True)
    assert not answering("lol " * 1_500).tells


@pytest.mark.parametrize("text", ["thanks all", "no idea, same here", "still stuck"])
def test_such_words_alone_make_no_reading(text: str) -> None:
    assert shipped().read(text, sent_at=NOON) is shipped().nothing
