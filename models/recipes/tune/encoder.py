"""BERT (Devlin et al. 2019, arXiv 1810.04805) with mean pooling, on weights under Hugging Face's names."""
import math

import torch
import torch.nn.functional as F

EPSILON = 1e-12


class Encoder:
    def __init__(self, weights, config):
        self.weights = weights
        self.layers = config["num_hidden_layers"]
        self.heads = config["num_attention_heads"]
        self.hidden = config["hidden_size"]

    def trainable(self, first_layer):
        """Names of the weights from `first_layer` on; embeddings and the layers below stay as they are."""
        names = []
        for name, value in self.weights.items():
            part = name.split(".")
            is_open = part[:2] == ["encoder", "layer"] and int(part[2]) >= first_layer
            value.requires_grad_(is_open)
            if is_open:
                names.append(name)
        return names

    def __call__(self, texts, first_layer=0, dropout=0.0):
        """Unit vectors [texts][hidden] of lists of token ids. No gradients below `first_layer`."""
        longest = max(len(ids) for ids in texts)
        ids = torch.zeros(len(texts), longest, dtype=torch.long)
        mask = torch.zeros(len(texts), longest)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = torch.tensor(text)
            mask[row, : len(text)] = 1
        with torch.no_grad():
            states = self.embed(ids)
            away = ((1 - mask) * -1e9)[:, None, None, :]
            for layer in range(first_layer):
                states = self.layer(states, layer, away, 0.0)
        for layer in range(first_layer, self.layers):
            states = self.layer(states, layer, away, dropout)
        pooled = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return F.normalize(pooled, dim=1)

    def embed(self, ids):
        place = "embeddings."
        words = self.weights[place + "word_embeddings.weight"][ids]
        positions = self.weights[place + "position_embeddings.weight"][: ids.shape[1]]
        types = self.weights[place + "token_type_embeddings.weight"][0]
        return self.norm(words + positions + types, place + "LayerNorm")

    def layer(self, states, number, away, dropout):
        place = f"encoder.layer.{number}."
        texts, length, hidden = states.shape

        def heads(name):
            part = self.linear(states, f"{place}attention.self.{name}")
            return part.view(texts, length, self.heads, -1).transpose(1, 2)

        query, key, value = heads("query"), heads("key"), heads("value")
        scores = query @ key.transpose(-1, -2) / math.sqrt(hidden / self.heads) + away
        chances = F.dropout(torch.softmax(scores, -1), dropout, dropout > 0)
        context = (chances @ value).transpose(1, 2).reshape(texts, length, hidden)
        out = F.dropout(self.linear(context, place + "attention.output.dense"), dropout, dropout > 0)
        states = self.norm(states + out, place + "attention.output.LayerNorm")
        inner = F.gelu(self.linear(states, place + "intermediate.dense"))
        out = F.dropout(self.linear(inner, place + "output.dense"), dropout, dropout > 0)
        return self.norm(states + out, place + "output.LayerNorm")

    def linear(self, states, name):
        return F.linear(states, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def norm(self, states, name):
        weight, bias = self.weights[name + ".weight"], self.weights[name + ".bias"]
        return F.layer_norm(states, weight.shape, weight, bias, EPSILON)
