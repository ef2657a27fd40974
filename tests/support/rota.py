"""People and shifts for tests, written as briefly as a rota on a wall."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from bot.domain.duty import Change, Override, Rank, Rota, Shift
from bot.domain.message import AccountRef, PlatformName
from bot.domain.practitioner import Hours, Practitioner, Profile
from bot.policy import recurrence

SLACK = PlatformName("slack")
ALL_DAYS = frozenset(range(7))
ZONES = (
    "Europe/London", "Europe/Helsinki", "America/New_York", "Australia/Sydney", "Asia/Singapore",
)  # fmt: skip


def person(id_: str, profile: Profile | None = None, *, email: str = "") -> Practitioner:
    return Practitioner(
        id_.title(), AccountRef(SLACK, id_.upper()), id=id_, email=email, profile=profile
    )


def profile(
    *,
    expires: date = date(2027, 6, 30),
    verified_on: date | None = date(2026, 1, 1),
    zone: str = "UTC",
    hours: tuple[Hours, ...] = (Hours(ALL_DAYS, time(0), time(0)),),
) -> Profile:
    return Profile(
        role="Guidance practitioner",
        credential="Guidance counsellor",
        issuer="University of Example",
        link="https://example.org/register/1",
        expires=expires,
        languages=("en",),
        regions=("GB",),
        scope="Study and career choice",
        hours=hours,
        zone=zone,
        verified_by="Supervisor" if verified_on else "",
        verified_on=verified_on,
    )


ADA, BO, CID = person("ada"), person("bo"), person("cid")


def wall(written: str) -> datetime:
    return datetime.fromisoformat(written)


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def shift(
    who: str, starts: str, ends: str, repeats: str = "", *, zone: str = "UTC", **more: object
) -> Shift:
    """Give a shift; `more` may name `id`, `rank` and `skips`."""
    rule = recurrence.rule(repeats, starts=wall(starts), zone=zone) if repeats else ""
    rank, skips = more.get("rank", Rank.PRIMARY), more.get("skips", ())
    assert isinstance(rank, Rank)
    assert isinstance(skips, tuple)
    id_ = str(more.get("id", f"{who}-{starts}-{rank}"))
    return Shift(id_, who, wall(starts), wall(ends), zone, rank, rule, skips)


def rota(*shifts: Shift, overrides: tuple[Override, ...] = ()) -> Rota:
    return Rota((ADA, BO, CID), shifts, overrides)


def override(
    who: str, change: Change, start: str, end: str, *, made_at: str = "", instead_of: str = ""
) -> Override:
    return Override(who, change, utc(start), utc(end), utc(made_at or start), instead_of)


@st.composite
def any_shift(draw: st.DrawFn, number: int = 0) -> Shift:
    """Draw a shift of 2026 in any zone and season, repeating or not, over midnight or not."""
    starts = wall("2026-03-01T00:00") + draw(
        st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=300))
    )
    starts = starts.replace(second=0, microsecond=0)
    minutes = draw(st.integers(15, 12 * 60))
    zone = draw(st.sampled_from(ZONES))
    day = starts.strftime("%a")[:2].upper()
    repeats = draw(
        st.sampled_from(
            ["", "FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", f"FREQ=WEEKLY;BYDAY={day}",
             "FREQ=DAILY;COUNT=5", "FREQ=WEEKLY;UNTIL=20270101T000000Z"]
        )
    )  # fmt: skip
    rule = recurrence.rule(repeats, starts=starts, zone=zone) if repeats else ""
    return Shift(
        f"shift-{number}", draw(st.sampled_from(["ada", "bo", "cid"])), starts,
        starts + timedelta(minutes=1) * minutes, zone, draw(st.sampled_from(Rank)), rule,
        (starts,) if rule and draw(st.booleans()) else (),
    )  # fmt: skip


@st.composite
def any_rota(draw: st.DrawFn, *, most_overrides: int = 3) -> Rota:
    shifts = tuple(draw(any_shift(number)) for number in range(draw(st.integers(0, 5))))
    overrides = tuple(draw(any_override()) for _ in range(draw(st.integers(0, most_overrides))))
    expires = draw(st.dates(date(2026, 1, 1), date(2028, 1, 1)))
    verified = draw(st.sampled_from([None, date(2026, 1, 1), date(2026, 1, 1)]))
    bo = person("bo", profile(expires=expires, verified_on=verified), email="bo@example.org")
    return Rota((ADA, bo, CID), draw(st.sampled_from([shifts, shifts, None])), overrides)


@st.composite
def any_override(draw: st.DrawFn) -> Override:
    start = draw(moments())
    people = draw(st.permutations(["ada", "bo", "cid"]))
    change = draw(st.sampled_from(Change))
    end = start + timedelta(minutes=draw(st.integers(1, 3000)))
    return Override(
        people[0], change, start, end, draw(moments()),
        people[1] if change is Change.COVER else "",
    )  # fmt: skip


def moments() -> st.SearchStrategy[datetime]:
    return st.datetimes(wall("2026-03-01"), wall("2027-04-01"), timezones=st.just(UTC))
