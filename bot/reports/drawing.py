"""From a matplotlib figure to an SVG that can stand inside a page, the same at every run."""

import io
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Painter: TypeAlias = "Callable[[Figure], None]"
# Drawn with this ink, which then becomes the colour of the page's own text, light or dark.
INK = "#010203"
# Each is at least 3:1 against white and against the page's dark ground (WCAG 2.2, 1.4.11).
BLUE = "#3c82d6"
RED = "#d8414c"
ORANGE = "#c8680a"
GREY = "#7b8794"
_INK = re.compile(INK, re.IGNORECASE)
_SETTINGS: dict[Any, Any] = {  # matplotlib types its keys by version
    "svg.fonttype": "none",  # text stays text: it can be read out, found and enlarged
    "svg.hashsalt": "waymark",
    "text.parse_math": False,  # a channel may be named "$x$"
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.family": ["sans-serif"],
    "font.size": 10,
    "legend.frameon": False,
    "axes.unicode_minus": False,
}


@dataclass(frozen=True, slots=True)
class Chart:
    """`svg` is trusted markup with ids of its own; `alternative` says what can be seen in it."""

    id: str
    svg: str
    alternative: str

    def __html__(self) -> str:
        """Let the page's autoescape take the drawing as it is."""
        return self.svg


def draw(name: str, alternative: str, size: tuple[float, float], paint: Painter) -> Chart:
    """Paint a figure of `size` in inches. matplotlib is loaded here: only a page pays for it."""
    import matplotlib as mpl  # noqa: PLC0415 - half a second that a run without a page saves
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        # The page's reader has fonts of their own; what matplotlib's font lacks is only measured.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message=".*does not support .* natively")
        figure = Figure(figsize=size, layout="constrained")
        paint(figure)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None})
    return Chart(name, _inline(drawn.getvalue(), name, alternative), alternative)


def _inline(drawn: str, name: str, alternative: str) -> str:
    """Leave out what a page has no use for, and make ids and colours fit into it."""
    root = ET.fromstring(drawn)  # noqa: S314 - matplotlib wrote it a moment ago
    _prune(root)
    for element in root.iter():
        element.tag = _local(element.tag)
        element.attrib = {_local(k): _fit(k, v, name) for k, v in element.attrib.items()}
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    root.attrib |= {"role": "img", "aria-label": alternative}
    return ET.tostring(root, encoding="unicode")


def _prune(root: ET.Element) -> None:
    """Drop the metadata, and the style sheets, which would style the whole page."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _local(child.tag) in {"metadata", "style"}:
                parent.remove(child)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _fit(attribute: str, value: str, name: str) -> str:
    match _local(attribute):
        case "id":
            return f"{name}-{value}"
        case "href":
            return f"#{name}-{value.removeprefix('#')}"
        case _:
            return _INK.sub("currentColor", value.replace("url(#", f"url(#{name}-"))
