"""Fine-tune MiniLM's first layers on all heads at once.

Each head has an attention of its own over the message's word pieces; what was said before stands
behind the message, is attended to by the layers, and is never scored. The word vectors stay as
they are: what holds for a word that was met holds for its neighbours that were not.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from random import Random
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rich.progress import Progress

from bot.triage.encoder import MOST_BEFORE, WINDOW
from bot.triage.head import HEADS
from training.corpus import Row
from training.minilm import folder, tokenizer
from training.vary import Varied

Torch: TypeAlias = Any  # torch's types; it is absent where the types are checked
Pieces: TypeAlias = tuple[list[int], list[int]]

BATCH = 48
CHUNK = 40  # batches that are sorted by length together: less padding, still well mixed
PACE, HEAD_PACE = 8e-5, 2e-3
WARM_UP = 0.06
DROPOUT = 0.1
_FIRST, _LAST = 101, 102  # [CLS] and [SEP] of MiniLM's vocabulary


def build(layers: Sequence[int]) -> Torch:
    """MiniLM's `layers` under untrained heads."""
    torch = import_module("torch")

    class Net(torch.nn.Module):  # type: ignore[misc, name-defined]  # torch is absent
        def __init__(self) -> None:
            super().__init__()
            load = import_module("transformers").AutoModel.from_pretrained
            self.body = load(folder(), attn_implementation="sdpa", add_pooling_layer=False)
            kept = [self.body.encoder.layer[place] for place in layers]
            self.body.encoder.layer = torch.nn.ModuleList(kept)
            self.body.embeddings.word_embeddings.weight.requires_grad_(False)  # noqa: FBT003 - torch's way
            width = self.body.config.hidden_size
            self.dropout = torch.nn.Dropout(DROPOUT)
            self.attention = torch.nn.Linear(width, len(HEADS))
            self.value = torch.nn.Linear(width, len(HEADS))
            torch.nn.init.zeros_(self.attention.weight)
            torch.nn.init.normal_(self.value.weight, std=0.02)
            torch.nn.init.constant_(self.value.bias, -2.0)

        def forward(self, ids: Torch, mask: Torch, types: Torch) -> Torch:
            """Each piece's share of each head's log-odds; their sum is the head's."""
            states = self.body(
                input_ids=ids, attention_mask=mask, token_type_ids=types
            ).last_hidden_state
            states = self.dropout(states)
            own = (mask * (1 - types)).unsqueeze(-1)
            looks = self.attention(states) + (own - 1) * 10_000.0
            return torch.softmax(looks, 1) * self.value(states)

    return Net()


@dataclass(frozen=True, slots=True)
class Course:
    """How long is learnt, and how often anew: `seeds` are of the networks that are averaged."""

    device: str
    epochs: float
    seeds: tuple[int, ...]


def course() -> Course:
    """Learn as long as two hours allow on what there is: four networks on a GPU, one without."""
    has_gpu = import_module("torch").cuda.is_available()
    return Course("cuda", 3.0, (20, 21, 22, 23)) if has_gpu else Course("cpu", 1.6, (20,))


def averaged(nets: Sequence[Torch]) -> Torch:
    """Average the weights of networks with one start: one network, as cheap as each of them.

    It finds more than each does (Wortsman and others 2022, "Model soups", arXiv 2203.05482).
    """
    torch = import_module("torch")
    states = [net.state_dict() for net in nets]
    mean = {
        name: torch.stack([state[name] for state in states]).mean(0)
        if weight.is_floating_point()
        else weight
        for name, weight in states[0].items()
    }
    nets[0].load_state_dict(mean)
    return nets[0]


def fit(
    rows: Sequence[Row], varied: Varied, *, layers: Sequence[int], course: Course, seed: int
) -> Torch:
    """Fine-tune on `rows`; give the network, ready to read.

    Every network of a course starts from the same heads, so that they can be averaged; `seed` sets
    the order of the rows and what falls out.
    """
    torch = import_module("torch")
    device, epochs = course.device, course.epochs
    torch.manual_seed(course.seeds[0])
    net = build(layers).to(device)
    torch.manual_seed(seed)
    steps = math.ceil(len(rows) * epochs / BATCH)
    optimiser = _optimiser(torch, net)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, step / (WARM_UP * steps)) * max(0.02, 1 - step / steps)
    )
    net.train()
    with Progress() as progress:
        bar = progress.add_task("Fine-tuning", total=steps)
        for step, batch in enumerate(_batches(rows, varied, seed)):
            if step == steps:
                break
            loss = _loss(torch, net, batch, device)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            pace.step()
            progress.advance(bar)
    return net.to("cpu").eval()


def scores(net: Torch, rows: Sequence[Row]) -> NDArray[np.float32]:
    """Log-odds, one row a message, one column a head."""
    torch = import_module("torch")
    pieces = [_pieces(row.text, row.before) for row in rows]
    order = sorted(range(len(rows)), key=lambda at: len(pieces[at][0]))
    found = np.zeros((len(rows), len(HEADS)), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), 128):
            at = order[start : start + 128]
            found[at] = net(*_padded(torch, [pieces[n] for n in at], "cpu")).sum(1).numpy()
    return found


def _optimiser(torch: Torch, net: Torch) -> Torch:
    body = [p for name, p in net.named_parameters() if name.startswith("body") and p.requires_grad]
    heads = [p for name, p in net.named_parameters() if not name.startswith("body")]
    groups = [{"params": body, "lr": PACE}, {"params": heads, "lr": HEAD_PACE}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def _batches(
    rows: Sequence[Row], varied: Varied, seed: int
) -> Iterator[list[tuple[Pieces, tuple[float, ...]]]]:
    random = Random(seed)  # noqa: S311 - an order, no secret
    order = list(rows)
    while True:
        random.shuffle(order)
        for start in range(0, len(order), BATCH * CHUNK):
            chunk = [
                (_pieces(*varied.of(row)), row.labels)
                for row in order[start : start + BATCH * CHUNK]
            ]
            chunk.sort(key=lambda one: len(one[0][0]))
            batches = [chunk[at : at + BATCH] for at in range(0, len(chunk), BATCH)]
            random.shuffle(batches)
            yield from batches


def _loss(
    torch: Torch, net: Torch, batch: Sequence[tuple[Pieces, tuple[float, ...]]], device: str
) -> Torch:
    found = net(*_padded(torch, [pieces for pieces, _ in batch], device)).sum(1)
    labels = torch.tensor([labels for _, labels in batch], device=device)
    known = ~torch.isnan(labels)
    each = torch.nn.functional.binary_cross_entropy_with_logits(
        found, torch.nan_to_num(labels), reduction="none"
    )
    return (each * known).sum() / len(batch)


def _pieces(text: str, before: Sequence[str]) -> Pieces:
    """Ids and kinds (0: the message, 1: what was said before it), as `bot.triage.encoder` does."""
    own = [_FIRST, *tokenizer().encode(text, add_special_tokens=False).ids[:WINDOW], _LAST]
    if not before:
        return own, [0] * len(own)
    earlier = tokenizer().encode(" / ".join(before), add_special_tokens=False).ids[-MOST_BEFORE:]
    return [*own, *earlier, _LAST], [0] * len(own) + [1] * (len(earlier) + 1)


def _padded(torch: Torch, batch: Sequence[Pieces], device: str) -> tuple[Torch, Torch, Torch]:
    width = max(len(ids) for ids, _ in batch)
    ids, mask, types = (np.zeros((len(batch), width), dtype=np.int64) for _ in range(3))
    for at, (one, kinds) in enumerate(batch):
        ids[at, : len(one)], mask[at, : len(one)], types[at, : len(one)] = one, 1, kinds
    return tuple(torch.tensor(array, device=device) for array in (ids, mask, types))
