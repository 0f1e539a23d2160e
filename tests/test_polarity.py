"""Polarity towards a target: sheets that hide the outlet, agreement, scorers that never see the name, honest means."""

import csv
import json
import shutil
import warnings

import numpy as np
import pandas as pd
import pytest

from contrast.corpus import InputError
from contrast.polarity import (
    LexiconScorer,
    Scorer,
    corrected_means,
    cross_validate,
    draw_sample,
    krippendorff_alpha,
    load_scorer,
    read_gold,
    score_unseen,
    train,
)
from contrast.polarity.bench import measure
from contrast.polarity.cues import features, roles, sides
from contrast.polarity.sheets import SHEET
from contrast.polarity.training import validate

SENTENCES = [  # before the mention, after it, what a reader codes
    ("Critics attacked ", " for its shameful failure.", -1),
    ("They blamed ", " for the terrible crisis.", -1),
    ("Observers praised ", " for its great success.", 1),
    ("They thanked ", " for its generous help.", 1),
    ("The meeting with ", " was held on Monday.", 0),
    ("A delegation from ", " arrived in the capital.", 0),
]
FOUR_OBSERVERS = pd.DataFrame(  # Krippendorff 2011, section C: a row an observer, a column a unit
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
).T


def make_evidence(name="Russia", articles=20):
    """Make up mentions of two targets in two outlets, a sentence each, and a reader's code of each."""
    rows = []
    for number in range(articles):
        outlet = ("Daily Planet", "Evening Star")[number % 2]
        for place, (left, right, value) in enumerate(SENTENCES):
            label = ("Russia", "Turkey")[place % 2]
            mention = (f"article-{number}", outlet, label, 100 * place, 100 * place + len(name))
            rows.append((*mention, f"{left}{name}{right}", len(left), len(left) + len(name), value))
    columns = ["article_id", "outlet", "label", "start", "end", "text", "at", "to", "value"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def evidence():
    """Give made-up mentions."""
    return make_evidence().drop(columns="value")


@pytest.fixture
def sheet(evidence, tmp_path):
    """Draw a coding sheet of five mentions a cell and give its path."""
    draw_sample(evidence, tmp_path / "sheet.csv", each=5)
    return tmp_path / "sheet.csv"


@pytest.fixture(scope="module")
def scorer():
    """Give a scorer trained on the made-up sentences."""
    return train(make_evidence())


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SHEET)
        writer.writeheader()
        writer.writerows(rows)


def fill(path, **cells):
    """Fill cells of a sheet: row number -> columns and values; other labels become "neutral"."""
    rows = [row | {"label": "neutral", "coder": "first"} for row in rows_of(path)]
    for number, values in cells.items():
        rows[int(number[1:])].update(values)
    write(path, rows)
    return rows


def problems_of(call, *arguments, **options):
    with pytest.raises(InputError) as caught:
        call(*arguments, **options)
    return caught.value.problems


# Sheets


def test_sheet_hides_outlet_and_score(evidence, tmp_path):
    """The sheet has its columns and no others, nothing to be coded is filled in, and no outlet or article is named."""
    draw_sample(evidence.assign(score=0.123), tmp_path / "sheet.csv")
    rows, text = rows_of(tmp_path / "sheet.csv"), (tmp_path / "sheet.csv").read_text("utf-8")
    assert tuple(rows[0]) == SHEET
    assert {(row["label"], row["coder"]) for row in rows} == {("", "")}
    assert not [word for word in ("Daily", "Evening", "article-", "0.123") if word in text]


def test_sheet_does_not_tell_outlets_by_its_order(evidence, tmp_path):
    """Rows of a small and of a large outlet are mixed from the top of the sheet to its end."""
    small = evidence["article_id"].isin(["article-1", "article-3"]) | (evidence["outlet"] == "Daily Planet")
    outlets = draw_sample(evidence[small], tmp_path / "sheet.csv")["outlet"]
    places = np.flatnonzero(outlets == "Evening Star") / len(outlets)
    assert 0.3 < places.mean() < 0.7


def test_key_tells_how_likely_each_mention_was_drawn(evidence, tmp_path):
    """Each outlet and target gives as many mentions as asked for, and their probability is that number in all."""
    key = draw_sample(evidence, tmp_path / "sheet.csv", each=6)
    assert key.groupby(["outlet", "label"]).size().tolist() == [6] * 4
    assert key["probability"].tolist() == [6 / 30] * 24
    assert [row["item"] for row in rows_of(tmp_path / "sheet.key.csv")] == key["item"].tolist()
    assert (draw_sample(evidence, tmp_path / "all.csv", each=99)["probability"] == 1).all()


def test_sample_stands_whatever_the_order_and_grows_by_adding(evidence, tmp_path):
    """The same seed draws the same mentions from a shuffled table, and a larger sample holds the smaller one."""
    first, again, more, other = (
        set(draw_sample(table, tmp_path / f"{number}.csv", each=each, seed=seed)["item"])
        for number, (table, each, seed) in enumerate(
            [(evidence, 5, 0), (evidence.sample(frac=1, random_state=1), 5, 0), (evidence, 9, 0), (evidence, 5, 1)]
        )
    )
    assert first == again < more
    assert first != other


def test_sheet_is_safe_in_a_spreadsheet(evidence, tmp_path):
    """A sentence that opens like a formula gets an apostrophe, and reading the sheet still knows it."""
    danger = evidence.assign(text="=1+" + evidence["text"], at=evidence["at"] + 3, to=evidence["to"] + 3)
    draw_sample(danger, tmp_path / "sheet.csv")
    assert all(row["left"].startswith("'=1+") for row in rows_of(tmp_path / "sheet.csv"))
    fill(tmp_path / "sheet.csv")
    assert len(read_gold(tmp_path / "sheet.csv", danger)) == 120


@pytest.mark.parametrize("kept", ["sheet.csv", "sheet.key.csv"])
def test_no_coding_is_ever_overwritten(evidence, sheet, kept):
    """Where a sheet or its key exists nothing is written, and the error says what to do."""
    before = (sheet.parent / kept).read_bytes()
    gone = {"sheet.csv", "sheet.key.csv"} - {kept}
    (sheet.parent / gone.pop()).unlink()
    problems = problems_of(draw_sample, evidence, sheet, seed=1)
    assert problems["file"].str.endswith(kept).tolist() == [True]
    assert "another name" in problems.loc[0, "remedy"]
    assert [path.read_bytes() for path in sheet.parent.iterdir()] == [before]


# Gold


def test_gold_leads_back_to_the_mention(evidence, sheet):
    """Codes come back with their mention, value and probability; rows without a label are counted and left out."""
    rows = fill(sheet, r0={"label": "Against"}, r1={"label": "unclear"}, r2={"label": ""}, r3={"coder": ""})
    gold = read_gold(sheet, evidence)
    assert gold["item"].tolist() == [row["item"] for row in rows if row["label"]]
    assert gold["polarity"].tolist()[:3] == ["against", "unclear", "neutral"]
    assert gold["value"].tolist()[0] == -1
    assert np.isnan(gold["value"][1])
    assert (gold["coder"][2], gold["coder"][3], gold.attrs["empty"]) == ("sheet", "first", 1)
    place = ["article_id", "outlet", "label", "start", "end", "text", "at", "to"]
    assert len(gold.merge(evidence, on=place)) == len(gold) == 19
    assert gold["probability"].tolist() == pytest.approx([5 / 30] * 19, rel=1e-5)


def test_second_coders_copy_is_read_beside_the_first(evidence, sheet):
    """Two coders' sheets share the first one's key and give a code each; identical codes agree fully."""
    fill(sheet, r0={"label": "for"})
    second = shutil.copy(sheet, sheet.with_name("second.csv"))
    write(sheet.parent / second, [row | {"coder": "second"} for row in rows_of(sheet)])
    gold = read_gold([sheet, second], evidence)
    assert gold["coder"].value_counts().tolist() == [20, 20]
    assert krippendorff_alpha(gold.pivot(index="item", columns="coder", values="value")).alpha == 1


def test_everything_wrong_with_a_sheet_is_told_at_once(evidence, sheet):
    """Each wrong row is named with its remedy, all in one error; an uncoded row is not looked at."""
    rows = fill(sheet, r0={"label": "good"}, r1={"item": "mffff"}, r5={"label": "", "text_hash": "?"})
    write(sheet, [*rows, rows[2], rows[3] | {"text_hash": rows[4]["text_hash"], "coder": "second"}])
    items = dict(zip([row["item"] for row in rows_of(sheet.with_suffix(".key.csv"))], range(20), strict=True))
    key = pd.DataFrame(rows_of(sheet.with_suffix(".key.csv"))).astype({"start": int, "end": int})
    now = evidence.merge(key[["item", "article_id", "start", "end", "label"]], how="left")
    now.loc[now["item"].map(items) == 6, "text"] += " Or not."
    now = now[now["item"].map(items) != 7]
    problems = problems_of(read_gold, sheet, now)
    told = {int(row): (problem, remedy) for _, row, problem, remedy in problems.itertuples(index=False)}
    assert sorted(told) == [2, 3, 8, 9, 22, 23]
    assert told[2] == ("unknown label 'good'.", "There are: against, neutral, for, unclear.")
    assert "not in the key" in told[3][0]
    assert "changed since" in told[8][0]
    assert "no longer among the mentions" in told[9][0]
    assert "row 4 of" in told[22][0]
    assert "two rows" in told[23][0]
    assert problems["remedy"].str.endswith(".").all()


def test_files_that_cannot_be_read_are_told(evidence, sheet):
    """A sheet that is not there, one without its columns, and a missing key are named together."""
    sheet.with_suffix(".key.csv").unlink()
    sheet.write_text("item,left,right\nm1,a,b\n", "utf-8")
    problems = problems_of(read_gold, [sheet, sheet.with_name("none.csv")], evidence)
    found = " ".join(problems["problem"])
    assert all(part in found for part in ("'label' is missing", "'text_hash' is missing", "key is not", "file is not"))


def test_damaged_key_is_refused(evidence, sheet):
    """A probability that is none is told with the key's row."""
    key = sheet.with_suffix(".key.csv")
    key.write_text(key.read_text("utf-8").replace("0.166667", "2", 1), "utf-8")
    fill(sheet)
    assert "probability '2'" in problems_of(read_gold, sheet, evidence).loc[0, "problem"]


def test_hash_that_a_spreadsheet_made_a_number_is_forgiven(evidence, sheet):
    """A spreadsheet may show a hash of digits as 1.2E+15; the key still knows the sentence."""
    fill(sheet, r0={"text_hash": "1.23457E+15"})
    assert len(read_gold(sheet, evidence)) == 20


# Agreement


@pytest.mark.parametrize(("metric", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_is_krippendorffs(metric, alpha):
    """On the worked example of Krippendorff (2011) alpha is the published one, inside its interval."""
    found = krippendorff_alpha(FOUR_OBSERVERS, metric=metric)
    assert round(found.alpha, 3) == alpha
    assert found.low < found.alpha < found.high <= 1
    assert (found.units, found.values) == (11, 40)


def test_alpha_of_what_cannot_vary_is_missing():
    """Where all codes are the same chance would agree as well, so there is no alpha."""
    assert np.isnan(krippendorff_alpha(pd.DataFrame({"a": [0, 0], "b": [0, 0]}))[:3]).all()


@pytest.mark.parametrize(
    ("units", "metric"), [(FOUR_OBSERVERS, "euclidean"), (FOUR_OBSERVERS[[0]], "nominal"), (pd.DataFrame(), "nominal")]
)
def test_alpha_needs_a_known_metric_and_two_coders(units, metric):
    """An unknown metric, and units that nobody coded twice, are refused."""
    assert len(problems_of(krippendorff_alpha, units, metric=metric)) == 1


# Scorers


@pytest.mark.parametrize("name", ["terrorist", "Great Hero", "Мир", "US"])
def test_name_of_the_target_is_never_scored(name, scorer):
    """Whatever the target is called, it gets the same score, by the lexicon and by a trained scorer."""
    plain = make_evidence("Russia", 2).assign(text=lambda t: t["text"] + " Russia agreed.")
    named = make_evidence(name, 2).assign(text=lambda t: t["text"] + f" {name} agreed.")
    for one in (LexiconScorer(), scorer):
        assert one.score(named)["score"].tolist() == one.score(plain)["score"].tolist()


def test_word_of_the_name_elsewhere_is_left():
    """Only whole printings of the mention are masked."""
    assert sides("US troops used US arms", 0, 2) == ("", " troops used _ arms")


@pytest.mark.parametrize(
    ("left", "right", "role"),
    [
        ("", " also said that it holds.", "speaker"),
        ("", ", the minister, warned of war.", "speaker"),
        ("It holds, said Foreign Minister ", ".", "told after"),
        ("Others accused President ", " of lying.", "attacked"),
        ("They welcomed ", "’s plan.", "praised"),
        ("", " was sharply criticised.", "was attacked"),
        ("", " has been praised.", "was praised"),
        ("", " blamed others.", "attacks"),
        ("The plan of ", " failed.", "of"),
        ("", " did not agree.", "negated"),
        ("", "’s plan failed.", "owner"),
        ("He said: “We trust ", " fully.", "quoted"),
        ("They met ", ".", "last"),
    ],
)
def test_roles_are_those_a_reader_sees(left, right, role):
    """The target speaks, is spoken of, is praised or attacked, or acts, as a reader would say."""
    assert role in roles(left, right)


@pytest.mark.parametrize(
    ("left", "right", "role"),
    [
        ("They met ", ", and Obama said no.", "speaker"),
        ("“We attacked no one,” said ", ".", "attacked"),
        ("He said “no” and met ", ".", "quoted"),
    ],
)
def test_roles_are_not_given_to_others(left, right, role):
    """What is said of somebody else in the sentence is no role of the target."""
    assert role not in roles(left, right)


def test_words_are_marked_by_their_place():
    """Words of the clause are marked by side, words beyond it only as the sentence's."""
    found = features("It failed; friends of Russia won.", 22, 28)
    assert {"S_fail", "S_friend", "L_friend", "LL_friend", "R_won", "RR_won", "L_friend of"} <= set(found)
    assert "L_fail" not in found
    assert found["sentence L-"] > 0 == found["clause L-"] < found["clause L+"]


def test_lexicon_scorer_reads_the_clause():
    """Good and bad words of another clause do not count, those of the mention's own and its verdicts do."""
    texts = ["A brutal war; Russia met them", "The brutal Russia met them", "They praised Russia", "Russia met Justice"]
    table = pd.DataFrame({"text": texts, "at": [text.index("Russia") for text in texts]})
    scored = LexiconScorer().score(table.assign(to=table["at"] + 6))
    assert scored["polarity"].tolist() == ["neutral", "against", "for", "neutral"]


def test_trained_scorer_learns_what_it_is_taught(scorer):
    """On sentences like those it was trained on it gives the right polarities, and probabilities that add to 1."""
    scored = scorer.score(make_evidence("Moscow", 2))
    assert validate(scored["value"], scored["polarity"]).macro_f1 == 1
    assert scored[["p_against", "p_neutral", "p_for"]].sum(axis=1).tolist() == pytest.approx([1] * len(scored))
    assert scored["score"].tolist() == (scored["p_for"] - scored["p_against"]).tolist()


def test_two_polarities_are_enough():
    """Where nothing was coded neutral the scorer gives no probability to it, and still tells the two others apart."""
    coded = make_evidence()[lambda table: table["value"] != 0]
    scored = train(coded).score(coded)
    assert set(scored["p_neutral"]) == {0}
    assert (np.sign(scored["score"]) == scored["value"]).all()


def test_one_polarity_is_refused():
    """There is nothing to learn where all sentences are coded alike."""
    assert "two polarities" in problems_of(train, make_evidence().assign(value=0)).loc[0, "problem"]


def test_saved_scorer_gives_the_same_numbers(scorer, tmp_path):
    """A scorer that was saved and loaded predicts exactly what it did before."""
    scorer.save(tmp_path / "scorer.json")
    loaded = load_scorer(tmp_path / "scorer.json")
    table = make_evidence("Moscow", 3)
    pd.testing.assert_frame_equal(loaded.score(table), scorer.score(table), check_exact=True)
    assert isinstance(loaded, Scorer)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (None, "not there"),
        ("{", "not JSON"),
        ({"form": "another"}, "not a saved scorer"),
        ({"version": 0}, "version 0"),
        ({"intercept": [0.0]}, "do not fit"),
        ({"terms": {"S_bad": ["x", 0, 0]}}, "do not fit"),
        ({"classes": ["against", "neutral", "good"]}, "unknown classes"),
        ({"intercept": [float("nan"), 0, 0]}, "numbers that are none"),
    ],
)
def test_file_that_is_no_scorer_is_refused(scorer, tmp_path, change, told):
    """A damaged, foreign or outdated file is refused with its fault and a remedy."""
    path = tmp_path / "scorer.json"
    scorer.save(path)
    if change is None:
        path.unlink()
    else:
        path.write_text(change if change == "{" else json.dumps(json.loads(path.read_bytes()) | change), "utf-8")
    assert told in problems_of(load_scorer, path).loc[0, "problem"]


def test_validation_is_scikit_learns():
    """Macro-F1, precision, recall and the confusion table equal scikit-learn's on random polarities."""
    from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

    random = np.random.default_rng(0)
    truth, guess = random.integers(-1, 2, (2, 200))
    names = np.array(["against", "neutral", "for"])
    found = validate(pd.Series(truth), pd.Series(names[guess + 1]))
    assert found.macro_f1 == pytest.approx(f1_score(truth, guess, average="macro"))
    theirs = np.array(precision_recall_fscore_support(truth, guess)[:3]).T
    np.testing.assert_allclose(found.classes[["precision", "recall", "f1"]], theirs)
    np.testing.assert_array_equal(found.confusion, confusion_matrix(truth, guess))


def test_no_article_is_learnt_from_and_predicted_at_once():
    """What only one article tells is learnt by `train`, and is unknown where that article is left out."""
    coded = make_evidence(articles=10).assign(value=0)
    own = coded["article_id"].str[-1].map(lambda digit: "abcdefghij"[int(digit)] * 5)
    value = coded["article_id"].str[-1].astype(int) % 2 * 2 - 1
    coded = coded.assign(text="Russia met " + own, at=0, to=6, value=value)
    assert (train(coded).score(coded)["score"] * value).min() > 0.2
    assert score_unseen(coded, coded)["score"].abs().max() < 0.02
    assert cross_validate(coded).macro_f1 < 0.5


def test_a_polarity_coded_seldom_warns_of_nothing():
    """Fewer sentences of one polarity than folds are validated all the same, and nothing is written to stderr."""
    coded = make_evidence()
    seldom = coded.index[coded["value"] == 1][3:]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = cross_validate(coded.drop(seldom))
    assert found.classes.set_index("polarity").loc["for", "coded"] == 3


def test_cross_validation_needs_articles():
    """Fewer coded articles than folds are refused."""
    assert "fewer than 5 folds" in problems_of(cross_validate, make_evidence(articles=3)).loc[0, "problem"]


# Corrected means


def simulated(runs, *, articles=40, per=5, coded=50, bias=0.4, seed=0):
    """Make up outlets whose true mean is -.1, a scorer that leans by `bias`, and hand codes of some sentences."""
    random = np.random.default_rng(seed)
    size = articles * per
    lean = np.repeat(random.uniform(-0.25, 0.25, runs * articles), per)
    draw = random.random(runs * size)
    value = np.select([draw < 0.4 - lean, draw > 0.7 - lean], [-1.0, 1.0], 0.0)
    scores = pd.DataFrame(
        {
            "article_id": np.arange(runs * size) // per,
            "outlet": np.repeat(np.arange(runs), size),
            "label": "Russia",
            "start": np.arange(runs * size),
            "end": np.arange(runs * size),
            "score": np.clip(0.5 * value + bias + random.normal(0, 0.4, runs * size), -1, 1),
        }
    )
    rank = random.random((runs, size)).argsort(axis=1).argsort(axis=1).ravel()
    return scores, scores.assign(value=value, probability=coded / size)[rank < coded]


def test_corrected_mean_covers_the_truth_whatever_the_scorers_bias():
    """95 % intervals hold the true mean, and are narrower than hand coding's, where the raw means are far off."""
    scores, gold = simulated(600)
    found = corrected_means(scores, gold)
    by_hand = corrected_means(scores.assign(score=0.0), gold)
    assert 0.93 <= ((found["low"] < -0.1) & (found["high"] > -0.1)).mean() <= 0.98
    assert (found["high"] - found["low"]).mean() < 0.9 * (by_hand["high"] - by_hand["low"]).mean()
    assert found["mean"].mean() == pytest.approx(-0.1, abs=0.02)
    assert found["raw"].mean() > 0.2


def test_without_a_scorer_the_mean_is_that_of_hand_coding():
    """Where all scores are equal and each sentence is its own article, mean and interval are Student's."""
    from scipy import stats

    scores, gold = simulated(1, articles=200, per=1)
    found = corrected_means(scores.assign(score=0.3), gold).iloc[0]
    low, high = stats.ttest_1samp(gold["value"], 0).confidence_interval()
    assert found[["mean", "low", "high"]].tolist() == pytest.approx([gold["value"].mean(), low, high])


def test_mean_is_the_papers():
    """Mean and lambda are those of Angelopoulos, Duchi and Zrnic (2023), computed from their formulas."""
    scores, gold = simulated(1)
    y, f = gold["value"].to_numpy(), gold["score"].to_numpy()
    others = scores.drop(index=gold.index)["score"].to_numpy()
    tuned = np.cov(y, f, ddof=0)[0, 1] / ((1 + len(y) / len(others)) * scores["score"].var(ddof=0))
    expected = tuned * others.mean() + (y - tuned * f).mean()
    assert corrected_means(scores, gold)["mean"].tolist() == pytest.approx([expected])


def test_sentences_that_were_likelier_drawn_count_less():
    """Cells drawn at different rates are weighted back when they are put together."""
    scores, gold = simulated(2)
    gold = gold.assign(value=gold["outlet"] * 2.0 - 1, probability=gold["outlet"].map({0: 0.75, 1: 0.25}))
    found = corrected_means(scores.assign(score=0.0), gold, by=["label"])
    assert found["mean"].tolist() == pytest.approx([0.5])
    assert list(found) == ["label", "n", "coded", "raw", "mean", "low", "high", "reason"]


def test_two_coders_of_a_sentence_count_once():
    """Of two codes of an item the mean is taken, and unclear ones are left out."""
    scores, gold = simulated(1)
    twice = pd.concat([gold.assign(value=1.0), gold.assign(value=0.0), gold.assign(value=np.nan)])
    found = corrected_means(scores, twice).iloc[0]
    assert (found["coded"], found["mean"]) == (50, 0.5)


@pytest.mark.parametrize(
    ("change", "reason", "mean"),
    [
        (lambda gold: gold.head(29), "tone, not validated: 29 of 30 sentences coded", False),
        (lambda gold: gold.head(0), "tone, not validated: 0 of 30 sentences coded", False),
        (lambda gold: gold.assign(value=0.0), "no interval: all 50 sentences coded alike", True),
    ],
)
def test_cell_that_cannot_be_judged_says_why(change, reason, mean):
    """With too few codes there is no mean, and without spread no interval; the raw mean stays."""
    scores, gold = simulated(1)
    found = corrected_means(scores, change(gold)).iloc[0]
    assert found["reason"] == reason
    assert np.isnan([found["low"], found["high"]]).all()
    assert (not np.isnan(found["mean"]), np.isnan(found["raw"])) == (mean, False)


def test_few_articles_give_no_interval():
    """Sentences of seven articles do not speak for an outlet's other articles."""
    found = corrected_means(*simulated(1, articles=7, per=20)).iloc[0]
    assert found["reason"] == "no interval: 7 of 8 articles coded"


# The measurement


def test_measurement_holds_out_sources(tmp_path):
    """A file in NewsMTSC's form gives a row a scorer; made-up sentences are easy for all but the commonest class."""
    lines = []
    for row in make_evidence(articles=30).itertuples():
        target = {"from": row.at, "to": row.to, "mention": "Russia", "polarity": 4.0 + 2 * row.value}
        gid = f"made_up_{row.article_id}_{row.start}"
        lines.append(json.dumps({"primary_gid": gid, "sentence_normalized": row.text, "targets": [target]}))
    (tmp_path / "made.jsonl").write_text("\n".join(lines), "utf-8")
    found = measure(tmp_path / "made.jsonl").set_index("scorer")
    assert found.loc["the commonest polarity", "macro_f1"] == pytest.approx(1 / 6)
    assert found.loc["trained scorer", "macro_f1"] == 1
    assert 0 < found["n"].iloc[0] < 120
    assert "not there" in problems_of(measure, tmp_path / "none.jsonl").loc[0, "problem"]
    (tmp_path / "other.jsonl").write_text('{"text": ""}', "utf-8")
    assert "NewsMTSC's form" in problems_of(measure, tmp_path / "other.jsonl").loc[0, "problem"]
