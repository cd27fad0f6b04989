"""Learns to tell names, places and organisations from the first layers of the encoder.

    python3 learn.py FOLDER [--layers N] [--steps N] [--seed N] [--threads N]

FOLDER holds what `names.ts` writes (base.safetensors, config.json, train.* and held.* of `encode.ts`) and is given
`names.safetensors`. Needs PyTorch and NumPy, no GPU.

The word table stays the encoder's own, and so are the first layers to begin with; all else is learned: a label for each
word (BIO, Ramshaw and Marcus 1995), from the state of its first piece. What lower case loses comes in as a vector for
each feature of a word, added to its embedding as BERT's token types are.
"""
import argparse
import json
import math
import os
import sys
import time

import numpy
import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tune"))
import weights as files  # noqa: E402
from encoder import Encoder  # noqa: E402

LEARNING_RATE = 3e-4
WARM_UP = 0.06
DROPOUT = 0.1
BATCH_TOKENS = 4096
NO_LABEL = 255


class Rows:
    def __init__(self, place, name):
        self.lengths = numpy.fromfile(place(f"{name}.lengths"), "<u2").astype(numpy.int64)
        self.starts = numpy.concatenate([[0], numpy.cumsum(self.lengths)[:-1]])
        self.ids = numpy.fromfile(place(f"{name}.ids"), "<u2")
        self.features = numpy.fromfile(place(f"{name}.features"), "u1")
        self.labels = numpy.fromfile(place(f"{name}.labels"), "u1")

    def batches(self, chance):
        """Rows of like length together, so that little is padding."""
        order = numpy.lexsort((chance.random(len(self.lengths)), self.lengths + chance.integers(0, 6, len(self.lengths))))
        batches, batch, longest = [], [], 0
        for row in order:
            longest = max(longest, self.lengths[row])
            if batch and longest * (len(batch) + 1) > BATCH_TOKENS:
                batches.append(batch)
                batch, longest = [], self.lengths[row]
            batch.append(row)
        batches.append(batch)
        chance.shuffle(batches)
        return batches

    def tensors(self, batch):
        longest = int(self.lengths[batch].max())
        ids = torch.zeros(len(batch), longest, dtype=torch.long)
        features = torch.zeros(len(batch), longest, dtype=torch.long)
        labels = torch.full((len(batch), longest), NO_LABEL, dtype=torch.long)
        mask = torch.zeros(len(batch), longest)
        for at, row in enumerate(batch):
            start, length = self.starts[row], self.lengths[row]
            ids[at, :length] = torch.from_numpy(self.ids[start : start + length].astype(numpy.int64))
            features[at, :length] = torch.from_numpy(self.features[start : start + length].astype(numpy.int64))
            labels[at, :length] = torch.from_numpy(self.labels[start : start + length].astype(numpy.int64))
            mask[at, :length] = 1
        return ids, features, labels, mask


class Tagger(Encoder):
    def __init__(self, weights, config, labels, shapes, lists, seed):
        super().__init__(weights, config)
        generator = torch.Generator().manual_seed(seed)
        self.shapes = shapes
        self.weights["features.shape"] = torch.randn(shapes, self.hidden, generator=generator) * 0.01
        self.weights["features.list"] = torch.randn(lists, self.hidden, generator=generator) * 0.01
        self.weights["head.weight"] = torch.randn(labels, self.hidden, generator=generator) * 0.02
        self.weights["head.bias"] = torch.zeros(labels)

    def states(self, ids, features, mask, dropout):
        place = "embeddings."
        words = self.weights[place + "word_embeddings.weight"][ids]
        positions = self.weights[place + "position_embeddings.weight"][: ids.shape[1]]
        types = self.weights[place + "token_type_embeddings.weight"][0]
        told = self.weights["features.shape"][features % self.shapes] + self.weights["features.list"][features // self.shapes]
        states = self.norm(words + positions + types + told, place + "LayerNorm")
        states = F.dropout(states, dropout, dropout > 0)
        away = ((1 - mask) * -1e9)[:, None, None, :]
        for layer in range(self.layers):
            states = self.layer(states, layer, away, dropout)
        return F.dropout(states, dropout, dropout > 0)

    def logits(self, ids, features, mask, dropout=0.0):
        return F.linear(self.states(ids, features, mask, dropout), self.weights["head.weight"], self.weights["head.bias"])


def loss_of(tagger, rows, batch, dropout):
    ids, features, labels, mask = rows.tensors(batch)
    counts = labels != NO_LABEL
    states = tagger.states(ids, features, mask, dropout)[counts]
    logits = F.linear(states, tagger.weights["head.weight"], tagger.weights["head.bias"])
    return F.cross_entropy(logits, labels[counts], label_smoothing=0.02)


def judge(tagger, rows, chance, most):
    """Share of named words missed, of words wrongly named, and of named words with the right kind."""
    named = missed = wrong = told = right = 0
    with torch.no_grad():
        for batch in rows.batches(chance)[:most]:
            ids, features, labels, mask = rows.tensors(batch)
            best = tagger.logits(ids, features, mask).argmax(-1)
            counts = labels != NO_LABEL
            truth, best = labels[counts], best[counts]
            named += (truth > 0).sum().item()
            missed += ((truth > 0) & (best == 0)).sum().item()
            told += (best > 0).sum().item()
            wrong += ((truth == 0) & (best > 0)).sum().item()
            right += ((truth > 0) & ((truth + 1) // 2 == (best + 1) // 2)).sum().item()
    return f"missed {missed / max(1, named):.4f}, wrong of those told {wrong / max(1, told):.4f}, kind right {right / max(1, named):.4f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--steps", type=int, default=2800)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    chance = numpy.random.default_rng(options.seed)
    place = os.path.join(options.folder, "{}").format
    with open(place("config.json")) as file:
        config = {**json.load(file), "num_hidden_layers": options.layers}
    with open(place("about.json")) as file:
        about = json.load(file)
    base = files.read(place("base.safetensors"))
    last = options.layers
    kept = {
        name: value.clone()
        for name, value in base.items()
        if name.startswith("embeddings.") or int(name.split(".")[2]) < last
    }
    tagger = Tagger(kept, config, len(about["labels"]), about["shapes"], about["lists"], options.seed)
    names = [name for name in kept if name != "embeddings.word_embeddings.weight"]
    for name in names:
        kept[name].requires_grad_(True)
    fresh = [kept[name] for name in names if name.startswith(("head.", "features."))]
    matrices = [kept[name] for name in names if kept[name].dim() > 1 and not name.startswith(("head.", "features."))]
    vectors = [kept[name] for name in names if kept[name].dim() == 1 and not name.startswith("head.")]
    groups = [
        {"params": matrices, "weight_decay": 0.01},
        {"params": vectors, "weight_decay": 0.0},
        {"params": fresh, "weight_decay": 0.0, "lr": LEARNING_RATE * 3},
    ]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=(0.9, 0.98))
    warm = max(1, int(options.steps * WARM_UP))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / warm) * (1 + math.cos(math.pi * min(1, step / options.steps))) / 2
    )
    rows, held = Rows(place, "train"), Rows(place, "held")
    began, mean_loss, waiting = time.time(), None, []
    for step in range(options.steps):
        if not waiting:
            waiting = rows.batches(chance)
        loss = loss_of(tagger, rows, waiting.pop(), DROPOUT)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(matrices + vectors + fresh, 1.0)
        optimizer.step()
        schedule.step()
        mean_loss = loss.item() if mean_loss is None else 0.97 * mean_loss + 0.03 * loss.item()
        left = (time.time() - began) / (step + 1) * (options.steps - step - 1)
        done = int(30 * (step + 1) / options.steps)
        bar = "█" * done + "░" * (30 - done)
        sys.stderr.write(f"\rLearning names {bar} step {step + 1} of {options.steps}, loss {mean_loss:.3f}, {left / 60:.0f} min left ")
        if (step + 1) % 250 == 0 or step + 1 == options.steps:
            sys.stderr.write(f"\nheld out: {judge(tagger, held, numpy.random.default_rng(1), 40)}\n")
            files.write(place("names.safetensors"), kept)
    sys.stderr.write("\n")


main()
