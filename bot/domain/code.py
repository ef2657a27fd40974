"""The closed set of reasons. A cue, a model or a rule may give only one of these codes.

Sources: safety and readiness codes follow the seed papers' three things to watch for and the CIP
theory's capability and complexity (Sampson 2020; `shared/domain.md` sections 1 and 3.7); validity
codes are the seven problems of Sampson, Osborn, Kettunen and others 2018, with intentional bias
split by motive (doi 10.1002/cdq.12127).
"""

from enum import StrEnum


class Concern(StrEnum):
    """What a reason is about. The first five are safety, and are read apart from the others."""

    SELF_HARM = "self_harm"
    HARM_TO_OTHERS = "harm_to_others"
    ABUSE = "abuse"
    DISCRIMINATION = "discrimination"
    EXPLOITATION = "exploitation"
    DISTRESS = "distress"
    READINESS = "readiness"
    ASKING = "asking"
    CLAIM = "claim"
    DEADLINE = "deadline"


class Code(StrEnum):
    """One reason. Its concern and its rung on the ladder stand in `bot.domain.ladder`."""

    # harm to self
    SELF_HARM_INTENT = "SELF_HARM_INTENT"
    SELF_HARM_PLAN = "SELF_HARM_PLAN"
    SELF_HARM_BEHAVIOUR = "SELF_HARM_BEHAVIOUR"
    SELF_HARM_FAREWELL = "SELF_HARM_FAREWELL"
    SELF_HARM_PASSIVE = "SELF_HARM_PASSIVE"
    SELF_HARM_PAST = "SELF_HARM_PAST"
    SELF_HARM_THIRD_PERSON = "SELF_HARM_THIRD_PERSON"
    SELF_HARM_DENIED = "SELF_HARM_DENIED"
    SELF_HARM_LAUGHED = "SELF_HARM_LAUGHED"
    SELF_HARM_MODEL = "SELF_HARM_MODEL"
    SELF_HARM_UNSURE = "SELF_HARM_UNSURE"
    SELF_HARM_THIRD_MODEL = "SELF_HARM_THIRD_MODEL"
    HOPELESS = "HOPELESS"
    # harm to others
    THREAT = "THREAT"
    VIOLENCE_WISH = "VIOLENCE_WISH"
    THREAT_MODEL = "THREAT_MODEL"
    THREAT_UNSURE = "THREAT_UNSURE"
    # abuse of vulnerable persons
    ABUSE_NOW = "ABUSE_NOW"
    ABUSE_PAST = "ABUSE_PAST"
    ABUSE_CONTROL = "ABUSE_CONTROL"
    ABUSE_MODEL = "ABUSE_MODEL"
    ABUSE_UNSURE = "ABUSE_UNSURE"
    # stereotypes and discrimination that narrow opportunity
    DISCRIMINATION_REPORT = "DISCRIMINATION_REPORT"
    STEREOTYPE = "STEREOTYPE"
    STEREOTYPE_MODEL = "STEREOTYPE_MODEL"
    DISCRIMINATION_MODEL = "DISCRIMINATION_MODEL"
    HARASSMENT = "HARASSMENT"
    # exploitation
    JOB_SCAM = "JOB_SCAM"
    WAGES_WITHHELD = "WAGES_WITHHELD"
    FORCED_LABOUR = "FORCED_LABOUR"
    EXPLOITATION_MODEL = "EXPLOITATION_MODEL"
    # distress and acute need
    DISTRESS = "DISTRESS"
    DISTRESS_MODEL = "DISTRESS_MODEL"
    ACUTE_NEED = "ACUTE_NEED"
    # readiness, what lowers a person's capability
    CAP_DMC = "CAP-DMC"
    CAP_CA = "CAP-CA"
    CAP_EC = "CAP-EC"
    CAP_ABS = "CAP-ABS"
    CAP_MOT = "CAP-MOT"
    CAP_PRIOR = "CAP-PRIOR"
    # readiness, what makes the situation complex
    CPX_ECON = "CPX-ECON"
    CPX_FAM = "CPX-FAM"
    CPX_SOC = "CPX-SOC"
    CPX_ORG = "CPX-ORG"
    # where in the CASVE cycle
    CASVE_C = "CASVE-C"
    CASVE_A = "CASVE-A"
    CASVE_S = "CASVE-S"
    CASVE_V = "CASVE-V"
    CASVE_E = "CASVE-E"
    # which domain of the pyramid is missing
    PYR_SELF = "PYR-SELF"
    PYR_OPT = "PYR-OPT"
    PYR_DEC = "PYR-DEC"
    PYR_EXE = "PYR-EXE"
    # the two facts, and what follows from readings
    LOW_READINESS = "LOW_READINESS"
    LOW_READINESS_MODEL = "LOW_READINESS_MODEL"
    PERSON_ASKED = "PERSON_ASKED"
    ASKING = "ASKING"
    ASKING_MODEL = "ASKING_MODEL"
    DEADLINE_CLOSE = "DEADLINE_CLOSE"
    DEADLINE = "DEADLINE"
    CLAIM_KNOWN = "CLAIM_KNOWN"
    CLAIM_LIKE_KNOWN = "CLAIM_LIKE_KNOWN"
    CLAIM_UNCHECKED = "CLAIM_UNCHECKED"
    CLAIM_MODEL = "CLAIM_MODEL"
    # the message was longer than is read; its start and its end were
    CUT = "CUT"


class Validity(StrEnum):
    """Why career information from social media may mislead."""

    INTENT_PROFIT = "INTENT_PROFIT"
    INTENT_OTHER = "INTENT_OTHER"
    UNINTENT = "UNINTENT"
    RESTRICTED = "RESTRICTED"
    OUTDATED = "OUTDATED"
    POPULARITY = "POPULARITY"
    SIMILARITY = "SIMILARITY"
    CONTEXT = "CONTEXT"


class ClaimType(StrEnum):
    """Only FACTUAL and PROMOTION may get an accuracy note; the others are people's own."""

    FACTUAL = "factual"
    EXPERIENCE = "experience"
    OPINION = "opinion"
    ADVICE = "advice"
    PROMOTION = "promotion"


class Need(StrEnum):
    """What a person asks about; resources say which needs they meet."""

    EXPLORE_OPTIONS = "explore_options"
    KNOW_MYSELF = "know_myself"
    DECIDE = "decide"
    CAREER_CHANGE = "career_change"
    JOB_SEARCH = "job_search"
    CV = "cv"
    COVER_LETTER = "cover_letter"
    INTERVIEW = "interview"
    APPRENTICESHIP = "apprenticeship"
    HIGHER_EDUCATION = "higher_education"
    VOCATIONAL_TRAINING = "vocational_training"
    STUDY_FUNDING = "study_funding"
    QUALIFICATION_RECOGNITION = "qualification_recognition"
    WORK_ABROAD = "work_abroad"
    VISA = "visa"
    LABOUR_MARKET = "labour_market"
    WAGES = "wages"
    EMPLOYMENT_RIGHTS = "employment_rights"
    REDUNDANCY = "redundancy"
    BENEFITS = "benefits"
    DISABILITY = "disability"
    DISCRIMINATION = "discrimination"
    SCAM_CHECK = "scam_check"
    RECORD = "record"
    SELF_EMPLOYMENT = "self_employment"
    DIGITAL_ACCESS = "digital_access"
    FIND_PRACTITIONER = "find_practitioner"
