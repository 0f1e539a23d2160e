"""Draw the words of each topic."""

import pandas as pd
from matplotlib.figure import Figure

from contrast.figures.style import BAR, BODY, MUTED, PALE_BAR, SMALL, Page
from contrast.figures.wording import in_words


def topic_words(
    terms: pd.DataFrame, names: dict[int, str], lines: dict[int, str], source: str, *, caveat: str
) -> Figure:
    """
    Draw the words that mark each topic: a panel a topic, dark for the use that falls to it, light for the rest.

    Parameters
    ----------
    terms : DataFrame
        As `topics.topic_terms` gives it.
    names, lines : dict
        Topic -> its heading, and a line under that.
    source, caveat : str
        The caveat ends the subtitle.
    """
    count = terms["topic"].nunique()
    title = f"{in_words(count).capitalize()} topics, by the words that mark them"
    light = "Dark: the part that falls to the topic. " if (terms["exclusivity"] < 0.99).any() else ""
    subtitle = f"Uses of each word in the corpus. {light}{caveat}"
    panels = [(topic, part) for topic, part in terms.groupby("topic")]
    alt = f"Bar panels of {count} topics. " + " ".join(
        f"“{names[topic]}”: {', '.join(part['printed'].head(4))}." for topic, part in panels
    )
    row, head, gap = 0.21, 0.5, 0.26
    panel = head + row * terms.groupby("topic").size().max() + gap
    page = Page(title, subtitle, source, alt, panel * ((count + 1) // 2) - gap + 0.05)
    column = (page.width - 0.35) / 2
    longest = page.column(terms["printed"], BODY, "normal", least=0.5, most=0.55 * column)
    most = terms["count"].max()
    for number, (topic, part) in enumerate(panels):
        x = (number % 2) * (column + 0.35)
        y = page.body - (number // 2) * panel
        page.write(x, y - 0.12, page.shorten(names[topic], 11.5, column, "bold"), size=11.5, weight="bold")
        page.write(x, y - 0.32, page.shorten(lines[topic], SMALL, column), size=SMALL, colour=MUTED)
        axes = page.axes(x + longest, y - head - row * len(part), column - longest - 0.3, row * len(part))
        axes.set_xlim(0, most)
        axes.set_ylim(-0.5, len(part) - 0.5)
        for place, word in enumerate(part.itertuples()):
            level = len(part) - 1 - place
            axes.barh(level, word.count, height=0.68, color=PALE_BAR)
            axes.barh(level, word.count * word.exclusivity, height=0.68, color=BAR)
            at = y - head - row * (place + 0.5)
            printed = page.shorten(word.printed, BODY, longest - 0.1)
            page.write(x + longest - 0.08, at, printed, size=BODY, align="right")
            end = x + longest + (column - longest - 0.3) * word.count / most
            page.write(end + 0.06, at, str(word.count), size=SMALL, colour=MUTED)
    return page.figure
