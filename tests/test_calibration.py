"""The article-level test is right where nothing differs, and its intervals hold the truth."""

import numpy as np
import pandas as pd
import pytest
import scipy

from contrast.bench import timings
from contrast.corpus import InputError
from contrast.display import FIGURES_SETTING, show_page
from contrast.figures import false_alarm_dots, power_curves
from contrast.figures.style import overlaps
from contrast.resampling import exact_share, mean_of_shares, simulate_corpus, simulate_counts
from contrast.terms import count_terms, false_alarms, planted_differences, split_in_halves
from contrast.terms.calibration import p_of_measures


@pytest.fixture(scope="module")
def planted():
    """Look for doublings with few and with many articles."""
    return planted_differences((15, 480), ratio=4, terms=300, repeats=2)


def test_made_up_counts_have_the_rates_that_are_planted():
    """Over many articles the counts' log ratio is the planted one, and their variance is far above that of chance."""
    made = simulate_counts(4000, 20, planted=4, ratio=3)
    sides = [
        np.asarray(made.counts[side].sum(axis=0)).ravel() / made.sizes[side].sum() for side in (made.is_a, ~made.is_a)
    ]
    np.testing.assert_allclose(np.log2(sides[0] / sides[1]), made.log_ratio, atol=0.25)
    assert sorted(made.log_ratio[made.log_ratio != 0].round(3)) == [-1.585, -1.585, 1.585, 1.585]
    rare = made.counts[:, [19]].toarray().ravel()
    assert rare.var() > 1.1 * rare.mean()


@pytest.mark.parametrize("articles", [15, 40])
def test_test_is_right_where_nothing_differs(articles):
    """The article-level test calls 4 to 6 words in 100 different, and after correction hardly any; G2 many."""
    alarms = false_alarms(articles, terms=300, repeats=12).set_index("measure")
    assert 0.03 <= alarms.loc["article-level test", "false_share"] <= 0.065
    assert alarms.loc["article-level test", "splits_with_survivor"] <= 0.1
    assert alarms.loc["G2", "splits_with_survivor"] > 0.5


def test_intervals_hold_the_truth_where_outlets_differ_in_size():
    """Where one outlet has ten times the articles, 95 % intervals hold an even rate in 93 to 97 of 100 cases."""
    alarms = false_alarms(8, against=80, terms=300, repeats=12)
    assert 0.93 <= alarms.loc[0, "coverage"] <= 0.97
    assert alarms["coverage"].iloc[1:].isna().all()
    assert alarms["against"].tolist() == [80] * 3


def test_p_of_classic_measures_are_those_of_their_statistics():
    """The p of G2 is that of chi-squared with one degree of freedom, by scipy."""
    made = simulate_counts(10, 5)
    uses = [np.asarray(made.counts[side].sum(axis=0)).ravel() for side in (made.is_a, ~made.is_a)]
    sizes = [made.sizes[side].sum() for side in (made.is_a, ~made.is_a)]
    expected = [
        scipy.stats.chi2_contingency(
            [[a, sizes[0] - a], [b, sizes[1] - b]], lambda_="log-likelihood", correction=False
        ).pvalue
        for a, b in zip(*uses, strict=True)
    ]
    np.testing.assert_allclose(p_of_measures(made.counts, made.sizes, made.is_a)["G2"], expected)


def test_more_articles_find_more_and_intervals_hold_the_truth(planted):
    """With many articles nearly all fourfold uses are found, few of the found are false, and 95 % means 93 to 97 %."""
    few, many = planted.itertuples()
    assert few.found < 0.2 < 0.9 < many.found
    assert many.false < 0.1
    assert all(row.low <= row.found <= row.high for row in (few, many))
    assert all(0.93 <= row.coverage <= 0.97 for row in (few, many))


def test_intervals_of_shares_are_those_of_independent_libraries():
    """The exact interval is scipy's; that of a mean over corpora is Student's, cut at 0 and 1; without cases none."""
    table = exact_share([0, 4, 20, 0], [20, 20, 20, 0])
    for row, hits in zip(table.head(3).itertuples(), (0, 4, 20), strict=True):
        expected = scipy.stats.binomtest(hits, 20).proportion_ci(method="exact")
        assert (row.share, row.low, row.high) == pytest.approx((hits / 20, *expected))
    assert table.iloc[3].isna().all()
    shares = [0.5, 0.6, 0.55]
    ends = scipy.stats.t.interval(0.95, 2, loc=np.mean(shares), scale=scipy.stats.sem(shares))
    assert mean_of_shares(shares) == pytest.approx((0.55, *ends))
    assert mean_of_shares([0.9, 1, 1])[2] == 1
    assert np.isnan(mean_of_shares([0.5])[1:]).all()


def test_halves_of_an_outlet_are_alike():
    """In a made-up corpus the article-level test finds next to nothing between halves of one outlet."""
    made = simulate_corpus(["North", "South"], articles=61, words=60).articles.reset_index()
    halves = split_in_halves(count_terms(made), repeats=4)
    ours = halves[halves["measure"] == "article-level test"]
    assert ours["outlet"].tolist() == ["North", "South"]
    assert ours["false_share"].between(0.02, 0.08).all()


def test_outlets_too_small_to_split_are_refused():
    """Without an outlet of sixteen articles there is nothing to split, and the message says so."""
    made = simulate_corpus(["North", "South"], articles=6).articles.reset_index()
    with pytest.raises(InputError, match="no outlet has 16 articles"):
        split_in_halves(count_terms(made))


def test_figures_of_calibration_are_legible_and_true(planted):
    """Their titles hold the tables' numbers, and no text covers another, with one group or with several."""
    alarms = false_alarms(35, terms=100, repeats=4)
    several = pd.concat([alarms.assign(outlet=name) for name in ("North", "A very long name of an outlet " * 4)])
    assert (alarms["low"] <= alarms["splits_with_survivor"]).all()
    assert (alarms["splits_with_survivor"] <= alarms["high"]).all()
    for figure in (false_alarm_dots(alarms, "Source."), false_alarm_dots(several, "Source.")):
        assert overlaps(figure) == []
        assert f"{alarms.iloc[1]['splits_with_survivor']:.0%}" in figure.get_label()
    curves = power_curves({"twice as often": planted, "four times as often": planted}, "Source.")
    assert overlaps(curves) == []
    assert f"{planted.iloc[-1]['found']:.0%}" in curves.get_label()


def test_a_page_is_written_whole_and_linked(tmp_path, monkeypatch):
    """A page goes into the figures, and what is shown links to it; its plain text has a fingerprint of it."""
    monkeypatch.setenv(FIGURES_SETTING, str(tmp_path))
    shown = show_page("<h1>x</h1>", "terms_x", "Every <word>:")
    assert (tmp_path / "terms_x.html").read_text(encoding="utf-8") == "<h1>x</h1>"
    assert 'href="../figures/terms_x.html"' in shown.markup
    assert "&lt;word&gt;" in shown.markup
    assert shown.plain.startswith("Every <word>: terms_x.html\nfigure terms_x: ")
    assert show_page("<h1>y</h1>", "terms_x", "Every <word>:").plain != shown.plain


def test_bench_of_one_outlet_is_refused():
    """What can't be compared is refused with the reason."""
    with pytest.raises(InputError, match="A comparison needs two outlets"):
        timings(simulate_corpus(["North"], articles=2, words=40).articles)


def test_bench_times_every_step(monkeypatch):
    """Each step has a time and a speed, and those that count have a ratio to CountVectorizer's."""
    monkeypatch.setattr("contrast.bench.REPEATS", 1)
    table = timings(simulate_corpus(["North", "South"], articles=2, words=40).articles)
    assert (table["seconds"] > 0).all()
    assert table["ratio"].notna().tolist() == [True, True, True, False, False, False, False]
    assert table["ratio"].iloc[0] == 1
