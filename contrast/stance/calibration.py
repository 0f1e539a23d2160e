"""What the comparison of outlets says where they have the same stance."""

import numpy as np
import pandas as pd

from contrast.progress import progress_bar
from contrast.resampling import LEVEL
from contrast.stance.matched import deal_within

SHUFFLED, OTHER_EVENTS = "outlets shuffled", "other events, same stance"
SHARES = {"attack": 0.7, "talks": 0.2}  # of condemning names, whoever reports


def simulate_stance(matters: int = 24, *, mix: float = 0.5, seed: int = 0) -> pd.DataFrame:
    """
    Make up counts of two outlets with the same stance, whose names depend on what happened.

    A matter is an attack or talks, half each; the share of condemning names is higher in reports of attacks. Each
    outlet has one to four articles on a matter, and of attacks North has `mix` of the extra ones.

    Parameters
    ----------
    matters : int
    mix : float
        0.5 for outlets that write of both alike, 1 for opposite mixes of events.
    seed : int

    Returns
    -------
    DataFrame
        One row an article: `article_id`, `outlet`, `count` (condemning names), `n` (names), `matter` (from 0).
    """
    random = np.random.default_rng(seed)
    rows = []
    for matter in range(matters):
        event = list(SHARES)[matter % 2]
        share = np.clip(random.normal(SHARES[event], 0.1), 0.02, 0.98)
        of_north = mix if event == "attack" else 1 - mix
        for outlet, more in (("North", of_north), ("South", 1 - of_north)):
            for number in range(1 + random.binomial(3, more)):
                n = 2 + random.poisson(6)
                count = random.binomial(n, random.beta(4 * share, 4 * (1 - share)))
                rows.append((f"{matter}-{outlet}-{number}", outlet, count, n, matter))
    return pd.DataFrame(rows, columns=["article_id", "outlet", "count", "n", "matter"])


def false_differences(*, repeats: int = 200, deals: int = 250, seed: int = 0) -> pd.DataFrame:
    """
    Compare outlets of the same stance again and again, within matters and without.

    Returns
    -------
    DataFrame
        One row a case (outlets shuffled within matters; opposite mixes of events) and way ("matched", "unmatched"):
        `case`, `way`, `called_different` (share of made-up corpora with p < .05: 5 % at most is right), `difference`
        (on average: 0 is right), `corpora`.
    """
    found = []
    for repeat in progress_bar("Comparing equal outlets", " corpora", over=range(repeats)):
        for case, mix in ((SHUFFLED, 0.5), (OTHER_EVENTS, 1.0)):
            made = simulate_stance(mix=mix, seed=seed + repeat)
            counts = made["count"].to_numpy(float), made["n"].to_numpy(float)
            is_a, matter = (made["outlet"] == "North").to_numpy(), made["matter"].to_numpy()
            for way, code in (("matched", matter), ("unmatched", 0 * matter)):
                difference, p = deal_within(*counts, is_a, code, seed=seed, deals=deals)
                found.append((case, way, p < 1 - LEVEL, difference))
    table = pd.DataFrame(found, columns=["case", "way", "called_different", "difference"])
    table = table.groupby(["case", "way"], sort=False).mean().reset_index()
    return table.assign(corpora=repeats)
