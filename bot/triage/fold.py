"""Fold any Unicode to the plain lower-case letters that cues are written in.

One character becomes nothing, one character or a few, whatever stands beside it, so that a span
in the folded text can be traced back. Zero-width, control and combining characters vanish;
full-width and mathematical letters, accents and look-alikes from other scripts become the Latin
letter that a reader would see (Unicode TR 36 and TR 39 name these as the usual disguises).
"""

import unicodedata

# Letters of other scripts that most fonts draw like a Latin one. What NFKC and dropped accents
# already fold is not repeated here.
# Each pair is the look-alike and what it stands for.
_PAIRS = """
аa вb сc ԁd еe гr һh іi їi јj кk ӏl мm нh оo рp ԛq ѕs тt уy хx ԝw ъb ьb зe иn пn лn дd жx цu чy
αa βb γy εe ηn ιi κk νv οo ρp τt υu χx ωw
ɑa ʙb ᴄc ᴅd ᴇe ꜰf ɡg ɢg ʜh ɩi ıi ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz
ßss æae œoe øo đd łl ħh þth ðd
’' ‘' ‛' ʼ' ʻ' ′' `' ´' “" ”" –- —- ‐- ‑- ….
"""
LOOK_ALIKES = {pair[0]: pair[1:] for pair in _PAIRS.split()}
_VANISHING = {"Cc", "Cf", "Cs", "Mn", "Me"}
# Unicode's own line ends, and fillers that are letters by name but show as a blank.
_KEPT = {
    **dict.fromkeys("\n\x85\u2028\u2029", "\n"),
    **dict.fromkeys("\t\r\v\f\u115f\u1160\u3164\uffa0", " "),
}


def visible(text: str) -> str:
    """Leave out what cannot be seen, such as the selector that asks for an emoji in colour."""
    return "".join(char for char in text if unicodedata.category(char) not in _VANISHING)


class FoldTable(dict[int, str]):
    """A table for `str.translate` that works a character out once, when it is first met."""

    def __init__(self, emoji: dict[str, str]) -> None:
        super().__init__()
        self._emoji = {visible(symbol): f" {word} " for symbol, word in emoji.items()}

    def __missing__(self, point: int) -> str:
        folded = self[point] = self._fold(chr(point))
        return folded

    def _fold(self, char: str) -> str:
        if char in _KEPT:
            return _KEPT[char]
        if char in self._emoji:
            return self._emoji[char]
        if char in LOOK_ALIKES:
            return LOOK_ALIKES[char]
        if unicodedata.category(char) in _VANISHING:
            return ""
        plain = unicodedata.normalize("NFKD", char).casefold()
        return "".join(self._letter(part) for part in plain)

    @staticmethod
    def _letter(part: str) -> str:
        if unicodedata.category(part) in _VANISHING:
            return ""
        return LOOK_ALIKES.get(part, part)
