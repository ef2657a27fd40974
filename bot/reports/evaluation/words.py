"""The sentences of an evaluation that the terminal and the page share."""

from bot.reports.evaluation.found import Evaluation

LIMITS = (
    "Figures on messages that were written for this purpose tell what their writers thought of.",
    "Rows that the models or the cues were made with give kinder figures than a community will.",
    "A label is one reader's view. Look at the messages before you tune anything.",
)


def headline(found: Evaluation) -> str:
    """Say how much was measured and what matters most in it."""
    grave = sum(one.grave for one in found.paging)
    hits = sum(one.found for one in found.paging)
    said = [f"{found.messages:,} messages of {len(found.sources)} files read."]
    if grave:
        said.append(f"{hits:,} of {grave:,} grave messages would have paged someone.")
    if found.communities:
        pages = sum(c.priorities["P0"] + c.priorities["P1"] for c in found.communities)
        said.append(f"{pages:,} of {found.chat_messages:,} ordinary messages would have too.")
    return " ".join(said)


def versions(found: Evaluation) -> str:
    v = found.versions
    return f"Rule set {v.ruleset}, model {v.model}, policy {v.policy}."
