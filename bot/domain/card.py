"""What people are shown, before any platform's markup. Built in `bot.cards`, drawn by adapters."""

from bot.domain.value import value


@value
class Link:
    """`label` says where it leads: never "click here"."""

    label: str
    url: str


@value
class Button:
    """`id` is static and survives a restart; it is looked up, never a callback in memory."""

    id: str
    label: str


@value
class Field:
    name: str
    value: str


@value
class Card:
    """Plain text only. An adapter makes every string inert (I12) when it draws the card.

    `footer` holds attribution and dates. At most four buttons.
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    buttons: tuple[Button, ...] = ()
    footer: str = ""

    @property
    def text(self) -> str:
        """The whole card as plain text: for screen readers, notifications and the terminal."""
        lines = [self.title, *self.paragraphs]
        lines += [f"{field.name}: {field.value}" for field in self.fields]
        lines += [f"{link.label}: {link.url}" for link in self.links]
        return "\n".join(line for line in (*lines, self.footer) if line)
