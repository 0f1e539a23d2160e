"""Check voices, verbs and speakers against sentences that were coded by hand."""

from pathlib import Path

import pandas as pd

from contrast.corpus import InputError, Problem, corpus_folder, read_rows, shown
from contrast.resampling import exact_share
from contrast.stance.reports import UNKNOWN
from contrast.stance.voices import VOICES
from contrast.text import text_hash

CODED = ("voice", "speaker", "reports")
COLUMNS = ("article_id", "sentence", "opening", "text_hash", *(f"{name}_{n}" for n in "12" for name in CODED), *CODED)
OPTIONAL = {name for name in COLUMNS if name.startswith(("speaker", "reports"))}


def read_coding(sentences: pd.DataFrame, folder: str | Path | None = None) -> pd.DataFrame:
    """
    Read the hand-coded sentences, and check that each is still the sentence that was coded.

    Parameters
    ----------
    sentences : DataFrame
    folder : path, optional
        The corpus folder, which may hold `coding/voices.csv`; the shipped one if not given.

    Returns
    -------
    DataFrame
        One row a coded sentence: `article_id`, `sentence`; `voice`, `speaker` and `reports` ("say = Lavrov; add =
        Lavrov"), each as the first and the second coder have it (`voice_1`, `voice_2`) and as agreed (`voice`). No row
        where the folder holds no coding.

    Raises
    ------
    InputError
        With every problem: a sentence that is not there or has changed, an unknown voice, a report that is no pair of
        verb and speaker, a row given twice.
    """
    path = corpus_folder(folder) / "coding" / "voices.csv"
    if not path.is_file():
        return pd.DataFrame(columns=[name for name in COLUMNS if name not in ("opening", "text_hash")])
    problems: list[Problem] = []
    rows = read_rows(path, COLUMNS, [name for name in COLUMNS if name not in OPTIONAL], problems)
    keys = zip(sentences["article_id"].astype(str), sentences["sentence"].astype(str), strict=True)
    hashes = dict(zip(keys, sentences["text"].map(text_hash), strict=True))
    seen: dict[tuple, int] = {}
    for number, row in rows:
        key = (row["article_id"], row["sentence"])
        if seen.setdefault(key, number) != number:
            problems.append(Problem(shown(path), number, f"{key} stands in row {seen[key]} too.", "Keep one."))
        if key not in hashes:
            problems.append(Problem(shown(path), number, f"there is no sentence {key}.", "Take the row out."))
        elif hashes[key] != row["text_hash"]:
            problems.append(Problem(shown(path), number, f"sentence {key} has changed.", "Code it anew."))
        for name in ("voice", "voice_1", "voice_2"):
            if row[name] not in VOICES:
                remedy = f"There are: {', '.join(VOICES)}."
                problems.append(Problem(shown(path), number, f"unknown {name} {row[name]!r}.", remedy))
        for name in ("reports", "reports_1", "reports_2"):
            for part in filter(None, map(str.strip, row[name].split(";"))):
                if not all(map(str.strip, part.partition(" = "))):
                    remedy = "Write VERB = SPEAKER, such as: say = Lavrov; add = Lavrov."
                    problems.append(Problem(shown(path), number, f"{name} holds {part!r}.", remedy))
    if problems:
        raise InputError(problems)
    table = pd.DataFrame([row for _, row in rows], columns=COLUMNS)
    return table.drop(columns=["opening", "text_hash"]).astype({"sentence": int})


def coders_agreement(coding: pd.DataFrame) -> pd.DataFrame:
    """
    Tell how often the two coders agree.

    Returns
    -------
    DataFrame
        One row a thing coded (`what`): `sentences`, `agreed`, `share` with `low`, `high` (95 %, Clopper and Pearson).
    """
    rows = [(name, len(coding), int((coding[f"{name}_1"] == coding[f"{name}_2"]).sum())) for name in CODED]
    table = pd.DataFrame(rows, columns=["what", "sentences", "agreed"])
    return table.join(exact_share(table["agreed"], table["sentences"]))


def check_rules(coding: pd.DataFrame, voices: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """
    Tell how often the rules say what the coders agreed on.

    Returns
    -------
    DataFrame
        One row a question (`what`): "verb" (is a verb found one that the coders have in that sentence), "speaker" (of a
        verb that is, is the speaker told theirs), "verb found" (of the coders' verbs), "voice" (is the voice of most of
        a sentence's words theirs; fragments count as reported); with `asked`, `right`, `share`, `low`, `high` (95 %,
        Clopper and Pearson) and `untold` (speakers not told, which are in neither).
    """
    found = verbs = named = right = untold = 0
    own = {
        key: list(zip(part["lemma"], part["speaker"], strict=True))
        for key, part in reports.groupby(["article_id", "sentence"])
    }
    coded = 0
    for row in coding.itertuples():
        theirs = [tuple(part.strip().split(" = ", 1)) for part in row.reports.split(";") if part.strip()]
        coded += len(theirs)
        for lemma, speaker in own.get((row.article_id, row.sentence), []):
            found += 1
            match = next((one for one in theirs if one[0] == lemma), None)
            if match:
                theirs.remove(match)
                verbs += 1
                untold += speaker == UNKNOWN
                named += speaker != UNKNOWN
                right += speaker == match[1]
    words = voices.assign(voice=voices["voice"].replace("fragment", "reported"))
    words = words.groupby(["article_id", "sentence", "voice"])["words"].sum().reset_index()
    main = words.sort_values(["words", "voice"]).drop_duplicates(["article_id", "sentence"], keep="last")
    same = coding.merge(main, on=["article_id", "sentence"], suffixes=("", "_ours"))
    agree = int((same["voice"] == same["voice_ours"]).sum())
    rows = [("verb", found, verbs, 0), ("speaker", named, right, untold), ("verb found", coded, verbs, 0)]
    table = pd.DataFrame([*rows, ("voice", len(same), agree, 0)], columns=["what", "asked", "right", "untold"])
    return table.join(exact_share(table["right"], table["asked"]))
