"""The summary 议政摘要 of a deliberation: what nearly all agree on, what divides, groups of opinion.

The method is that of Polis (Small et al., 2021): a matrix of participants by opinions (agree 1,
pass 0, disagree -1, unseen the opinion's mean), two principal components, each person's point
stretched by the share he left unseen, k-means for k = 2..5 with the best silhouette.

The same votes give the same picture: rows are sorted by their content, so that neither names nor
the order of arrival play a part; the seed is fixed; each axis points to where its heaviest opinion
is agreed with; groups are ordered by size. Only background jobs import this module: numpy and
scikit-learn take a second to load, which no web process should pay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

SEED = 20220101
KS = (2, 3, 4, 5)
CLEAR = 0.3
"""A silhouette below this is no division: then all are one group."""
NEARLY_ALL = 0.75
SPLIT = 0.3
SHOWN = 5
NAMES = "甲乙丙丁戊"


@dataclass(frozen=True)
class Limits:
    """How few votes keep a participant off the map, how few people hide a group, what an opinion needs."""

    map_votes: int = 7
    group_minimum: int = 5
    opinion_votes: int = 5


def summarise(votes: Iterable[tuple[int, int, int]], opinions: Sequence[int], limits: Limits) -> dict[str, Any]:
    """The summary as plain data from ``(participant, opinion, value)``.

    ``opinions`` are the numbers of the opinions shown, in canonical order; votes on others are left out.
    """
    matrix = _matrix(votes, opinions)
    cast = (~np.isnan(matrix)).sum(axis=1)
    matrix = matrix[cast > 0]
    cast = cast[cast > 0]
    mapped = matrix[cast >= limits.map_votes]
    # On a machine shared with web processes more threads wait for each other longer than they compute.
    with threadpool_limits(1):
        points, labels, score = _groups(mapped, limits)
    sizes = [int((labels == group).sum()) for group in range(labels.max() + 1)] if len(labels) else []
    visible = [group for group, size in enumerate(sizes) if size >= limits.group_minimum]
    if len(visible) < 2:
        visible = []
    tallies = [_tally(matrix[:, column]) for column in range(len(opinions))]
    by_group = {
        group: [_tally(mapped[labels == group, column]) for column in range(len(opinions))] for group in visible
    }
    lines: list[dict[str, Any]] = [
        {"id": pk, **tallies[column], "groups": [_share(by_group[group][column]) for group in visible]}
        for column, pk in enumerate(opinions)
    ]
    told = [line for line in lines if line["votes"] >= limits.opinion_votes]
    shown = [place for place in range(len(labels)) if labels[place] in visible] if visible else []
    return {
        "participants": len(matrix),
        "mapped": len(mapped),
        "votes": int(cast.sum()),
        "silhouette": round(score, 3),
        "groups": [
            {"name": NAMES[number] + "组", "size": sizes[group], "stands": _stands(group, by_group, opinions)}
            for number, group in enumerate(visible)
        ],
        "hidden": sum(sizes[group] for group in range(len(sizes)) if group not in visible) if visible else 0,
        "points": [
            [float(points[place, 0]), float(points[place, 1]), visible.index(int(labels[place]))] for place in shown
        ],
        "agree": _nearly_all(told, "agree"),
        "against": _nearly_all(told, "disagree"),
        "divides": _divides(told),
        "opinions": lines,
    }


def _matrix(votes: Iterable[tuple[int, int, int]], opinions: Sequence[int]) -> np.ndarray:
    """Participants by opinions; rows sorted by what they hold, unseen is NaN."""
    columns = {pk: column for column, pk in enumerate(opinions)}
    kept = [(who, columns[pk], value) for who, pk, value in votes if pk in columns]
    rows = {who: row for row, who in enumerate(sorted({who for who, _, _ in kept}))}
    matrix = np.full((len(rows), len(columns)), np.nan, dtype=np.float32)
    if kept:
        who, column, value = (np.array(part) for part in zip(*kept, strict=True))
        matrix[[rows[one] for one in who.tolist()], column] = value
        filled = np.nan_to_num(matrix, nan=2.0)
        matrix = matrix[np.lexsort(filled.T[::-1])]
    return matrix


def _groups(matrix: np.ndarray, limits: Limits) -> tuple[np.ndarray, np.ndarray, float]:
    """Points of the map (rounded), the group of each (0 the largest), and how clear the division is."""
    people = len(matrix)
    nobody = np.zeros((people, 2)), np.zeros(people, dtype=int), 0.0
    if people < 2 * limits.group_minimum or matrix.shape[1] < 2:
        return nobody
    unseen = np.isnan(matrix)
    seen = (~unseen).sum(axis=0)
    means = np.where(unseen, 0, matrix).sum(axis=0) / np.maximum(seen, 1)
    centred = np.where(unseen, 0, matrix - means)
    if not np.ptp(centred, axis=0).any():
        return nobody
    pca = PCA(n_components=2, svd_solver="covariance_eigh")
    points = pca.fit_transform(centred.astype(np.float64))
    heaviest = np.abs(np.round(pca.components_, 6)).argmax(axis=1)
    points *= np.where(pca.components_[[0, 1], heaviest] < 0, -1, 1)
    points *= np.sqrt(matrix.shape[1] / (~unseen).sum(axis=1))[:, None]
    points = np.round(points, 3)
    best, score = np.zeros(people, dtype=int), 0.0
    distinct = len(np.unique(points, axis=0))
    for k in KS:
        if k > distinct:
            break
        labels = KMeans(k, n_init=10, random_state=SEED).fit_predict(points)
        found = float(silhouette_score(points, labels, sample_size=min(people, 2000), random_state=SEED))
        if found > score + 1e-6:
            best, score = labels, found
    if score < CLEAR:
        best = np.zeros(people, dtype=int)
    return np.round(points, 2), _by_size(best, points), score


def _by_size(labels: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Groups numbered by size, then by where their centre lies."""
    found = range(labels.max() + 1)
    centres = [tuple(np.round(points[labels == group].mean(axis=0), 3)) for group in found]
    order = sorted(found, key=lambda group: (-int((labels == group).sum()), centres[group]))
    place = {group: number for number, group in enumerate(order)}
    return np.array([place[int(label)] for label in labels])


def _tally(column: np.ndarray) -> dict[str, int]:
    agree, disagree, passed = (int((column == value).sum()) for value in (1, -1, 0))
    return {"agree": agree, "disagree": disagree, "pass": passed, "votes": agree + disagree + passed}


def _share(tally: dict[str, int]) -> int | None:
    """Per cent of those who voted that agree; None where nobody did."""
    return round(100 * tally["agree"] / tally["votes"]) if tally["votes"] else None


def _smooth(part: int, whole: int) -> float:
    """A share that few votes pull to the middle, so that one of one does not lead."""
    return (part + 1) / (whole + 2)


def _nearly_all(lines: list[dict[str, Any]], side: str) -> list[int]:
    """Opinions that three of four or more, and most of every group, see the same way."""
    found = []
    for line in lines:
        share = line[side] / line["votes"]
        groups = [part for part in line["groups"] if part is not None]
        united = all(part >= 60 if side == "agree" else part <= 40 for part in groups)
        if share >= NEARLY_ALL and united:
            found.append((-_smooth(line[side], line["votes"]), line["id"]))
    return [pk for _, pk in sorted(found)[:SHOWN]]


def _divides(lines: list[dict[str, Any]]) -> list[int]:
    """Opinions with many on either side, those first on which the groups stand farthest apart."""
    found = []
    for line in lines:
        less = min(line["agree"], line["disagree"]) / line["votes"]
        groups = [part for part in line["groups"] if part is not None]
        gap = max(groups) - min(groups) if len(groups) > 1 else 0
        if less >= SPLIT or (gap >= 50 and less >= SPLIT / 2):
            found.append((-(gap / 100 + less), line["id"]))
    return [pk for _, pk in sorted(found)[:SHOWN]]


def _stands(group: int, tallies: dict[int, list[dict[str, int]]], opinions: Sequence[int]) -> list[dict[str, Any]]:
    """What sets a group apart: opinions that it agrees with (or not) far more than the others."""
    found = []
    for column, pk in enumerate(opinions):
        own = tallies[group][column]
        rest = [tallies[other][column] for other in tallies if other != group]
        others = sum(tally["votes"] for tally in rest)
        if own["votes"] < 3 or others < 3:
            continue
        for side in ("agree", "disagree"):
            here = _smooth(own[side], own["votes"])
            there = _smooth(sum(tally[side] for tally in rest), others)
            if here >= 0.5 and here - there >= 0.2:
                share = round(100 * own[side] / own["votes"])
                found.append((-(here - there), pk, {"id": pk, "side": side, "share": share}))
    return [line for _, _, line in sorted(found, key=lambda one: one[:2])[:3]]
