"""A whole desk file, part by part, for tests that change one thing in it."""

PROFILE: dict[str, object] = {
    "role": "Guidance practitioner",
    "credential": "Guidance counsellor",
    "issuer": "University of Example",
    "link": "https://example.org/register/1",
    "expires": "2027-06-30",
    "languages": ["fi", "en"],
    "regions": ["FI"],
    "scope": "Study and career choice",
    "hours": ["mon-fri 09:00-17:00"],
    "zone": "Europe/Helsinki",
    "verified_by": "Supervisor",
    "verified_on": "2026-11-01",
}
AINO: dict[str, object] = {
    "id": "aino",
    "name": "Aino",
    "account": "slack:U1",
    "accounts": ["discord:1"],
    "email": "aino@example.org",
    "profile": PROFILE,
}
BO: dict[str, object] = {"name": "Bo", "account": "slack:U2"}
SHIFT: dict[str, object] = {
    "id": "mornings",
    "who": "aino",
    "starts": "2026-11-30T09:00",
    "ends": "2026-11-30T13:00",
    "repeats": "FREQ=WEEKLY;BYDAY=MO,TU",
    "skip": ["2026-12-07T09:00"],
}
OFF: dict[str, object] = {
    "who": "aino",
    "change": "off",
    "from": "2026-12-01T10:00",
    "until": "2026-12-01T11:00",
}
FILE: dict[str, object] = {
    "id": "north",
    "name": "North desk",
    "region": "FI",
    "language": "en",
    "practitioners": [AINO, BO],
    "last_resort": "slack:U9",
    "consent": "opt_in",
    "pages_per_person": 2,
    "rota": [SHIFT],
    "overrides": [OFF],
}
