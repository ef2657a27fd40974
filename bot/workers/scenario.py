"""What was recorded of a training, gathered from the store. It reads, and changes nothing."""

from bot.domain.scenario import Run, Saying, Trace
from bot.store.engine import Store


async def traces(store: Store, desk: str, run: Run) -> tuple[Trace, ...]:
    """Give what the desk has of each line that was said."""
    return tuple([await _trace(store, desk, one) for one in run.sayings])


async def _trace(store: Store, desk: str, saying: Saying) -> Trace:
    key = saying.ref.key
    recorded = await store.decisions.one(desk, key)
    alert = None if recorded is None else recorded.alert
    dossier = None if alert is None else await store.alerts.find(desk, alert)
    # What is said in public is noted under the message, what is done to an alert under the alert.
    keys = dict.fromkeys((key, alert or key))
    deeds = [deed for one in keys for deed in await store.alerts.audit(desk, one)]
    return Trace(
        saying=saying,
        priority=None if recorded is None else recorded.decision.priority,
        deeds=tuple(deeds),
        ending=None if dossier is None else dossier.case.ending,
        outputs=tuple(await store.outputs.on(desk, key)),
    )
