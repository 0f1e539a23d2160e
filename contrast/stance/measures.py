"""Count findings by outlet: rates and shares with intervals, and plain reasons where there is none."""

import numpy as np
import pandas as pd

from contrast.corpus import InputError, Problem
from contrast.resampling import rate_interval, unit_of_interval
from contrast.stance.reports import UNKNOWN
from contrast.stance.voices import SPOKEN
from contrast.wording import commonest
from contrast.words import WORDS_PER_UNIT

PER = ("words", "found")
FEW = 8  # findings of an outlet: with fewer a share of them has no interval
WEIGHTY = ("assertive", "factive")  # classes of verbs that lend weight to what is said
MEANINGS = {
    "naming": "condemning names among condemning and recognising ones",
    "attribution": "weighty verbs (stress, note) among the verbs of its speakers",
    "voice": "words of its speakers among all that are quoted or reported",
    "distance": "mentions with a cue of distance (so-called)",
    "polarity": "mean of hand-corrected scores, against to for",
}


def rates(found: pd.DataFrame, sentences: pd.DataFrame, key: str, *, per: str = "words") -> pd.DataFrame:
    """
    Count findings by outlet, with rates and their intervals.

    Parameters
    ----------
    found : DataFrame
        As `search.find_mentions`, `search.find_names` and the like give it.
    sentences : DataFrame
        All sentences searched.
    key : str
        The column to count by: `label`, `name`, `class` and so on.
    per : {"words", "found"}
        A rate per 1,000 words, or the share of all that was found in the outlet.

    Returns
    -------
    DataFrame
        One row an outlet and key, commonest key first: `count`, `articles` (that hold one), `rate` with `low` and
        `high` (95 %, over the `unit` told: articles, or sentences, which describe these texts alone). Where nothing was
        found `high` is 3 findings (the rule of three, Hanley and Lippman-Hand 1983); none where all units agree, and no
        share of fewer than `FEW` findings has an interval.

    Raises
    ------
    InputError
        If there is no such rate, or no such column.
    """
    if per not in PER:
        raise InputError([Problem("per", None, f"there is no rate per {per!r}.", f"Use {' or '.join(PER)}.")])
    if key not in found:
        remedy = f"There are: {', '.join(found)}."
        raise InputError([Problem("what was found", None, f"there is no column {key!r}.", remedy)])
    outlets = list(dict.fromkeys(sentences["outlet"]))
    keys = commonest(found[key]).index
    unit, by = _units(sentences)
    rows = []
    for outlet in outlets:
        units = sentences[sentences["outlet"] == outlet].groupby(by, sort=False)["words"].sum()
        part = found[found["outlet"] == outlet]
        table = part.groupby([*by, key]).size().unstack(fill_value=0).reindex(index=units.index, columns=keys)
        table = table.fillna(0)
        sizes = units if per == "words" else table.sum(axis=1)
        scale = WORDS_PER_UNIT if per == "words" else 1
        interval = rate_interval(table.to_numpy(), sizes.to_numpy(), are_shares=per == "found") * scale
        never = table.to_numpy().sum(axis=0) == 0
        interval.loc[never, ["low", "high"]] = [0, scale * 3 / max(sizes.sum(), 1)]
        if per == "found":
            interval["high"] = interval["high"].clip(upper=1)
            if sizes.sum() < FEW:
                interval[["low", "high"]] = np.nan
        articles = part.groupby(key)["article_id"].nunique().reindex(keys).fillna(0).astype(int)
        counts = table.sum().astype(int)
        columns = {key: keys, "count": counts.to_numpy(), "articles": articles.to_numpy()}
        rows.append(pd.DataFrame({"outlet": outlet, **columns}).join(interval))
    return pd.concat(rows, ignore_index=True).assign(unit=unit)


def name_shares(names: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """
    Tell how each outlet divides the uses of every choice set among its names.

    Returns
    -------
    DataFrame
        One row a choice set, name and outlet: `choice`, `name`, `class`, `outlet`, `count`, `n` (uses of the set by the
        outlet), `articles`, `share`, `low`, `high` (95 %), `unit`, `reason` (why there is no interval, or "").
    """
    parts = []
    for choice, part in names.groupby("choice", sort=False):
        table = rates(part, sentences, "name", per="found").rename(columns={"rate": "share"})
        table["n"] = table.groupby("outlet")["count"].transform("sum")
        classes = part.drop_duplicates("name").set_index("name")["class"]
        few = table["n"] < FEW
        is_lone = table["low"].isna()
        reasons = [f"fewer than {FEW} uses", "all uses agree", "all texts agree"]
        reason = np.select([few, is_lone & table["share"].isin([0, 1]), is_lone], reasons, "")
        parts.append(table.assign(choice=choice, reason=reason, **{"class": table["name"].map(classes)}))
    columns = ["choice", "name", "class", "outlet", "count", "n", "articles", "share", "low", "high", "unit", "reason"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def naming_index(names: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """
    Weigh condemning names against recognising ones: "regime" against "government".

    Returns
    -------
    DataFrame
        One row a choice set with names of either kind and an outlet: `choice`, `target`, `outlet`, `count`
        (condemning), `n` (condemning or recognising), `share` (missing without either), `low`, `high` (95 %;
        missing with fewer than `FEW`), `unit`.
    """
    parts = []
    for choice, part in names[names["class"] != "plain"].groupby("choice"):
        table = share_of(part, sentences, part["class"] == "condemning")
        parts.append(table.assign(choice=choice, target=part["target"].iloc[0]))
    columns = ["choice", "target", "outlet", "count", "n", "share", "low", "high", "unit"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def weighty_shares(reports: pd.DataFrame, sentences: pd.DataFrame, by: str = "speaker_bloc") -> pd.DataFrame:
    """
    Tell with which share of weighty verbs (`WEIGHTY`) each outlet reports the speakers of each bloc.

    Returns
    -------
    DataFrame
        One row a bloc, the most reported first, and an outlet: `by`, and the columns of `share_of`.
    """
    tables = []
    for bloc in commonest(reports[by]).index:
        part = reports[reports[by] == bloc]
        tables.append(share_of(part, sentences, part["class"].isin(WEIGHTY)).assign(**{by: bloc}))
    columns = [by, "outlet", "count", "n", "share", "low", "high", "unit"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)


def voice_shares(voices: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """
    Tell how many of each outlet's words stand in each voice.

    Returns
    -------
    DataFrame
        One row an outlet and voice: `outlet`, `voice`, `words`, `share`, `low`, `high` (95 % over the `unit` told).
    """
    return _word_shares(voices.assign(part=voices["voice"]), sentences).rename(columns={"part": "voice"})


def heard(voices: pd.DataFrame, mentions: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """
    Tell who speaks how much in each outlet, and who is named though no word is traced to them.

    Parameters
    ----------
    voices : DataFrame
        As `voices.find_voices` gives it.
    mentions : DataFrame
        As `search.find_mentions` gives it.
    sentences : DataFrame

    Returns
    -------
    DataFrame
        One row a target that is named, and an outlet: `outlet`, `label`, `bloc`, `mentions`, `stretches` (of text
        that are its speakers'), `quoted` and `reported` (words in these), `share` (of all words the outlet gives to
        anyone) with `low`, `high` (95 %), `unit`.
        Whoever can't be told is `UNKNOWN`, in the last row of each outlet.
    """
    labels = mentions.drop_duplicates("name").set_index("name")["label"]
    spoken = voices[voices["voice"].isin(SPOKEN)]
    spoken = spoken.assign(part=spoken["speaker"].map(labels).fillna(UNKNOWN))
    shares = _word_shares(spoken, sentences).set_index(["outlet", "part"])
    is_quoted = spoken["voice"] != "reported"
    words = spoken.assign(quoted=spoken["words"].where(is_quoted, 0), reported=spoken["words"].where(~is_quoted, 0))
    words = words.assign(stretches=1).groupby(["outlet", "part"])[["stretches", "quoted", "reported"]].sum()
    named = mentions.groupby(["outlet", "label"]).size()
    blocs = mentions.drop_duplicates("label").set_index("label")["bloc"]
    order = [*commonest(mentions["label"]).index, UNKNOWN]
    index = pd.MultiIndex.from_product([list(dict.fromkeys(sentences["outlet"])), order], names=["outlet", "label"])
    table = pd.DataFrame({"mentions": named.reindex(index, fill_value=0)}, index=index)
    table["bloc"] = index.get_level_values("label").map(blocs).fillna(UNKNOWN)
    words.index.names = shares.index.names = ["outlet", "label"]
    table = table.join(words).join(shares[["share", "low", "high", "unit"]])
    given = ["stretches", "quoted", "reported"]
    table = table.fillna(dict.fromkeys([*given, "share"], 0)).astype(dict.fromkeys(given, int)).reset_index()
    table["unit"] = table["unit"].ffill().bfill()
    columns = ["outlet", "label", "bloc", "mentions", *given, "share", "low", "high", "unit"]
    return table[columns]


def stance_cells(
    names: pd.DataFrame,
    reports: pd.DataFrame,
    evidence: pd.DataFrame,
    heard: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    polarity: pd.DataFrame | None = None,
    unreadable: tuple[str, ...] = (),
) -> pd.DataFrame:
    """
    Put the measures of every target and outlet side by side, and the reason where a cell is blank.

    Parameters
    ----------
    names, reports, evidence, heard, sentences : DataFrame
        As the functions of these names give them.
    polarity : DataFrame, optional
        As `polarity.corrected_means` gives it.
    unreadable : tuple of str
        Outlets whose quotation marks are lost: no voice is told.

    Returns
    -------
    DataFrame
        One row a target, outlet and measure: `label`, `outlet`, `measure`, `value`, `low`, `high`, `n` (what it is
        a share of: findings, stretches of all speakers, or sentences coded), `unit`, `reason` (why it is blank, or ""),
        `meaning` (what the value is).
    """
    heard = heard.set_index(["outlet", "label"])
    spoken = heard["stretches"].groupby("outlet").sum()
    rows = []
    for label, part in evidence.groupby("label", sort=False):
        about = names[(names["target"] == part["target"].iloc[0]) & (names["class"] != "plain")]
        chosen = share_of(about, sentences, about["class"] == "condemning").set_index("outlet")
        unused = "not used" if len(about) else "no such choice"
        said = reports[reports["speaker_label"] == label]
        weighty = share_of(said, sentences, said["class"].isin(WEIGHTY)).set_index("outlet")
        marked = share_of(part, sentences, part["mark"] != "").set_index("outlet")
        for outlet in dict.fromkeys(sentences["outlet"]):
            voice = heard.loc[(outlet, label)]
            silent = "quotation marks lost" if outlet in unreadable else "" if voice["stretches"] else "no word traced"
            rows.append((label, outlet, "naming", *_share(chosen.loc[outlet], unused)))
            rows.append((label, outlet, "attribution", *_share(weighty.loc[outlet], "no verb traced")))
            rows.append((label, outlet, "voice", *_cell(voice, int(spoken[outlet]), silent)))
            rows.append((label, outlet, "distance", *_share(marked.loc[outlet], "not named")))
            rows.append((label, outlet, "polarity", *_polarity(polarity, label, outlet)))
    columns = ["label", "outlet", "measure", "value", "low", "high", "n", "unit", "reason"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(meaning=table["measure"].map(MEANINGS))


def _cell(row, n, reason):
    """Give value, interval, n, unit and reason of a cell; blank where there is a reason."""
    if reason:
        return np.nan, np.nan, np.nan, n, "", reason
    return row["share"], row["low"], row["high"], n, row["unit"], ""


def _share(row, without):
    """Give the cell of a share of findings; blank where there is none."""
    return _cell(row, int(row["n"]), "" if row["n"] else without)


def _polarity(table, label, outlet):
    row = [] if table is None else table[(table["label"] == label) & (table["outlet"] == outlet)].to_dict("records")
    if not row or not row[0]["coded"]:
        return np.nan, np.nan, np.nan, 0, "", "not coded"
    one = row[0]
    return one["mean"], one["low"], one["high"], int(one["coded"]), "article", one["reason"]


def share_of(found: pd.DataFrame, sentences: pd.DataFrame, is_counted: pd.Series) -> pd.DataFrame:
    """
    Give the share of each outlet's findings that is counted.

    Returns
    -------
    DataFrame
        One row an outlet: `outlet`, `count`, `n` (its findings), `share`, `low`, `high` (95 %; missing with fewer than
        `FEW` findings), `unit`.
    """
    unit, by = _units(sentences)
    each = found.assign(part=np.asarray(is_counted)).groupby(["outlet", *by])["part"].agg(["sum", "size"])
    rows = []
    for outlet in dict.fromkeys(sentences["outlet"]):
        part = each[each.index.get_level_values("outlet") == outlet]
        count, n = int(part["sum"].sum()), int(part["size"].sum())
        low, high = np.nan, np.nan
        if n >= FEW:
            interval = rate_interval(part[["sum"]].to_numpy(float), part["size"].to_numpy(float), are_shares=True)
            low, high = interval.loc[0, ["low", "high"]]
        rows.append((outlet, count, n, count / n if n else np.nan, low, high))
    table = pd.DataFrame(rows, columns=["outlet", "count", "n", "share", "low", "high"])
    margin = (3 / table["n"].clip(lower=3)).where(table["n"] > 0)  # the rule of three, where all findings agree
    none, every = table["count"] == 0, table["count"] == table["n"]
    table["low"] = np.select([none, every], [0, 1 - margin], table["low"])
    table["high"] = np.select([none, every], [margin, 1], table["high"])
    table.loc[table["n"] < FEW, ["low", "high"]] = np.nan
    return table.assign(unit=unit)


def _units(sentences):
    """Give the unit of every interval, and the columns that tell one from another."""
    unit = unit_of_interval(sentences.groupby("outlet")["article_id"].nunique())
    return unit, ["article_id"] if unit == "article" else ["article_id", "sentence"]


def _word_shares(stretches, sentences):
    """Give the share of words of each `part` by outlet, of all the stretches given."""
    unit, by = _units(sentences)
    parts = sorted(stretches["part"].unique())
    rows = []
    for outlet in dict.fromkeys(sentences["outlet"]):
        own = stretches[stretches["outlet"] == outlet]
        table = own.groupby([*by, "part"])["words"].sum().unstack(fill_value=0).reindex(columns=parts, fill_value=0)
        if not len(table):
            continue
        sizes = table.sum(axis=1)
        table, sizes = table[sizes > 0], sizes[sizes > 0]
        interval = rate_interval(table.to_numpy(float), sizes.to_numpy(float), are_shares=True)
        words = table.sum().to_numpy()
        rows.append(pd.DataFrame({"outlet": outlet, "part": parts, "words": words}).join(interval))
    columns = ["outlet", "part", "words", "rate", "low", "high"]
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    return table.rename(columns={"rate": "share"}).assign(unit=unit)
