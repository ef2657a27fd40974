"""Make a static embedding of MiniLM: first each word piece alone, then fitted to whole sentences.

The first step is model2vec's (each piece through the model, principal components, rare pieces
weigh more). The second moves the pieces so that a sentence's sum points where MiniLM's own vector
of the sentence points; without it the sum knows words but not what a sentence is about.
"""

import re
from collections.abc import Sequence
from importlib import import_module
from random import Random
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from training.corpus import Row
from training.minilm import folder, tokenizer

Vectors: TypeAlias = NDArray[np.float32]
Torch: TypeAlias = Any  # torch's types; it is absent where the types are checked

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
WIDTH = 256
RARITY = 1e-3
SENTENCES = {
    "career_q-reddit_career_q": 22_000,
    "suicide-reddit_suicidewatch": 16_000,
    "distress-sad_stressor": 5_000,
    "chat-topical_chat": 5_000,
    "distress-goemotions_negative": 4_000,
    "stereotype-edos": 3_000,
    "career_q-clinc150_neg": 2_500,
}
SHORTEST, LONGEST = 15, 180
ROUNDS = 6
BATCH = 256
PACE = 2e-3
"""Step size of Adam; ten times as much forgets the pieces that few sentences hold."""


class Encoder:
    """MiniLM as it comes."""

    def __init__(self) -> None:
        self._torch = import_module("torch")
        self._model = import_module("transformers").AutoModel.from_pretrained(folder()).eval()
        self.tokenizer = tokenizer()
        self.tokenizer_json = str(self.tokenizer.to_str())

    def pieces(self) -> Vectors:
        """Encode every word piece between the two marks of a sentence."""
        first, last = self.tokenizer.encode("").ids
        return self._means([[first, piece, last] for piece in range(self._model.config.vocab_size)])

    def sentences(self, texts: Sequence[str]) -> Vectors:
        """Encode each text as MiniLM does, at unit length."""
        means = self._means([one.ids[:64] for one in self.tokenizer.encode_batch(list(texts))])
        unit: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        return unit

    def _means(self, ids: Sequence[Sequence[int]]) -> Vectors:
        order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
        means = np.zeros((len(ids), self._model.config.hidden_size), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            means[places] = self._batch([ids[place] for place in places])
        return means

    def _batch(self, ids: Sequence[Sequence[int]]) -> Vectors:
        torch = self._torch
        longest = max(map(len, ids))
        padded = torch.tensor([[*one, *[0] * (longest - len(one))] for one in ids])
        mask = torch.tensor([[1] * len(one) + [0] * (longest - len(one)) for one in ids])
        with torch.inference_mode():
            states = self._model(input_ids=padded, attention_mask=mask).last_hidden_state
            means = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        found: Vectors = means.numpy()
        return found


def sentences(rows: Sequence[Row], seed: int) -> list[str]:
    """Sentences of the train rows to fit on, none twice."""
    random = Random(seed)  # noqa: S311 - a sample, no secret
    chosen: set[str] = set()
    for source, most in SENTENCES.items():
        texts = (row.heard[:1500] for row in rows if row.source == source and row.split == "train")
        parts = {part.strip() for text in texts for part in re.split(r"(?<=[.!?])\s+", text)}
        fit = sorted(part for part in parts if SHORTEST <= len(part) <= LONGEST)
        random.shuffle(fit)
        chosen.update(fit[:most])
    return sorted(chosen)


def fit(encoder: Encoder, texts: Sequence[str], seed: int) -> Vectors:
    """Give one vector a word piece; rows of special pieces are zero."""
    ids = [one.ids for one in encoder.tokenizer.encode_batch(list(texts), add_special_tokens=False)]
    whole = encoder.sentences(texts)
    turn = _components(whole)
    start = _start(encoder, turn, ids)
    return _fitted(start, ids, (whole - whole.mean(0)) @ turn, seed)


def rounded(pieces: Vectors) -> tuple[NDArray[np.int8], Vectors]:
    """One byte a figure, one scale a piece."""
    scales = np.abs(pieces).max(axis=1) / 127
    safe = np.where(scales > 0, scales, 1)[:, None]
    return np.rint(pieces / safe).astype(np.int8), scales.astype(np.float32)


def _components(whole: Vectors) -> Vectors:
    centred = whole - whole.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turn: Vectors = axes[:, ::-1][:, :WIDTH]
    return turn


def _start(encoder: Encoder, turn: Vectors, ids: Sequence[Sequence[int]]) -> Vectors:
    alone = encoder.pieces()
    counts = np.bincount(np.concatenate(ids), minlength=len(alone)) + 0.5
    weights = RARITY / (RARITY + counts / counts.sum())
    special = [encoder.tokenizer.token_to_id(name) or 0 for name in SPECIAL]
    pieces: Vectors = ((alone - alone.mean(0)) @ turn * weights[:, None]).astype(np.float32)
    pieces[special] = 0
    return pieces


def _fitted(start: Vectors, ids: Sequence[Sequence[int]], wanted: Vectors, seed: int) -> Vectors:
    torch = import_module("torch")
    torch.manual_seed(seed)
    bag = torch.nn.EmbeddingBag.from_pretrained(
        torch.tensor(start), freeze=False, mode="sum", sparse=True
    )
    steps = torch.optim.SparseAdam(bag.parameters(), lr=PACE)
    target = torch.nn.functional.normalize(torch.tensor(wanted), dim=1)
    for _ in range(ROUNDS):
        for places in torch.randperm(len(ids)).split(BATCH):
            steps.zero_grad()
            _loss(torch, bag, [ids[place] for place in places.tolist()], target[places]).backward()
            steps.step()
    fitted: Vectors = bag.weight.detach().numpy()
    return fitted


def _loss(torch: Torch, bag: Torch, ids: Sequence[Sequence[int]], target: Torch) -> Torch:
    flat = torch.tensor([piece for one in ids for piece in one])
    starts = torch.tensor(np.cumsum([0, *(len(one) for one in ids)])[:-1])
    sums = torch.nn.functional.normalize(bag(flat, starts), dim=1)
    return (1 - (sums * target).sum(1)).mean()
