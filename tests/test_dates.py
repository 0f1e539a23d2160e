"""Dates are read as printed in any usual form, and never guessed where two readings are possible."""

import datetime
import itertools
import string

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contrast.corpus import InputError
from contrast.reading import dates
from contrast.reading.dates import read_dates

MAY_3 = pd.Timestamp("2016-05-03")


@pytest.mark.parametrize(
    "value",
    [
        *("2016-05-03", "2016/5/3", "2016.05.03", "2016-05-03T23:59:59.5+05:00", "2016-05-03 00:10", "2016-05-03Z"),
        *("20160503", 20160503, 20160503.0, "20160503T100000Z", "20160503100000"),
        *("May 3, 2016", "3 May 2016", "May 3rd, 2016", "3. May 2016", "03-May-2016", "03-May-16", "2016 May 3"),
        *("Tue, 03 May 2016 10:00:00 GMT", "Tue May 03 10:00:00 +0000 2016", "Tuesday 3 May 2016, 10.30am"),
        *("Updated May 3, 2016 at 10:15 a.m. EDT", "3 de mayo de 2016", "3 мая 2016 г.", "٣ مايو ٢٠١٦", "2016年5月3日"),
        *(1462233600, 1462233600000, "1462233600", "1462233600.0", 1462233600.5, "1462233600000000000"),
        *(
            datetime.date(2016, 5, 3),
            datetime.datetime(2016, 5, 3, 23, 59),
            pd.Timestamp("2016-05-03 23:00", tz="Asia/Tokyo"),
        ),
    ],
)
def test_usual_forms_of_a_day_are_read(value):
    """Every usual form of a date gives the day as it is printed, whatever the time and zone beside it."""
    dates = read_dates([value])
    assert (dates.days[0], dates.precisions[0], dates.faults) == (MAY_3, "day", {})


@pytest.mark.parametrize(
    ("value", "first_day", "precision"),
    [
        *[(value, "2016-05-01", "month") for value in ("2016-05", "05/2016", "May 2016", "Mai 2016", "2016年5月")],
        *[(value, "2016-01-01", "year") for value in ("2016", 2016, 2016.0)],
    ],
)
def test_month_or_year_alone_is_as_precise_as_that(value, first_day, precision):
    """A month or a year without a day gives its first day, and says how precise it is."""
    dates = read_dates([value])
    assert (dates.days[0], dates.precisions[0]) == (pd.Timestamp(first_day), precision)


@pytest.mark.parametrize("value", ["", "  ", None, float("nan"), pd.NaT])
def test_empty_cell_is_no_fault(value):
    """A cell without anything gives no date, and nothing to mend."""
    dates = read_dates([value])
    assert pd.isna(dates.days[0])
    assert dates.precisions == [""]
    assert dates.faults == {}


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        *[
            (v, "is no date")
            for v in ("soon", "2016-02-30", "2016-13", "0000-00-00", "31/04/2016", 42493, True, "9" * 300)
        ],
        *[(v, "is no date") for v in ("May 3, 2016, updated June 4, 2016", "16-05-03", "201605", "3 listopada 2016")],
        *[("1799-12-31", "is before 1800"), ("2999-01-01", "is in the future"), (99999999999, "is no date")],
    ],
)
def test_what_is_no_date_is_told_by_place(value, fault):
    """What is no date, or one that no article can have, is missing and told by its place in the column."""
    dates = read_dates(["2016-05-03", value])
    assert dates.days.isna().tolist() == [False, True]
    assert list(dates.faults) == [1]
    assert fault in dates.faults[1]
    assert len(dates.faults[1]) < 120


@pytest.mark.parametrize(
    ("values", "rule", "month"),
    [(["03/05/2016", "13/05/2016"], "day-first", 5), (["03/05/2016", "05/13/2016"], "month-first", 3)],
)
def test_column_decides_which_number_is_the_month(values, rule, month):
    """One date that can be read in one way alone decides for all, and the sentence says so with the count."""
    dates = read_dates(values)
    assert dates.days[0] == pd.Timestamp(2016, month, 8 - month)
    assert dates.told == [
        f"the table: dates such as 03/05/2016 are read {rule}: "
        "1 of 2 can only be so, and none only the other way round."
    ]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (["03/05/2016", "2016-05-03"], "a date such as 03/05/2016 may be day-first or month-first: nothing settles it"),
        (["03.05.2016", "04.05.16"], "2 dates such as 03/05/2016 may be day-first or month-first: nothing settles it"),
        (["13/05/2016", "05/13/2016"], "some can only be the one, some only the other"),
    ],
)
def test_ambiguous_dates_are_refused_unless_a_rule_is_given(values, reason):
    """Where nothing decides, or dates contradict each other, there is an error that names the option to give."""
    with pytest.raises(InputError, match=reason) as caught:
        read_dates(values, where="news.csv")
    assert "--dates day-first" in str(caught.value)
    assert "news.csv" in str(caught.value)


def test_given_rule_decides_and_tells():
    """A rule that is given decides against a contradiction, and what can't be read by it is a fault."""
    values = ["03/05/2016", "13/05/2016", "05/13/2016", "5/3/16"]
    day_first, month_first = read_dates(values, "day-first"), read_dates(values, "month-first")
    assert day_first.days.dt.month.tolist()[:2] == [5, 5]
    assert month_first.days.dt.month.tolist()[::2] == [3, 5]
    assert (list(day_first.faults), list(month_first.faults)) == ([2], [1])
    assert day_first.told == ["the table: dates such as 03/05/2016 are read day-first, as given."]


def test_same_number_twice_needs_no_rule():
    """03/03/2016 is the third of March by either rule."""
    assert read_dates(["03/03/2016"]).days[0] == pd.Timestamp("2016-03-03")


def test_unknown_rule_is_refused():
    """A rule that is none is told with those there are."""
    with pytest.raises(InputError, match=r"no rule 'us' is known\. Write day-first or month-first"):
        read_dates([], "us")


def test_numbers_read_as_time_are_told():
    """Seconds since 1970 can be chance numbers, so it is told that they were read so."""
    told = read_dates([1462233600, 1462233601, "2016-05-03"]).told
    assert told == ["the table: numbers in place of dates, 2 of them, are read as time since 1970 (UTC)."]


def test_machine_language_and_zone_change_nothing(monkeypatch):
    """The same strings give the same days in another time zone and language."""
    values = ["May 3, 2016", "3 мая 2016", "1462233600", "2016-05-03T23:30:00-11:00"]
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    assert read_dates(values).days.tolist() == [MAY_3] * 4


def test_words_that_are_no_months_cost_little(monkeypatch):
    """Thousands of different words where a month should stand are looked up only so far, and are faults."""
    looked_up = []
    monkeypatch.setattr(dates, "_foreign_month", looked_up.append)
    values = [f"{first}{second}xq 2016" for first, second in itertools.product(string.ascii_lowercase, repeat=2)]
    assert len(read_dates(values).faults) == len(values)
    assert len(set(looked_up)) == dates.FOREIGN_WORDS < len(values)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=90), st.integers(), st.floats(), st.datetimes(), st.from_regex(r"[\d/.:T\- ]{4,20}")
        ),
        max_size=5,
    )
)
def test_anything_at_all_is_a_date_or_a_fault(values):
    """Whatever stands in the column, each cell is blank, a date between 1800 and tomorrow, or a fault."""
    dates = read_dates(values, "day-first")
    assert len(dates.days) == len(dates.precisions) == len(values)
    for i, day in enumerate(dates.days):
        assert (i in dates.faults) <= pd.isna(day)
        assert pd.isna(day) == (dates.precisions[i] == "")
        assert pd.isna(day) or (day.year >= 1800 and day == day.normalize() and day.tz is None)
