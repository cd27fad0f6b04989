"""Tunes an encoder so that messages of one intent lie together and those of near ones apart.

    python3 tune.py FOLDER [--steps N] [--seed N] [--threads N]

FOLDER holds what `prepare.ts` writes and is given `model.safetensors`. Needs PyTorch and NumPy, no GPU.

Supervised contrastive learning (Khosla et al. 2020, arXiv 2004.11362) on batches from one set of messages at a time,
half of them filled with intents that lie near each other in the base model: what a classifier confuses. Afterwards
the weights are taken back part of the way to the base model's (Wortsman et al. 2022, "Robust fine-tuning of zero-shot
models", arXiv 2109.01903): what is lost on the sets that were learned is won on those never seen.
"""
import argparse
import json
import math
import os
import random
import sys
import time

import numpy
import torch

import weights
from encoder import Encoder

INTENTS_IN_BATCH = 24
MESSAGES_OF_INTENT = 3
NEAR_SHARE = 0.6
NOISY_SHARE = 0.55
TEMPERATURE = 0.05
FIRST_LAYER = 2
DROPOUT = 0.05
LEARNING_RATE = 4e-5
WARM_UP = 0.1
# Most intents of a set that make it come more often.
INTENTS_COUNTED = 150
# How far from the base model (0) to the tuned one (1) the result lies.
SHARE_TUNED = 0.65
EMBED_BATCH = 64


def embed(encoder, texts):
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    out = numpy.zeros((len(texts), encoder.hidden), numpy.float32)
    with torch.no_grad():
        for first in range(0, len(order), EMBED_BATCH):
            part = order[first : first + EMBED_BATCH]
            out[part] = encoder([texts[at] for at in part]).numpy()
    return out


class Messages:
    """One set of messages, and which of its intents lie near each other."""

    def __init__(self, name, rows, encoder):
        self.name, self.rows = name, rows
        groups = {}
        for at, row in enumerate(rows):
            if row["intents"]:
                groups.setdefault(tuple(sorted(row["intents"])), []).append(at)
        # A message that is alone under its intent is known by its noisy forms; a set of such messages is one of sentences.
        is_alone = all(len(members) == 1 for members in groups.values())
        self.groups = {intents: members for intents, members in groups.items() if len(members) > 1 or is_alone}
        self.intents = sorted(self.groups)
        vectors = embed(encoder, [row["ids"] for row in rows])
        means = numpy.stack([vectors[self.groups[intents]].mean(0) for intents in self.intents])
        means /= numpy.linalg.norm(means, axis=1, keepdims=True)
        self.nearest = numpy.argsort(-(means @ means.T), axis=1)

    def batch(self, chance):
        """Token ids of some messages, and the intents of each."""
        count = min(INTENTS_IN_BATCH, len(self.intents))
        if chance.random() < NEAR_SHARE and len(self.intents) > count:
            near = self.nearest[chance.randrange(len(self.intents))][: 2 * count].tolist()
            chosen = near[:1] + chance.sample(near[1:], count - 1)
        else:
            chosen = chance.sample(range(len(self.intents)), count)
        ids, labels = [], []
        for number in chosen:
            members = self.groups[self.intents[number]]
            for form in self.forms(members, chance):
                ids.append(form)
                labels.append(set(self.intents[number]))
        return ids, labels

    def forms(self, members, chance):
        if len(members) == 1:
            row = self.rows[members[0]]
            return chance.sample([row["ids"]] + row["noisy"], MESSAGES_OF_INTENT)
        rows = [self.rows[at] for at in chance.sample(members, min(MESSAGES_OF_INTENT, len(members)))]
        return [chance.choice(row["noisy"]) if chance.random() < NOISY_SHARE else row["ids"] for row in rows]


def contrastive_loss(vectors, labels):
    """Messages attract each other by the share of intents they have in common, where it is a half or more."""
    common = torch.tensor([[len(a & b) / len(a | b) for b in labels] for a in labels])
    common = common * (common >= 0.5) * (1 - torch.eye(len(labels)))
    scores = vectors @ vectors.T / TEMPERATURE - torch.eye(len(labels)) * 1e9
    likelihoods = (common * torch.log_softmax(scores, 1)).sum(1)
    has_company = common.sum(1) > 0
    return -(likelihoods[has_company] / common.sum(1)[has_company]).mean()


def train(encoder, sets, steps, chance):
    names = encoder.trainable(FIRST_LAYER)
    matrices = [encoder.weights[name] for name in names if encoder.weights[name].dim() > 1]
    vectors = [encoder.weights[name] for name in names if encoder.weights[name].dim() == 1]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=(0.9, 0.98))
    warm = max(1, int(steps * WARM_UP))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / warm) * (1 + math.cos(math.pi * min(1, step / steps))) / 2
    )
    # Larger sets come more often, but not as much more often as they are larger.
    shares = [math.sqrt(len(each.rows) * min(INTENTS_COUNTED, len(each.intents))) for each in sets]
    began, mean_loss = time.time(), None
    for step in range(steps):
        ids, labels = chance.choices(sets, shares)[0].batch(chance)
        loss = contrastive_loss(encoder(ids, FIRST_LAYER, DROPOUT), labels)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(matrices + vectors, 1.0)
        optimizer.step()
        schedule.step()
        mean_loss = loss.item() if mean_loss is None else 0.95 * mean_loss + 0.05 * loss.item()
        left = (time.time() - began) / (step + 1) * (steps - step - 1)
        done = int(30 * (step + 1) / steps)
        bar = "█" * done + "░" * (30 - done)
        sys.stderr.write(f"\rTuning {bar} step {step + 1} of {steps}, loss {mean_loss:.3f}, {left / 60:.0f} min left ")
    sys.stderr.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--steps", type=int, default=1600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    chance = random.Random(options.seed)
    place = os.path.join(options.folder, "{}").format
    with open(place("config.json")) as file:
        config = json.load(file)
    with open(place("messages.json")) as file:
        messages = json.load(file)
    base = weights.read(place("base.safetensors"))
    encoder = Encoder({name: value.clone() for name, value in base.items()}, config)
    sets = [Messages(each["name"], each["messages"], encoder) for each in messages]
    train(encoder, sets, options.steps, chance)
    tuned = {name: value.detach() for name, value in encoder.weights.items()}
    weights.write(place("tuned.safetensors"), tuned)
    mixed = {name: base[name] + SHARE_TUNED * (tuned[name] - base[name]) for name in base}
    weights.write(place("model.safetensors"), mixed)


if __name__ == "__main__":
    main()
