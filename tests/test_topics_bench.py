"""Models are set side by side on the same texts, whether tomotopy is there or not."""

import importlib.machinery
import sys
import types
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from contrast.bench import INSTALL, hand_given, main
from contrast.terms import count_terms
from contrast.topics import bench, fit_topics, simulate_topics
from contrast.topics.bench import LDA, OURS, compare_models, growth

THEMES = ("water", "stone", "cloud")
WORDS = [one + other for one in "abcd" for other in "klmn"]
COLUMNS = ["model", "k", "seconds", "npmi", "nmi", "stability"]


def planted_articles():
    """Write 24 articles of 25 words in each of two outlets, each of one theme alone, which is its label."""
    random = np.random.default_rng(3)
    chances = 0.75 ** np.arange(len(WORDS))
    rows = []
    for number in range(48):
        theme = THEMES[number // 2 % 3]
        text = " ".join(theme + word for word in random.choice(WORDS, 25, p=chances / chances.sum()))
        rows.append((f"a{number}", ("North", "South")[number % 2], text, theme))
    return pd.DataFrame(rows, columns=["article_id", "outlet", "text", "topic"])


class FakeModel:
    """Stands for tomotopy's: knows a topic for each theme, numbers words as they come, and refuses empty articles."""

    def __init__(self, *, k, seed):
        self.k, self.seen, self.docs = k, [], []

    def add_doc(self, words):
        assert words
        self.seen.append(words)
        weights = [sum(word.startswith(theme) for word in words) for theme in THEMES]
        self.docs.append(types.SimpleNamespace(get_topic_dist=lambda: np.array(weights) / sum(weights)))

    def train(self, sweeps):
        self.sweeps = sweeps
        self.uses = Counter(word for words in self.seen for word in words)
        self.used_vocabs = list(self.uses)

    def get_topic_word_dist(self, topic):
        shares = np.array([self.uses[word] * word.startswith(THEMES[topic]) for word in self.used_vocabs])
        return shares / shares.sum()


@pytest.fixture(autouse=True)
def few_sweeps(monkeypatch):
    """Let scikit-learn's model, which is only set beside ours, go over the texts a few times."""
    monkeypatch.setattr("contrast.topics.model.SWEEPS", 3)


@pytest.fixture(scope="module")
def articles():
    """Give the planted articles."""
    return planted_articles()


@pytest.fixture(scope="module")
def counts(articles):
    """Count their terms."""
    return count_terms(articles.drop(columns="topic"))


@pytest.fixture
def no_tomotopy(monkeypatch):
    """Leave tomotopy out, also where it is installed."""
    monkeypatch.setitem(sys.modules, "tomotopy", None)


@pytest.fixture
def models(monkeypatch):
    """Put a stand-in in tomotopy's place, and give the models that are made of it."""
    made = []
    module = types.ModuleType("tomotopy")
    module.__spec__ = importlib.machinery.ModuleSpec("tomotopy", None)
    module.LDAModel = lambda **options: made.append(FakeModel(**options)) or made[-1]
    monkeypatch.setitem(sys.modules, "tomotopy", module)
    return made


# Models


@pytest.mark.usefixtures("no_tomotopy")
def test_labels_planted_as_topics_are_found(articles, counts):
    """Where each label has words of its own the topics are the labels, and last; without tomotopy its rows are not."""
    table = compare_models(counts, articles["topic"], ks=[3])
    assert list(table) == COLUMNS
    assert table["model"].tolist() == [OURS, LDA]
    assert (table["k"] == 3).all()
    assert (table["seconds"] > 0).all()
    ours = table.iloc[0]
    assert ours["nmi"] > 0.99
    assert ours["npmi"] > 0.5
    assert ours["stability"] > 0.8
    assert table["stability"].between(0, 1).all()


def test_agreement_by_hand():
    """Main topics that are the labels agree in full, whatever their numbers; units without a label do not count."""
    shares = np.array([[0.1, 0.9], [0.3, 0.7], [0.8, 0.2], [0.6, 0.4], [0.1, 0.9]])
    assert bench._nmi(pd.Series(["war", "war", "trade", "trade", None]), shares) == pytest.approx(1)
    assert bench._nmi(pd.Series(["war", "trade", "trade", "war", None]), shares) == pytest.approx(0)
    assert np.isnan(bench._nmi(pd.Series([None] * 5), shares))
    assert np.isnan(bench._nmi(None, shares))


def test_tomotopy_gets_the_same_counts(articles, counts, models):
    """It gets each use of a term as a word, and its numbers of terms are turned into ours; empty units are left out."""
    empty = pd.DataFrame([("a48", "North", "the of", None)], columns=articles.columns)
    longer = pd.concat([empty, articles], ignore_index=True)
    counts = count_terms(longer.drop(columns="topic"), stop_words=["the", "of"])
    table = compare_models(counts, longer["topic"], ks=[3], sweeps=7)
    assert table["model"].tolist() == [OURS, LDA, "LDA, tomotopy, 7 sweeps"]
    theirs = table.iloc[2]
    assert theirs["nmi"] == pytest.approx(1)
    assert theirs["stability"] > 0.8
    assert theirs["npmi"] == pytest.approx(table.loc[0, "npmi"], abs=0.05)
    whole, part = models
    assert (whole.k, whole.sweeps) == (3, 7)
    assert [Counter(words) for words in whole.seen] == [Counter(text.split()) for text in articles["text"]]
    assert len(part.seen) in (38, 39)
    assert all(words in whole.seen for words in part.seen)


def test_all_models_are_fitted_to_the_same_part(counts, models, monkeypatch):
    """The 80 % of units that each model is fitted to again are the same for all, and from another seed."""
    fitted = []

    def fit(counts, k, *, method, seed):
        fitted.append((method, seed, counts.units["article_id"].tolist()))
        return fit_topics(counts, k, seed=seed)

    monkeypatch.setattr(bench, "fit_topics", fit)
    compare_models(counts, ks=[3], seed=4)
    methods, seeds, articles = zip(*fitted, strict=True)
    assert methods == ("nmf", "nmf", "lda", "lda")
    assert seeds == (4, 5, 4, 5)
    assert articles[0] == articles[2] == counts.units["article_id"].tolist()
    assert articles[1] == articles[3]
    assert len(set(articles[1])) == len(models[1].seen) == 38


# Growth


def test_growth_is_timed_at_each_size(counts, monkeypatch):
    """Units are drawn once each up to as many as there are, and again beyond; speeds are units over seconds."""
    drawn = []
    monkeypatch.setattr(bench, "fit_topics", lambda counts, *_, **__: drawn.append(counts) or model)
    model = fit_topics(counts, 3)
    table = growth(counts, 3, (20, 48, 100))
    assert list(table) == ["units", "seconds", "fold_seconds", "fitted_a_second", "folded_a_second"]
    assert table["units"].tolist() == [20, 48, 100]
    assert [len(one.units) for one in drawn] == [20, 48, 100]
    assert [one.units["article_id"].is_unique for one in drawn] == [True, True, False]
    assert table["fitted_a_second"].tolist() == pytest.approx(table["units"] / table["seconds"])
    assert table["folded_a_second"].tolist() == pytest.approx(table["units"] / table["fold_seconds"])


# The command


@pytest.fixture
def small(monkeypatch):
    """Let the command try little."""
    monkeypatch.setattr("contrast.bench.KS", (3,))
    monkeypatch.setattr("contrast.bench.SIZES", (30,))


@pytest.mark.usefixtures("no_tomotopy", "small")
def test_command_prints_both_tables(articles, tmp_path, capsys):
    """With labels in the file it prints nmi; without tomotopy it says how to install it."""
    path = tmp_path / "made.parquet"
    articles.to_parquet(path)
    assert main(["--topics", "--corpus", str(path)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("48 units, 1,188 uses of 38 terms, ")
    assert INSTALL in shown
    header, ours, _, _, sizes, timed = shown.splitlines()[-6:]
    assert header.split() == COLUMNS
    assert ours.startswith(OURS)
    assert float(ours.split()[-2]) > 0.99
    assert sizes.split()[0] == "units"
    assert timed.split()[0] == "30"


@pytest.mark.usefixtures("models", "small")
def test_command_tells_how_much_faster(articles, tmp_path, capsys):
    """Beside tomotopy each model has its speed, and tomotopy its own; a column that is not there is named."""
    articles.to_csv(tmp_path / "made.csv", index=False)
    assert main(["--topics", "--corpus", str(tmp_path / "made.csv"), "--labels", "matter"]) == 0
    shown = capsys.readouterr().out
    assert "There is no nmi: it needs a corpus in one file, with ids and hand-given topics in column 'matter'." in shown
    assert INSTALL not in shown
    assert shown.splitlines()[3].split() == [*(name for name in COLUMNS if name != "nmi"), "faster_than_tomotopy"]
    assert shown.splitlines()[6].endswith(" 1.0 times")


@pytest.mark.usefixtures("no_tomotopy", "small")
def test_command_makes_up_articles(monkeypatch, capsys):
    """Without a corpus it makes up articles, and an unreadable one is refused."""
    monkeypatch.setattr("contrast.bench.simulate_topics", lambda *_, **__: simulate_topics(2, 20, terms=60, words=50))
    assert main(["--topics"]) == 0
    assert capsys.readouterr().out.startswith("40 units, ")
    assert main(["--topics", "--corpus", "no/such/file.csv"]) == 1
    assert "no/such/file.csv" in capsys.readouterr().err


def test_labels_are_matched_by_id(tmp_path):
    """Each unit has its article's label, however the file is ordered; of doubles the first, and none stays missing."""
    units = pd.DataFrame({"article_id": ["7", "7", "3", "5", "9"]})
    table = pd.DataFrame({"id": [3, 5, 7, 3], "source": "N", "text": "t", "topic": ["war", None, "trade", "peace"]})
    table.to_csv(tmp_path / "made.csv", index=False)
    found = hand_given(tmp_path / "made.csv", "topic", units)
    assert found.fillna("-").tolist() == ["trade", "trade", "war", "-", "-"]
    assert hand_given(tmp_path / "made.csv", "matter", units) is None
    assert hand_given(tmp_path, "topic", units) is None
    table.drop(columns="id").to_csv(tmp_path / "made.csv", index=False)
    assert hand_given(tmp_path / "made.csv", "topic", units) is None
