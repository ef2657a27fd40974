"""Which concern a code belongs to, and the rung of the ladder on which it stands by itself.

The rungs follow the triage ladder in `shared/domain.md` section 3.7: intent, plan, behaviour, a
threat to a person and abuse happening now are P0; passive or past danger is P1; discrimination,
exploitation, distress with acute need and close deadlines are P2; questions and claims are P3.
A code without a rung raises nothing alone: readiness codes count together.
"""

from bot.domain.code import Code, Concern
from bot.domain.reading import Priority

CONCERN: dict[Code, Concern] = {
    **dict.fromkeys(
        (c for c in Code if c.startswith(("SELF_HARM", "HOPELESS"))), Concern.SELF_HARM
    ),
    **dict.fromkeys(
        (Code.THREAT, Code.VIOLENCE_WISH, Code.THREAT_MODEL, Code.THREAT_UNSURE),
        Concern.HARM_TO_OTHERS,
    ),
    **dict.fromkeys((c for c in Code if c.startswith("ABUSE")), Concern.ABUSE),
    **dict.fromkeys(
        (
            *(Code.DISCRIMINATION_REPORT, Code.STEREOTYPE, Code.HARASSMENT),
            *(Code.STEREOTYPE_MODEL, Code.DISCRIMINATION_MODEL),
        ),
        Concern.DISCRIMINATION,
    ),
    **dict.fromkeys(
        (Code.JOB_SCAM, Code.WAGES_WITHHELD, Code.FORCED_LABOUR, Code.EXPLOITATION_MODEL),
        Concern.EXPLOITATION,
    ),
    **dict.fromkeys((Code.DISTRESS, Code.DISTRESS_MODEL, Code.ACUTE_NEED), Concern.DISTRESS),
    **dict.fromkeys(
        (c for c in Code if c.startswith(("CAP-", "CPX-", "CASVE-", "PYR-", "LOW_"))),
        Concern.READINESS,
    ),
    **dict.fromkeys((Code.ASKING, Code.ASKING_MODEL, Code.PERSON_ASKED), Concern.ASKING),
    **dict.fromkeys((Code.DEADLINE_CLOSE, Code.DEADLINE), Concern.DEADLINE),
    **dict.fromkeys((c for c in Code if c.startswith("CLAIM")), Concern.CLAIM),
}

RUNG: dict[Code, Priority] = {
    Code.SELF_HARM_INTENT: Priority.P0,
    Code.SELF_HARM_PLAN: Priority.P0,
    Code.SELF_HARM_BEHAVIOUR: Priority.P0,
    Code.THREAT: Priority.P0,
    Code.ABUSE_NOW: Priority.P0,
    Code.SELF_HARM_FAREWELL: Priority.P1,
    Code.SELF_HARM_PASSIVE: Priority.P1,
    Code.SELF_HARM_PAST: Priority.P1,
    Code.SELF_HARM_THIRD_PERSON: Priority.P1,
    Code.SELF_HARM_MODEL: Priority.P1,
    Code.SELF_HARM_THIRD_MODEL: Priority.P1,
    Code.HOPELESS: Priority.P1,
    Code.VIOLENCE_WISH: Priority.P1,
    Code.THREAT_MODEL: Priority.P1,
    Code.ABUSE_MODEL: Priority.P1,
    Code.ABUSE_PAST: Priority.P1,
    Code.ABUSE_CONTROL: Priority.P1,
    Code.FORCED_LABOUR: Priority.P1,
    Code.SELF_HARM_DENIED: Priority.P2,
    Code.SELF_HARM_LAUGHED: Priority.P2,
    Code.SELF_HARM_UNSURE: Priority.P2,
    Code.THREAT_UNSURE: Priority.P2,
    Code.ABUSE_UNSURE: Priority.P2,
    Code.DISCRIMINATION_MODEL: Priority.P2,
    Code.EXPLOITATION_MODEL: Priority.P2,
    Code.LOW_READINESS_MODEL: Priority.P2,
    Code.DISCRIMINATION_REPORT: Priority.P2,
    Code.STEREOTYPE: Priority.P2,
    Code.STEREOTYPE_MODEL: Priority.P2,
    Code.HARASSMENT: Priority.P2,
    Code.JOB_SCAM: Priority.P2,
    Code.WAGES_WITHHELD: Priority.P2,
    Code.ACUTE_NEED: Priority.P2,
    Code.DISTRESS: Priority.P2,
    Code.DISTRESS_MODEL: Priority.P2,
    Code.LOW_READINESS: Priority.P2,
    Code.PERSON_ASKED: Priority.P2,
    Code.DEADLINE_CLOSE: Priority.P2,
    Code.ASKING: Priority.P3,
    Code.ASKING_MODEL: Priority.P3,
    Code.CLAIM_KNOWN: Priority.P3,
    Code.CLAIM_LIKE_KNOWN: Priority.P3,
    Code.CLAIM_UNCHECKED: Priority.P3,
    Code.CLAIM_MODEL: Priority.P3,
}
SAFETY_CONCERNS = frozenset(
    {
        Concern.SELF_HARM,
        Concern.HARM_TO_OTHERS,
        Concern.ABUSE,
        Concern.DISCRIMINATION,
        Concern.EXPLOITATION,
        Concern.DISTRESS,
    }
)
