"""Calendars for tests, an event as short as a line on a wall planner."""


def event(uid: str, who: str, starts: str, ends: str, *more: str) -> str:
    """Give an event in UTC; `who` is its title."""
    lines = [f"UID:{uid}", f"SUMMARY:{who}", f"DTSTART:{_utc(starts)}", f"DTEND:{_utc(ends)}"]
    return "\n".join(["BEGIN:VEVENT", *lines, *more, "END:VEVENT"])


def calendar(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", *events, "END:VCALENDAR", ""]
    return "\n".join(lines).replace("\n", "\r\n").encode()


def _utc(written: str) -> str:
    return written.replace("-", "").replace(":", "") + "00Z"
