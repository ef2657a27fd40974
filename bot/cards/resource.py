"""Recommended resources as members see them, and what is said when none fits."""

from collections.abc import Iterable, Mapping, Sequence

from bot.cards.hours import MENU
from bot.domain.card import Button, Card, Field, Link
from bot.domain.output import Output
from bot.domain.resource import Recommendation, Resource

AT_MOST = 3
LABEL_LIMIT = 80  # Discord refuses a link button with a longer label
AUTOMATED = f"This reply is automated. To ask for a practitioner in any channel, {MENU}"
ANSWER = "resource.answer"
DECLINE = "resource.decline"
CHOICE = "These are ideas to look at. The choice is yours."
NOT_ENDORSED = "The publishers have not endorsed this bot."


def resource_card(
    recommendations: Sequence[Recommendation], resources_by_id: Mapping[str, Resource]
) -> Card:
    """Show at most three, in their order.

    An id that is not in the catalogue is dropped, whoever gave it: no address is shown that was
    not vetted. When nothing is left, this is the card that says so.
    """
    shown = [
        (resources_by_id[each.resource_id], each.reason)
        for each in recommendations
        if each.resource_id in resources_by_id
    ][:AT_MOST]
    if not shown:
        return no_match_card()
    resources = [resource for resource, _ in shown]
    return Card(
        title="Resources that may help" if len(shown) > 1 else "A resource that may help",
        paragraphs=(CHOICE, AUTOMATED),
        fields=tuple(Field(resource.title, _words(resource, reason)) for resource, reason in shown),
        links=tuple(Link(_label(resource), resource.url) for resource in resources),
        footer=_footer(resources),
    )


def offer_card(output: Output, resources: Sequence[Resource]) -> Card:
    """Ask a practitioner whether these answer a question. It pages nobody and has no clock."""
    return Card(
        "A question you could answer with resources",
        ("Read the question first. These fit what it asks about.",),
        fields=tuple(Field(one.title, one.why) for one in resources),
        links=(Link("Open the message", output.link),) if output.link else (),
        buttons=(
            Button(f"{ANSWER}/{output.id}", "Answer with resources"),
            Button(f"{DECLINE}/{output.id}", "Not this time"),
        ),
    )


def offered_card(output: Output, resources: Sequence[Resource], standing: str) -> Card:
    """Show how it stands, in place of the question about it."""
    fields = (*(Field("Resource", one.title) for one in resources), Field("Now", standing))
    links = (Link("Open the message", output.link),) if output.link else ()
    return Card("Answer with resources", fields=fields, links=links)


def taken_away_card() -> Card:
    return Card("Resources, taken back", ("We took this answer back.",))


def no_match_card() -> Card:
    """Say that nothing on the list fits, rather than show something that does not."""
    return Card(
        title="No vetted match",
        paragraphs=(
            "Our list has nothing that fits this question, so no link is shown.",
            "It may help to name your country and what you need, such as a CV or a course.",
            AUTOMATED,
        ),
    )


def unvetted_card(*, is_staff: bool) -> Card:
    """Say that no row may be shown, whatever is asked; to people of the desk how that is mended."""
    mend = (
        (
            "You can mend that. Open the list of resources (resources.yaml) where Waymark runs, and"
            " look at each row that you want to show."
        ),
        (
            "Write your name in vetted_by and the day in vetted_on. Type waymark check: it counts"
            " the vetted rows. Then start Waymark again."
        ),
    )
    return Card(
        title="No vetted resources yet",
        paragraphs=(
            "Nobody has vetted a row of our list for now, so no link is shown.",
            *(mend if is_staff else ("Other words will not change that.", AUTOMATED)),
        ),
    )


def no_words_card() -> Card:
    """Say that nothing was asked for, and that nothing fits just anybody."""
    return Card(
        title="What do you need?",
        paragraphs=(
            "You gave no words, and our list has nothing that fits everybody here.",
            (
                "Type the command once more, and add what you need and your country, such as a CV"
                " or a course."
            ),
            AUTOMATED,
        ),
    )


def _words(resource: Resource, reason: str) -> str:
    account = "You need an account." if resource.account_needed else "No account is needed."
    where = "" if "*" in resource.regions else f" Region: {', '.join(resource.regions)}."
    return f"{resource.summary} {reason} Cost: {resource.cost}. {account}{where}"


def _label(resource: Resource) -> str:
    """Say where the link leads, within what a button can hold."""
    full = f"{resource.title}, {resource.publisher}"
    fits = len(full) <= LABEL_LIMIT and resource.title not in resource.publisher
    return full if fits else resource.title[:LABEL_LIMIT]


def _footer(resources: Sequence[Resource]) -> str:
    credits_ = (resource.attribution for resource in resources)
    dates = (f"Vetted: {each.vetted_by} ({each.vetted_on})." for each in resources)
    return " ".join((*_once(credits_), *_once(dates), NOT_ENDORSED))


def _once(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lines))
