"""The tone of a corpus is told only as far as its hand coding goes."""

import numpy as np
import pandas as pd
import pytest

from contrast.corpus import InputError
from contrast.polarity import draw_sample, judge_tone
from contrast.polarity import judge as room


@pytest.fixture(scope="module")
def evidence():
    """Mentions of one target in forty articles of two outlets; in every other one it is praised."""
    rows = []
    for number in range(40):
        verb = "praised warmly" if number % 2 else "attacked as a brutal failure"
        text = f"In report {number} Turkey was {verb} by all who came."
        at = text.index("Turkey")
        rows.append((f"a{number:02d}", ("North", "South")[number % 4 < 2], "Turkey", at, at + 6, text, at, at + 6))
    columns = ["article_id", "outlet", "label", "start", "end", "text", "at", "to"]
    return pd.DataFrame(rows, columns=columns)


def code(path, coder, labels):
    sheet = pd.read_csv(path, keep_default_na=False)
    sheet.assign(label=[labels(row.right) for row in sheet.itertuples()], coder=coder).to_csv(path, index=False)


def right(text):
    return "for" if "praised" in text else "against"


def test_without_hand_coding_no_mean_is_told(evidence, tmp_path):
    """Every cell says that no sentence is coded; its raw score is there, and nothing else."""
    judged = judge_tone(evidence, tmp_path)
    assert judged.corrected["mean"].isna().all()
    assert judged.corrected["reason"].str.contains("0 of 30 sentences coded").all()
    assert judged.corrected["raw"].notna().all()
    assert judged.confusion.empty
    assert judged.agreement.empty


def test_filled_sheets_are_read_compared_and_used(evidence, tmp_path, monkeypatch):
    """Two coders' sheets give an agreement, a confusion of all codes, and a scorer of their own where they are many."""
    first, second = tmp_path / "coding" / "polarity.csv", tmp_path / "coding" / "polarity_two.csv"
    first.parent.mkdir()
    draw_sample(evidence, first)
    second.write_bytes(first.read_bytes())
    code(first, "one", right)
    code(second, "two", lambda text: right(text) if "report 3" not in text else "neutral")
    judged = judge_tone(evidence, tmp_path)
    assert judged.confusion.to_numpy().sum() == 80
    assert judged.agreement["units"].item() == 40
    assert judged.scorer == "lexicon"
    monkeypatch.setattr(room, "ENOUGH", 40)
    trained = judge_tone(evidence, tmp_path)
    assert trained.scorer == "trained"
    assert np.trace(trained.confusion.to_numpy()) > 60
    assert trained.corrected["coded"].tolist() == [20, 20]


def test_only_coders_who_share_a_sentence_are_counted():
    """Who coded sentences of their own alone is no part of the agreement."""
    rows = [(f"s{n}", coder, n % 3 - 1) for n in range(20) for coder in ("one", "two")]
    rows += [(f"t{n}", "three", 0) for n in range(5)]
    table = room._agreement(pd.DataFrame(rows, columns=["item", "coder", "value"]))
    assert table[["units", "coders"]].values.tolist() == [[20, 2]]


def test_a_sheet_of_changed_sentences_is_refused(evidence, tmp_path):
    """Coding of a sentence that has changed since is not used."""
    sheet = tmp_path / "coding" / "polarity.csv"
    sheet.parent.mkdir()
    draw_sample(evidence, sheet)
    code(sheet, "one", right)
    with pytest.raises(InputError, match="has changed"):
        judge_tone(evidence.assign(text=evidence["text"].str.replace("report", "rumour")), tmp_path)
