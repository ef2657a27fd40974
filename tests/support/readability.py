"""Flesch-Kincaid without a dictionary: textstat's needs a download, which tests must not make."""

import re

_SILENT = re.compile(
    r"(?:(?<=[^aeiouyl])e|(?<=[aeiouy]l)e|(?<=[^aeiouydt])ed|(?<=[^aeiouycgsxzhl])es"
    r"|(?<=[aeiouy]l)es)$"
)
# Two vowels that are two syllables ("client", "idea"), and those that after c, t, s, g are not.
_APART = re.compile(r"i(?=a|en|et|um|or|ng)|(?<!q)u(?=al|at|ou)|ea(?=te)|eas?$|eo(?=gr|l)|[cs]m$")
_TOGETHER = re.compile(r"[ctsg]i(?=a|en|ou)")


def syllables(word: str) -> int:
    if word.isupper():
        return len(word)  # CV, UK
    spoken = _SILENT.sub("", word.lower())
    groups = len(re.findall(r"[aeiouy]+", spoken))
    return max(1, groups + len(_APART.findall(spoken)) - len(_TOGETHER.findall(spoken)))


def grade(text: str) -> float:
    """Years of school: 0.39 x words a sentence + 11.8 x syllables a word - 15.59."""
    words, sentences = _words_and_sentences(text)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def mean_sentence(text: str) -> float:
    """Words a sentence."""
    words, sentences = _words_and_sentences(text)
    return len(words) / sentences


def _words_and_sentences(text: str) -> tuple[list[str], int]:
    ends = len(re.findall(r"[.!?](?:\s|$)", text))
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text), max(1, ends)
