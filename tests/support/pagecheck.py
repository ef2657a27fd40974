"""Read a page as a browser's parser would, and name what is wrong with it."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

VOID = frozenset({"meta", "link", "br", "hr", "img", "input", "base", "area", "col", "wbr"})
LOADING = frozenset({"src", "srcset", "poster", "background", "action", "formaction"})


@dataclass
class Page:
    """`text` is all that is shown; `links` are the addresses that a reader may follow."""

    mistakes: list[str] = field(default_factory=list)
    tags: Counter[str] = field(default_factory=Counter)
    ids: Counter[str] = field(default_factory=Counter)
    links: list[dict[str, str]] = field(default_factory=list)
    pointers: set[str] = field(default_factory=set)
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self._note(tag, {name: value or "" for name, value in attrs})

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.page.mistakes.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.page.text += data

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        page = self.page
        page.tags[tag] += 1
        page.ids.update([attributes["id"]] if "id" in attributes else [])
        page.mistakes += [f"{tag} has {name}" for name in attributes if name.startswith("on")]
        page.mistakes += [f"{tag} loads {attributes[name]}" for name in LOADING & set(attributes)]
        self._note_pointers(attributes)
        if tag == "a" and not attributes.get("href", "").startswith("#"):
            page.links.append(attributes)

    def _note_pointers(self, attributes: dict[str, str]) -> None:
        href = attributes.get("href", "")
        self.page.pointers |= {href[1:]} if href.startswith("#") else set()
        self.page.pointers |= set(attributes.get("aria-labelledby", "").split())
        for value in attributes.values():
            self.page.pointers |= {part.split(")")[0] for part in value.split("url(#")[1:]}


def read(html: str) -> Page:
    """Give what was found; `mistakes` is empty when the page is sound and loads nothing."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    page = reader.page
    page.mistakes += [f"<{tag}> is not closed" for tag in reader.open]
    page.mistakes += [f"id {name} twice" for name, number in page.ids.items() if number > 1]
    page.mistakes += [f"#{name} leads nowhere" for name in page.pointers - set(page.ids)]
    page.mistakes += [
        f"<{tag}>" for tag in ("script", "iframe", "object", "link") if page.tags[tag]
    ]
    page.mistakes += [f"{link} is unsafe" for link in page.links if not _safe(link)]
    if page.tags["table"] != page.tags["caption"]:
        page.mistakes.append("a table has no caption")
    return page


def _safe(link: dict[str, str]) -> bool:
    return urlsplit(link["href"]).scheme in {"http", "https"} and link["rel"] == "noreferrer"
