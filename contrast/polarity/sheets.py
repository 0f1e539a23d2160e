"""Coding sheets: sentences drawn at random to be coded by hand, and the codes read back and checked."""

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from contrast.corpus import InputError, Problem, read_rows, shown
from contrast.display import as_csv, write_whole
from contrast.polarity.scorers import VALUES
from contrast.text import text_hash

SHEET = ("item", "left", "target", "right", "label", "coder", "text_hash")
FILLED = ("item", "label", "text_hash")  # but an empty label is work still to be done
KEY = ("item", "article_id", "outlet", "label", "start", "end", "probability", "text_hash")
CODES = (*VALUES, "unclear")
AS_NUMBER = re.compile(r"[\d.,+E]+", re.IGNORECASE)  # what a spreadsheet may have made of a hash without letters


def draw_sample(evidence: pd.DataFrame, path: str | Path, *, each: int = 50, seed: int = 0) -> pd.DataFrame:
    """
    Draw sentences to be coded by hand, and write the coding sheet and its key.

    The sheet tells neither outlet nor score, and its rows are shuffled. Whoever codes writes "against", "neutral",
    "for" or "unclear" under `label`, and a name under `coder`. Every mention has a random number of its own that does
    not change: a larger sample with the same seed holds the smaller one.

    Parameters
    ----------
    evidence : DataFrame
        One row a mention of a target: `article_id`, `outlet`, `label` (the target's), `start`, `end` (offsets into the
        article), `text` (the sentence), `at`, `to` (offsets into the sentence).
    path : path
        Of the sheet, NAME.csv; the key goes to NAME.key.csv and is not for the coder.
    each : int
        Mentions drawn of each target in each outlet; all of them where there are fewer.
    seed : int

    Returns
    -------
    DataFrame
        The key, one row a drawn mention, in the order of the sheet: `item`, `article_id`, `outlet`, `label` (the
        target's), `start`, `end`, `probability` (of being drawn, within its outlet and target), `text_hash`.

    Raises
    ------
    InputError
        If the sheet or its key exists, for hours of coding must not be lost; or if there is nothing to draw.

    References
    ----------
    Ohlsson (1995), Coordination of Samples Using Permanent Random Numbers.
    """
    path = Path(path)
    remedy = "Choose another name, or move the old one away if nothing in it is needed."
    there = [Problem(shown(one), None, "it exists already.", remedy) for one in (path, _key(path)) if one.exists()]
    if there:
        raise InputError(there)
    if evidence.empty:
        raise InputError([Problem("the evidence", None, "no target is mentioned.", "Add targets to the codebook.")])
    table = evidence.assign(item=_items(evidence), text_hash=evidence["text"].map(text_hash)).drop_duplicates("item")
    table = table.reset_index(drop=True)
    by_cell = table.assign(number=_numbers(table["item"], seed)).groupby(["outlet", "label"])["number"]
    table["probability"] = (each / by_cell.transform("size")).clip(upper=1)
    drawn = table[by_cell.rank() <= each]
    drawn = drawn.loc[_numbers(drawn["item"], f"order {seed}").sort_values().index].reset_index(drop=True)
    parts = [
        (text[:at], text[at:to], text[to:]) for text, at, to in drawn[["text", "at", "to"]].itertuples(index=False)
    ]
    cut = pd.DataFrame(parts, columns=["left", "target", "right"])
    sheet = pd.concat([drawn[["item", "text_hash"]], cut], axis=1).assign(label="", coder="")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(_key(path), as_csv(drawn[[*KEY]]))
    write_whole(path, as_csv(sheet[[*SHEET]]))
    return drawn[[*KEY]]


def read_gold(path: str | Path | Sequence[str | Path], evidence: pd.DataFrame) -> pd.DataFrame:
    """
    Read filled coding sheets, and check them against their keys and against the sentences as they are now.

    Parameters
    ----------
    path : path or list of paths
        A sheet that `draw_sample` wrote, or several, such as a second coder's copy; the key of one of them is enough.
        Where `coder` is empty, the file's name stands for it.
    evidence : DataFrame
        As for `draw_sample`.

    Returns
    -------
    DataFrame
        One row a code, in the order of the files: `item`, `article_id`, `outlet`, `label` (the target's), `start`,
        `end`, `probability`, `polarity` (what was coded), `value` (-1, 0, 1; missing if unclear), `coder`, and `text`,
        `at`, `to`. `attrs["empty"]` counts the rows that are not coded yet.

    Raises
    ------
    InputError
        With every problem found: missing files, columns or keys, unknown items or labels, sentences that have changed
        since, a coder's second code of an item.
    """
    paths = [Path(path)] if isinstance(path, str | Path) else [Path(one) for one in path]
    problems: list[Problem] = []
    key = _read_keys(paths, problems)
    places = evidence.assign(item=_items(evidence)).drop_duplicates("item").set_index("item")
    now = places["text"].map(text_hash).to_dict()
    seen: dict[tuple[str, str], str] = {}
    rows, empty = [], 0
    for one in paths:
        found: list[Problem] = []
        sheet = read_rows(one, SHEET, FILLED, found)
        problems += [problem for problem in found if problem.problem != "label is empty."]
        for number, row in sheet:
            if not row["label"]:
                empty += 1
                continue
            row |= {"coder": row["coder"] or one.stem, "label": row["label"].lower()}
            place = f"row {number} of {shown(one)}"
            first = seen.setdefault((row["item"], row["coder"]), place)
            faults = [*_check(row, key, now)]
            if first != place:
                faults.append((f"item {row['item']!r} is coded in {first} too, by {row['coder']!r}.", "Keep one."))
            problems += [Problem(shown(one), number, problem, remedy) for problem, remedy in faults]
            rows.append(row)
    if problems:
        raise InputError(problems)
    gold = pd.DataFrame(rows, columns=["item", "label", "coder"]).rename(columns={"label": "polarity"})
    gold = gold.join(places[["article_id", "outlet", "label", "start", "end", "text", "at", "to"]], on="item")
    gold["probability"] = gold["item"].map({item: probability for item, (probability, _) in key.items()})
    gold["value"] = gold["polarity"].map(VALUES).astype(float)
    gold = gold[[*KEY[:-1], "polarity", "value", "coder", "text", "at", "to"]]
    gold.attrs["empty"] = empty
    return gold


def _check(row, key, now):
    """Give what is wrong with a coded row, each with its remedy."""
    item = row["item"]
    if row["label"] not in CODES:
        yield f"unknown label {row['label']!r}.", f"There are: {', '.join(CODES)}."
    if not (item and key):
        return
    if item not in key:
        yield f"item {item!r} is not in the key.", "Take the row away, or put its sheet's key beside the sheet."
    elif item not in now:
        yield f"item {item!r} is no longer among the mentions.", "Put article and codebook back, or take the row away."
    elif now[item] != key[item][1]:
        yield "its sentence has changed since the sheet was drawn.", "Put the article back, or take the row away."
    elif row["text_hash"] not in ("", now[item]) and not AS_NUMBER.fullmatch(row["text_hash"]):
        yield "item and text_hash are of two rows.", "Code it anew, and sort whole rows, never single columns."


def _read_keys(paths, problems):
    """Give probability and hash of each item in the keys of the sheets; of two draws the larger sample's holds."""
    there = [_key(path) for path in paths if _key(path).exists()]
    if not there:
        problem = Problem(shown(_key(paths[0])), None, "the sheet's key is not there.", "Put it beside the sheet.")
        problems.append(problem)
    known: dict[str, tuple[float, str]] = {}
    for path in there:
        for number, row in read_rows(path, KEY, KEY, problems):
            probability = pd.to_numeric(row["probability"], errors="coerce")
            if 0 < probability <= 1:
                known[row["item"]] = max(known.get(row["item"], (0.0, "")), (probability, row["text_hash"]))
            elif row["probability"]:
                problem = f"probability {row['probability']!r} is not above 0 and at most 1."
                problems.append(Problem(shown(path), number, problem, "Take the key as draw_sample wrote it."))
    return known


def _key(path):
    return path.with_suffix(".key.csv")


def _items(evidence):
    """Name each mention by what tells neither article nor outlet, and opens with a letter so that it stays text."""
    places = evidence[["article_id", "start", "end", "label"]].itertuples(index=False)
    return [f"m{text_hash(' '.join(map(str, place)))[:12]}" for place in places]


def _numbers(items, seed):
    """Give each item a random number of its own, by the seed."""
    return items.map(lambda item: int(text_hash(f"{seed} {item}")[:12], 16))
