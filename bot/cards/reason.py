"""Reasons and priorities in a practitioner's words. The text of a message never enters here."""

from collections.abc import Sequence

from bot.domain.code import Code
from bot.domain.ladder import CONCERN, RUNG, SAFETY_CONCERNS
from bot.domain.reading import Priority

PRIORITY_NAMES: dict[Priority, str] = {
    Priority.P0: "P0 emergency",
    Priority.P1: "P1 urgent",
    Priority.P2: "P2 soon",
    Priority.P3: "P3 routine",
}
PRIORITY_MEANINGS: dict[Priority, str] = {
    Priority.P0: "A life or a person may be in danger now.",
    Priority.P1: "There may be danger, or there was. Someone should look very soon.",
    Priority.P2: "Someone needs a person's help today, but not this minute.",
    Priority.P3: "A question to answer, or a claim to check.",
}
PRIORITY_HEARERS: dict[Priority, str] = {
    Priority.P0: "Everyone on duty, at any hour.",
    Priority.P1: "The first person on duty, then the next.",
    Priority.P2: "The queue. One named person takes it.",
    Priority.P3: "The queue. A resource or a note may be enough.",
}
PRIORITY_CLOCKS: dict[Priority, str] = {
    Priority.P0: "Taken within 5 minutes, or the next person is called.",
    Priority.P1: "Taken within 15 minutes, or the next person is called.",
    Priority.P2: "The same working day.",
    Priority.P3: "As soon as your desk has promised its members.",
}

# Direct messages may be read on a lock screen by anybody: no health label, no quotation (I5).
_NEUTRAL: dict[Priority, str] = {
    Priority.P0: "needs a person now",
    Priority.P1: "needs a person within 15 minutes",
    Priority.P2: "needs a person today",
    Priority.P3: "can wait its turn",
}

# What stands in brackets is the field's own term, for those who know it.
_WORDS: dict[Code, str] = {
    Code.SELF_HARM_INTENT: "says they intend to end their life",
    Code.SELF_HARM_PLAN: "speaks of a way or a time to end their life",
    Code.SELF_HARM_BEHAVIOUR: "says they have hurt themselves, or have begun to",
    Code.SELF_HARM_FAREWELL: "says goodbye as if for good",
    Code.SELF_HARM_PASSIVE: "wishes not to be alive",
    Code.SELF_HARM_PAST: "speaks of self-harm in the past",
    Code.SELF_HARM_THIRD_PERSON: "worried that someone else is not safe",
    Code.SELF_HARM_DENIED: "speaks of ending their life, but says they will not",
    Code.SELF_HARM_LAUGHED: "speaks of giving up on life, but with a laugh",
    Code.SELF_HARM_MODEL: "sounds like talk of self-harm (found by the model)",
    Code.SELF_HARM_UNSURE: "might be talk of self-harm (the model is not sure)",
    Code.SELF_HARM_THIRD_MODEL: "sounds worried that someone else is not safe (found by the model)",
    Code.HOPELESS: "sees no way out and has lost hope",
    Code.THREAT: "threatens to hurt someone",
    Code.VIOLENCE_WISH: "wishes that someone would come to harm",
    Code.THREAT_MODEL: "sounds like a threat (found by the model)",
    Code.THREAT_UNSURE: "might be a threat (the model is not sure)",
    Code.ABUSE_NOW: "speaks of abuse that is going on now",
    Code.ABUSE_PAST: "speaks of abuse in the past",
    Code.ABUSE_CONTROL: "someone close controls what they may do",
    Code.ABUSE_MODEL: "sounds like abuse (found by the model)",
    Code.ABUSE_UNSURE: "might be about abuse (the model is not sure)",
    Code.DISCRIMINATION_REPORT: "says they were held back for who they are (discrimination)",
    Code.STEREOTYPE: "says some work is not for people of one kind (stereotype)",
    Code.STEREOTYPE_MODEL: "sounds like a stereotype (found by the model)",
    Code.DISCRIMINATION_MODEL: "sounds held back for who they are (found by the model)",
    Code.HARASSMENT: "says they are bullied or harassed at work or in class",
    Code.JOB_SCAM: "a job offer that looks like a scam",
    Code.WAGES_WITHHELD: "wages held back",
    Code.FORCED_LABOUR: "made to work against their will (forced labour)",
    Code.EXPLOITATION_MODEL: "sounds like unfair or forced work (found by the model)",
    Code.DISTRESS: "in great distress",
    Code.DISTRESS_MODEL: "sounds like great distress (found by the model)",
    Code.ACUTE_NEED: "short of money, food or a home right now",
    Code.CAP_DMC: "cannot get started on a choice (decision confusion)",
    Code.CAP_CA: "afraid to make the wrong choice (commitment anxiety)",
    Code.CAP_EC: "torn between what they want and what others want (external conflict)",
    Code.CAP_ABS: "speaks of themselves in all-or-nothing words (executive processing)",
    Code.CAP_MOT: "has stopped trying (low motivation)",
    Code.CAP_PRIOR: "was let down by career help before",
    Code.CPX_ECON: "money, home or visa trouble (economic complexity)",
    Code.CPX_FAM: "much to carry at home (family complexity)",
    Code.CPX_SOC: "faces barriers such as bias, ill health or a record (social complexity)",
    Code.CPX_ORG: "trouble where they work, such as lay-offs (organisational complexity)",
    Code.CASVE_C: "sees that something has to change (CASVE: communication)",
    Code.CASVE_A: "asks what they are good at (CASVE: analysis)",
    Code.CASVE_S: "looks for more paths to take (CASVE: synthesis)",
    Code.CASVE_V: "weighs one choice against another (CASVE: valuing)",
    Code.CASVE_E: "asks how to take the next step (CASVE: execution)",
    Code.PYR_SELF: "needs to know more about themselves (self-knowledge)",
    Code.PYR_OPT: "needs to know more about jobs and courses (options knowledge)",
    Code.PYR_DEC: "needs help with how to decide (decision-making skills)",
    Code.PYR_EXE: "needs help with how they think about it (executive processing)",
    Code.LOW_READINESS: "may need a person's help to decide (low readiness)",
    Code.LOW_READINESS_MODEL: "seems to need a person's help to decide (found by the model)",
    Code.PERSON_ASKED: "someone asked for a person to look here",
    Code.ASKING: "asks a question",
    Code.ASKING_MODEL: "seems to ask a question (found by the model)",
    Code.DEADLINE_CLOSE: "a deadline is close",
    Code.DEADLINE: "names a deadline",
    Code.CLAIM_KNOWN: "makes a career claim that is known to be wrong",
    Code.CLAIM_LIKE_KNOWN: "makes a claim close to one that is known to be wrong",
    Code.CLAIM_UNCHECKED: "makes a career claim that no one has checked",
    Code.CLAIM_MODEL: "seems to state a fact to be checked (found by the model)",
    Code.CUT: "a long message: only its start and its end were read",
}


# What says the same and is surer: a cue beside the model, the model beside a doubt of its own.
_HARM_TO_SELF = {
    Code.SELF_HARM_INTENT,
    Code.SELF_HARM_PLAN,
    Code.SELF_HARM_BEHAVIOUR,
    Code.SELF_HARM_FAREWELL,
    Code.SELF_HARM_PASSIVE,
}
_ABUSE = {Code.ABUSE_NOW, Code.ABUSE_PAST, Code.ABUSE_CONTROL}
_SURER: dict[Code, set[Code]] = {
    Code.SELF_HARM_MODEL: _HARM_TO_SELF,
    Code.SELF_HARM_UNSURE: {*_HARM_TO_SELF, Code.SELF_HARM_MODEL},
    Code.SELF_HARM_THIRD_MODEL: {Code.SELF_HARM_THIRD_PERSON},
    Code.THREAT_MODEL: {Code.THREAT},
    Code.THREAT_UNSURE: {Code.THREAT, Code.THREAT_MODEL},
    Code.ABUSE_MODEL: _ABUSE,
    Code.ABUSE_UNSURE: {*_ABUSE, Code.ABUSE_MODEL},
    Code.STEREOTYPE_MODEL: {Code.STEREOTYPE},
    Code.DISCRIMINATION_MODEL: {Code.DISCRIMINATION_REPORT},
    Code.EXPLOITATION_MODEL: {Code.FORCED_LABOUR},
    Code.DISTRESS_MODEL: {Code.DISTRESS},
    Code.LOW_READINESS_MODEL: {Code.LOW_READINESS},
    Code.ASKING_MODEL: {Code.ASKING},
    Code.CLAIM_MODEL: {Code.CLAIM_KNOWN, Code.CLAIM_LIKE_KNOWN, Code.CLAIM_UNCHECKED},
}


def surest(because: Sequence[Code]) -> tuple[Code, ...]:
    """Leave out what is said twice, of two that say the same the less sure one."""
    said = set(because)
    return tuple(code for code in dict.fromkeys(because) if not said & _SURER.get(code, set()))


def is_hard(because: Sequence[Code]) -> bool:
    """Tell whether a message may be hard to read, by its reasons: danger, harm or distress."""
    return any(
        CONCERN.get(code) in SAFETY_CONCERNS and RUNG.get(code, Priority.P3) <= Priority.P2
        for code in because
    )


def in_words(code: Code) -> str:
    """Say it in a short phrase for a practitioner, lower case, without a full stop."""
    return _WORDS[code]


def neutral(priority: Priority) -> str:
    """Say it so that a bystander who reads it learns nothing about the author (I5)."""
    return _NEUTRAL[priority]
