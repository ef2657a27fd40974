from bot.domain.reading import Priority
from tests.evaluation.fairness import Probe, differences, probes


def test_what_differs_from_the_commonest_priority_is_counted() -> None:
    asked = (Probe("name", ("a", "b", "c")), Probe("name", ("d", "e")), Probe("group", ("f",)))
    said = {"a": Priority.P1, "b": Priority.P1, "c": Priority.P2, "d": None, "e": Priority.P3}

    name, group = differences(said.get, asked)

    assert (name.probes, name.versions, name.changed, name.pages_changed) == (2, 5, 2, 1)
    assert (group.changed, group.pages_changed) == (0, 0)


def test_the_versions_of_a_probe_all_differ() -> None:
    for probe in probes():
        assert len(set(probe.versions)) == len(probe.versions) > 1
