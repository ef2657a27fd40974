"""What people may type to break a terminal, a page or a drawing."""

from hypothesis import strategies as st

MARKS = (
    "<script>alert(1)</script>",
    "</svg><img src=x onerror=alert(1)>",
    "]]></style><base href=//evil.example>",
    "\"'><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "$\\frac{1}{$",
    "[bold red]loud[/bold red]",
    "[/]",
    ":warning:",
    "&lt;b&gt; &#0;",
    "\u202egnp.exe\u2066",
    "\u200f\u061c",
    "\x1b[2J\x1b]8;;https://evil.example\x07",
    "\r\n\t\x00\x7f\x9b31m",
    "\u2028\u2029\ufeff\ufffe\uffff",
    "\ud800",
    "名無し👩‍👩‍👧",
    "#" + "x" * 120,
)
text = st.lists(st.sampled_from(MARKS) | st.text(max_size=12), max_size=4).map("".join)
urls = st.one_of(
    st.sampled_from(
        (
            "javascript:alert(1)",
            "slack://channel?id=1",
            "data:text/html,<script>",
            "//evil.example",
            "http://[",
            "https://example.org/a b",
            "https://example.org/\x1b[2J",
            'https://example.org/"onmouseover=alert(1)',
            "https://example.org/ok?a=1&b=2",
            "",
        )
    ),
    text,
)
