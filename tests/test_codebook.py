"""The codebook reads, is refused with every fault told, and matches what a reader would match."""

import csv
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from contrast.codebook import COLUMNS, read_codebook
from contrast.corpus import ROOT, InputError
from contrast.stance import find_distance_marks, find_mentions, find_names, find_reports
from contrast.text import sentences


@pytest.fixture
def folder(tmp_path):
    """Give a corpus folder with a copy of the shipped codebook that a test may spoil."""
    shutil.copytree(ROOT / "corpus/codebook", tmp_path / "codebook")
    return tmp_path


@pytest.fixture(scope="module")
def codebook():
    """Give the shipped codebook."""
    return read_codebook()


def edit(folder, file, old, new):
    path = folder / "codebook" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8", newline="")


def append(folder, file, row):
    """Add a row to a table of the codebook and give its number."""
    path = folder / "codebook" / file
    text = path.read_text("utf-8").rstrip("\n") + f"\n{row}\n"
    path.write_text(text, "utf-8", newline="")
    return text.count("\n")


def problems_in(folder):
    with pytest.raises(InputError) as caught:
        read_codebook(folder)
    return caught.value.problems.assign(file=lambda table: table["file"].map(lambda file: Path(file).name))


def assert_only_problem(folder, file, row, problem, remedy):
    found = problems_in(folder)
    assert len(found) == 1
    assert found.loc[0, "file"] == file
    assert pd.isna(found.loc[0, "row"]) if row is None else found.loc[0, "row"] == row
    assert problem in found.loc[0, "problem"]
    assert remedy in found.loc[0, "remedy"]


def sentences_of(text):
    return sentences(pd.DataFrame({"outlet": ["The Daily"], "text": [text]}, index=pd.Index(["a"], name="article_id")))


# Reading


def test_shipped_codebook_reads(codebook):
    """The shipped codebook has its tables, none empty, with their columns and every pattern compiled."""
    assert codebook._fields == tuple(COLUMNS)
    for name, table in codebook._asdict().items():
        assert tuple(table.columns) == COLUMNS[name]
        assert len(table) > 0
    patterns = [*codebook.targets["pattern"], *codebook.naming["pattern"], *codebook.verbs["forms"]]
    assert all(pattern.search("zzz") is None for pattern in [*patterns, *codebook.distancing["pattern"]])


def test_empty_cell_is_no_pattern(codebook):
    """Where nothing is excluded there is no pattern, rather than one that matches everything."""
    turkey = codebook.targets.set_index("name").loc["Turkey"]
    assert turkey["exclude"] is None
    assert codebook.targets["exclude"].map(bool).sum() < len(codebook.targets)


def test_folder_without_codebook_gets_the_shipped_one(tmp_path, codebook):
    """A corpus folder without a codebook of its own is read with the shipped one."""
    assert read_codebook(tmp_path).targets["label"].tolist() == codebook.targets["label"].tolist()


def test_own_codebook_is_used(folder):
    """A corpus folder's own codebook is used, row for row."""
    append(folder, "targets.csv", "mars,Mars,,Mars,country,Mars,,,,")
    mentions = find_mentions(sentences_of("Mars and Turkey agreed."), read_codebook(folder))
    assert mentions["label"].tolist() == ["Mars", "Turkey"]


def test_a_blank_in_a_pattern_may_be_escaped(folder):
    """A blank stands for any white space, with or without a backslash before it."""
    append(folder, "targets.csv", "mars,Mars,,Mars,country,Red\\ Planet,,,,")
    found = find_mentions(sentences_of("The Red Planet spoke."), read_codebook(folder))
    assert found["variant"].tolist() == ["Red Planet"]


def test_corpus_folder_that_is_not_there_is_told(tmp_path):
    """The shipped codebook does not stand in for a folder whose name is mistyped."""
    with pytest.raises(InputError, match="this folder is not there"):
        read_codebook(tmp_path / "corpsu")


def test_choice_of_names_about_no_target_is_told(folder):
    """A choice set may be about a target of the codebook alone."""
    row = append(folder, "naming.csv", "planets,pluto,red,plain,Mars,,")
    assert_only_problem(folder, "naming.csv", row, "unknown target 'pluto'", "Name one of targets.csv")


def test_a_target_may_be_written_in_any_case(folder):
    """With `case` any, capitals make no difference; a target without a bloc is its own."""
    append(folder, "targets.csv", "mars,Mars,,Mars,country,Mars,,any,MARS,")
    mentions = find_mentions(sentences_of("MARS and mars, but not TURKEY."), read_codebook(folder))
    assert mentions[["variant", "bloc"]].to_numpy().tolist() == [["MARS", "Mars"], ["mars", "Mars"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_codebook_saved_by_a_spreadsheet_is_read(folder, codebook, end):
    """A byte-order mark and any kind of line end change nothing."""
    path = folder / "codebook/verbs.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_text("utf-8").replace("\n", end).encode())
    read, expected = (book.verbs["forms"].map(lambda form: form.pattern) for book in (read_codebook(folder), codebook))
    assert read.tolist() == expected.tolist()


# Faults


@pytest.mark.parametrize(
    ("file", "row", "problem", "remedy"),
    [
        (
            "targets.csv",
            "x,X,,X,country,(Mars,,,,",
            "pattern '(Mars' is no regular expression: missing )",
            "a backslash",
        ),
        ("targets.csv", "x,X,,X,country,Mars,[a,,,", "exclude '[a' is no regular expression", "a backslash before it"),
        (
            "naming.csv",
            "planets,,red,plain,Mars**,,",
            "pattern 'Mars**' is no regular expression",
            "a backslash before it",
        ),
        ("targets.csv", "x,X,,X,country,(?a)(?u)Mars,,,,", "is no regular expression: ", "Mend it"),
        ("targets.csv", "x,X,,X,country,(?R),,,,", "is no regular expression: it calls itself", "Mend it"),
        ("targets.csv", "x,X,,X,country,(X|(?1)),,,,", "is no regular expression: it calls itself", "Mend it"),
        ("verbs.csv", "shout,+shouts,neutral,,", "forms '+shouts' is no regular expression", "a backslash"),
        ("verbs.csv", "shout,shouts,neutral,(,", "guard '(' is no regular expression", "a bracket"),
        ("distancing.csv", "x,seemingly(,,", "pattern 'seemingly(' is no regular expression", "a bracket"),
        ("targets.csv", "x,X,,X,planet,Mars,,,,", "unknown kind 'planet'", "There are: country, capital, people,"),
        ("verbs.csv", "shout,shouts,loud,,", "unknown class 'loud'", "There are: neutral, assertive,"),
        ("seeds.csv", "calm,2,", "unknown polarity '2'", "There are: 1, -1."),
        ("stopwords.csv", "zap,noise", "unknown kind 'noise'", "There are: article, preposition,"),
        ("stopwords.csv", "an,article", "'an' stands in row 3 too", "Keep one"),
        ("targets.csv", "x,X,,X,country,Putins|Ankara,,,,", "'Ankara', of 'x', stands in row", "one of them"),
        ("targets.csv", "turkey,Turkey,,Capital,capital,Ankara,,,,", "'Ankara', of 'turkey', stands in row", "one"),
        ("targets.csv", "x,X,,X,country,Mars | Ankara,,,,", "'Ankara', of 'x', stands in row", "one of them"),
        (
            "targets.csv",
            "x,X,,X,country,(?:Ankara|Mars),,,,",
            "'Ankara' is matched by row 25 too, of 'turkey'",
            "one of",
        ),
        ("targets.csv", "x,X,,Ankara,country,Ankaras?,,,,", "'Ankara' is matched by row 25 too, of 'turkey'", "one of"),
        ("targets.csv", "x,X,,X,country,Ank?ara,,,,", "'Ankara' is matched by row 25 too, of 'turkey'", "one of them"),
        ("targets.csv", "x,X,,X,country,ankara,,any,,", "'ankara', of 'x', stands in row", "one of them"),
        (
            "targets.csv",
            "turkey,Türkiye,,X,country,Mars,,,,",
            "'turkey' is labelled 'Türkiye', and 'Turkey' in",
            "one label",
        ),
        ("verbs.csv", "utter,utters|said,neutral,,", "'said', of 'utter', stands in row 2 too, of 'say'", "one of"),
        ("naming.csv", "the truce,,lull,plain,[Cc]easefires?,,", "of 'the truce / lull', stands in row", "one of"),
        ("distancing.csv", "x,reportedly,,", "'reportedly', of 'x', stands in row", "one of them"),
        ("verbs.csv", "utter,,neutral,,", "forms is empty", "Fill it in"),
        ("targets.csv", "x,,,X,country,Mars,,,,", "label is empty", "Fill it in"),
        ("phrases.csv", "Lavrov,", "'Lavrov' is not several words", "Write two or more"),
        ("phrases.csv", "united Nations,", "'united Nations' stands in row 3 too", "Keep one"),
        ("stopwords.csv", "zap,adverb,x", "3 cells under 2 columns", "quotation marks"),
    ],
)
def test_bad_row_is_told_with_row_and_remedy(folder, file, row, problem, remedy):
    """A bad row of the codebook is told with its file and number, what is wrong, and what mends it."""
    assert_only_problem(folder, file, append(folder, file, row), problem, remedy)


@pytest.mark.parametrize("pattern", ["Mars|", "|Mars", "(?:Mars)?", "Mars)|(?:Venus"])
def test_pattern_that_cannot_be_meant_is_told(folder, pattern):
    """A pattern that matches no word at all, or closes a bracket it did not open, is refused like a bad one."""
    assert_only_problem(
        folder, "targets.csv", append(folder, "targets.csv", f"x,X,,X,country,{pattern},,,,"), pattern, ""
    )


def test_verb_form_under_two_lemmas_is_told_in_any_case(folder):
    """As verbs match in any case, a form that stands under two lemmas is told in any case too."""
    row = append(folder, "verbs.csv", "utter,utters|Said,neutral,,")
    assert_only_problem(folder, "verbs.csv", row, "of 'utter', stands in row 2 too", "Keep it in one of them.")


def test_same_name_in_two_choice_sets_is_fine(folder):
    """One alias may stand in two choice sets: each set is a choice of its own."""
    append(folder, "naming.csv", "the weather,,calm,plain,[Tt]ruces?|lulls? in violence,,")
    names = read_codebook(folder).naming
    assert names.loc[names["choice"] == "the weather", "name"].tolist() == ["calm"]


def test_bar_inside_brackets_parts_no_aliases(folder):
    """Two patterns may share a word inside their brackets: the alias is the whole, up to a bar outside them."""
    append(folder, "targets.csv", "mars,Mars,,Mars,country,(?:Big|Red) Mars,,,,")
    append(folder, "targets.csv", "moon,Moon,,Moon,country,(?:Big|New) Moon,,,,")
    found = find_mentions(sentences_of("Big Mars, New Moon, Red Moon."), read_codebook(folder))
    assert found["label"].tolist() == ["Mars", "Moon"]


@pytest.mark.parametrize("name", COLUMNS)
def test_missing_table_is_told(folder, name):
    """A table that is not in the codebook's folder is told by its name."""
    (folder / "codebook" / f"{name}.csv").unlink()
    assert_only_problem(folder, f"{name}.csv", None, "this file is not there", "Put it there")


@pytest.mark.parametrize(
    ("file", "old", "new", "problem", "remedy"),
    [
        ("targets.csv", ",note", ",remark", "unknown column 'remark'", "There are: target, label, bloc, name"),
        ("stopwords.csv", "word,kind", "word,kind,knd", "unknown column 'knd'", "Did you mean 'kind'?"),
        ("naming.csv", "exclude,note", "exclude,exclude", "column 'exclude' stands twice", "Keep one"),
    ],
)
def test_bad_header_is_told(folder, file, old, new, problem, remedy):
    """An unknown or doubled column is told in row 1, with the columns there are."""
    edit(folder, file, old, new)
    assert_only_problem(folder, file, 1, problem, remedy)


def test_missing_column_is_told(folder):
    """A table without a column that must be filled is told in row 1; `exclude` and `note` may be left out."""
    (folder / "codebook/distancing.csv").write_text("mark\nso-called\n", "utf-8")
    assert_only_problem(folder, "distancing.csv", 1, "column 'pattern' is missing", "Add it to the first row.")
    (folder / "codebook/distancing.csv").write_text("mark,pattern\nso-called,so-called\n", "utf-8")
    assert read_codebook(folder).distancing["exclude"].tolist() == [None]


def test_other_encoding_is_told(folder):
    """A table that is not UTF-8 is told with the first byte that is not."""
    (folder / "codebook/naming.csv").write_bytes(b"choice,name,pattern\nD\xe9j\xe0,a,b\n")
    assert_only_problem(folder, "naming.csv", None, "byte 22 (0xe9) is not UTF-8", "Save the file as UTF-8.")


def test_all_problems_come_at_once(folder):
    """Several faults, in several tables, are all in one error: with file and row in its table and in its message."""
    places = {
        ("targets.csv", append(folder, "targets.csv", "x,X,,X,planet,(Mars,,,,")),
        ("verbs.csv", append(folder, "verbs.csv", "utter,said,loud,,")),
        ("stopwords.csv", append(folder, "stopwords.csv", "the,article")),
    }
    with pytest.raises(InputError) as caught:
        read_codebook(folder)
    table = caught.value.problems
    assert {(Path(file).name, row) for file, row in zip(table["file"], table["row"], strict=True)} == places
    assert table["problem"].str.startswith(("unknown", "pattern", "'said'", "'the'")).sum() == len(table) == 5
    assert all(text in str(caught.value) for text in [*table["problem"], *table["remedy"], "5 problems"])


# What a pattern matches


@pytest.mark.parametrize("text", ["pro-Red Planet", "Red\u00a0Planet", "Red \t Planet", "Red\u2009Planet’s,"])
def test_blank_matches_any_white_space(folder, text):
    """A blank in a pattern stands for any white space, the no-break space of SANA's datelines included."""
    append(folder, "targets.csv", "x,X,,X,country,Red Planet,,,,")
    assert read_codebook(folder).targets["pattern"].iloc[-1].search(text)


@pytest.mark.parametrize("text", ["Red Planets", "Red Planet2", "RedPlanet", "red planet", "ЯRed Planet"])
def test_pattern_matches_whole_words_alone(folder, text):
    """A pattern does not match inside a longer word or number, in any alphabet, or in another case."""
    append(folder, "targets.csv", "x,X,,X,country,Red Planet,,,,")
    assert read_codebook(folder).targets["pattern"].iloc[-1].search(text) is None


def test_targets_keep_their_case_and_verbs_do_not(codebook):
    """The pronoun "us" is no United States, while "According to" and "SAID" are verbs like "said"."""
    found = sentences_of("According to Obama, the US told us so. HE SAID SO.")
    assert find_mentions(found, codebook)["variant"].tolist() == ["Obama", "US"]
    assert find_reports(found, codebook)["lemma"].tolist() == ["say", "tell", "say"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Islamic State in Iraq and Syria (ISIS) and others", ["Islamic State in Iraq and Syria (ISIS)"]),
        ("ISIS and Jabhat al-Nusra", ["ISIS", "Jabhat al-Nusra"]),
        ("Jabhat al-Nusra Front, the Nusra Front and ISIL", ["Jabhat al-Nusra Front", "Nusra Front", "ISIL"]),
        ("Russian Foreign Minister Sergey Lavrov spoke", ["Russian Foreign Minister Sergey Lavrov"]),
        ("Foreign Minister Sergei Lavrov’s remarks", ["Foreign Minister Sergei Lavrov"]),
        ("Russia’s Foreign Minister went on", ["Russia’s Foreign Minister"]),
        ("UN Special Envoy for Syria Staffan de Mistura left", ["UN Special Envoy for Syria Staffan de Mistura"]),
        ("UN special envoy Staffan de Mistura left", ["UN special envoy Staffan de Mistura"]),
        ("the UN Security Council met", ["UN Security Council"]),
        ("the UN Human Rights Council met", ["UN Human Rights Council"]),
        ("a Security Council mandate for the UN", ["Security Council", "UN"]),
        ("UN-backed and US-led", ["UN", "US"]),
        ("U.S. troops and the U.N. envoy", ["U.S.", "U.N."]),
        ("the moderate Syrian opposition groups", ["moderate Syrian opposition groups"]),
        ("the Free Syrian Army and the Syrian Arab Army", ["Free Syrian Army", "Syrian Arab Army"]),
        ("the Assad regime and Bashar al-Assad", ["Assad regime", "Bashar al-Assad"]),
        ("Erdogan, Recep Tayyip Erdoğan", ["Erdogan", "Recep Tayyip Erdoğan"]),
        ("Syrian-Turkish borders", ["Turkish"]),
        ("Moscow is convinced; Ankara and Damascus are not", ["Moscow", "Ankara", "Damascus"]),
        ("the Moscow-brokered second round of Moscow talks", []),
        ("the Russian capital, the Russian city of Kazan", []),
        ("the Moscow process and the “Moscow Principles”", []),
        ("talks held in Cairo, Paris, Stockholm and Damascus as well", []),
        ("the Iranian Foreign Minister Mohammad Jawad Zarif", []),
        ("USSR, UNESCO, UNICEF, AUS, Turkeys, Syrian, Obamacare, Prussia, IS, us, un, turkey", []),
    ],
)
def test_targets_are_what_a_reader_would_name(codebook, text, expected):
    """A title goes with its name, a short form in brackets with its long one, and a part of another name is none."""
    assert find_mentions(sentences_of(text), codebook)["variant"].tolist() == expected


@pytest.mark.parametrize("city", ["Moscow", "Washington", "Damascus", "Ankara"])
def test_capital_as_a_place_is_no_mention_of_the_state(codebook, city):
    """A capital with "in" before it says where, also at the head of a sentence; without it, it says who."""
    found = find_mentions(sentences_of(f"In {city}, they met. They met in {city}. They met as {city} says."), codebook)
    assert found["sentence"].tolist() == [2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a bomb claiming the lives of ten", []),
        ("It claimed responsibility, claiming victory.", ["claim"]),
        ("He warned against any calls for war.", ["warn"]),
        ("He calls for peace and called on all.", ["call for", "call for"]),
        ("The truce will be announced; the minister announced it.", ["announce"]),
        ("There is evidence confirming it, he confirmed.", ["confirm"]),
        ("It was added to the demands of the group.", []),
        ("He is said to speak of many states, unsaid.", []),
        ("He noted, stressing, and pointed\u00a0out.", ["note", "stress", "point out"]),
    ],
)
def test_reporting_verbs_are_those_that_report(codebook, text, expected):
    """A guard keeps out uses that report nothing, and a verb inside a longer word is none."""
    assert find_reports(sentences_of(text), codebook)["lemma"].tolist() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a regime change, the regime", ["regime"]),
        ("Cease-fires, local lulls in violence, the truce", ["ceasefire", "truce", "truce"]),
        ("cessation and hostilities", ["cessation of hostilities"]),
        ("terrorism, extremism, anti-terrorist, Terrorists", ["terrorist", "terrorist"]),
        ("a gunman and gunmen of armed groups", ["gunman", "gunman", "armed group"]),
        ("fighting fighters; the Security zone, a security zone", ["fighter", "security zones"]),
    ],
)
def test_names_are_the_choices_an_outlet_made(codebook, text, expected):
    """A name counts in singular and plural, and not where it is part of another word or phrase."""
    assert find_names(sentences_of(text), codebook)["name"].tolist() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So-called experts", ["so-called"]),
        ("what he called peace, what Lavrov described as war", ["what … called", "what … called"]),
        ("he called it peace", []),
        ("Allegedly the alleged allegation reportedly fell", ["alleged", "alleged", "reportedly"]),
    ],
)
def test_marks_of_distance_are_cues_alone(codebook, text, expected):
    """A cue is found in any case, and a plain word beside it is none."""
    assert find_distance_marks(sentences_of(text), codebook)["mark"].tolist() == expected


def test_every_plain_alias_is_found_as_its_own_name(codebook):
    """Each alias of the shipped targets that is typed without signs is one mention, of the name it stands under."""
    with (ROOT / "corpus/codebook/targets.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "(" not in row["pattern"]]
    pairs = [(alias, row["name"]) for row in rows for alias in row["pattern"].split("|")]
    plain = [(alias, name) for alias, name in pairs if re.fullmatch(r"[\w -]+", alias)]
    assert len(plain) > 10
    for alias, name in plain:
        found = find_mentions(sentences_of(f"Yesterday {alias} spoke."), codebook)
        assert found[["variant", "name"]].values.tolist() == [[alias, name]]
