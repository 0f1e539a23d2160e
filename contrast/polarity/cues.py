"""What a sentence says around a mention: its two sides, its clause, and the role that the target plays in it.

The mention itself is never seen, so that a name that praises or blames is not counted as tone too.
"""

from itertools import pairwise

import regex

from contrast.polarity.lexicon import MASK, tone_by_sign, valences, without_names
from contrast.words import words

CLOSE, PAIRED = 3, 6  # words on a side that are marked as close to the mention, and that are marked in pairs
CLAUSE_END = regex.compile(r'[;\n—–()“”"«»]|\b(?:but|while|although|though|whereas)\b')
OWNER = regex.compile(r"^['’]s?\b")
ENDING = regex.compile(r"(?:['’]s|ations?|ingly|edly|ing|ies|ors?|ers?|ed|es|ly|s|e|y)$")
STEM = 3  # letters that are left at least

SAY = (
    "said|says?|saying|told|tells|add(?:s|ed)|stat(?:es|ed)|wr(?:ote|ites)|tweeted|explain(?:s|ed)|not(?:es|ed)|"
    "announce[sd]|ask(?:s|ed)|argue[sd]|insist(?:s|ed)|claim(?:s|ed)|warn(?:s|ed)|acknowledge[sd]|repl(?:ies|ied)|"
    "respond(?:s|ed)|testif(?:ies|ied)|recall(?:s|ed)|confirm(?:s|ed)|vow(?:s|ed)|pledge[sd]|suggest(?:s|ed)|"
    "stress(?:es|ed)|declare[sd]"
)
ATTACK = (
    "accus(?:e|es|ed|ing)|criti[cs]i[sz](?:e|es|ed|ing)|attack(?:s|ed|ing)?|slam(?:s|med|ming)?|blast(?:s|ed|ing)?|"
    "condemn(?:s|ed|ing)?|blam(?:e|es|ed|ing)|mock(?:s|ed|ing)?|denounc(?:e|es|ed|ing)|su(?:e|es|ed|ing)|"
    "fir(?:e|es|ed|ing)|oppos(?:e|es|ed|ing)|charg(?:e|es|ed|ing)|indict(?:s|ed|ing)?|arrest(?:s|ed|ing)?|"
    "rebuk(?:e|es|ed|ing)|impeach(?:es|ed|ing)?|ridicul(?:e|es|ed|ing)|threaten(?:s|ed|ing)?|reject(?:s|ed|ing)?|"
    "target(?:s|ed|ing)?|investigat(?:e|es|ed|ing)|defeat(?:s|ed|ing)?|beat(?:s|ing)?|against"
)
PRAISE = (
    "prais(?:e|es|ed|ing)|endors(?:e|es|ed|ing)|back(?:s|ed|ing)?|support(?:s|ed|ing)?|thank(?:s|ed|ing)?|"
    "hail(?:s|ed|ing)?|welcom(?:e|es|ed|ing)|applaud(?:s|ed|ing)?|defend(?:s|ed|ing)?|honou?r(?:s|ed|ing)?|"
    "congratulat(?:e|es|ed|ing)|commend(?:s|ed|ing)?|admir(?:e|es|ed|ing)|trust(?:s|ed|ing)?|love[sd]?"
)
TITLE = r"(?: [\w.]+){0,3} $"  # "President " before the mention
ASIDE = r"^(?:,[^,]{0,60},)? "  # ", the minister," after it
HELPERS = r"(?:\w+ly |also |has |have |had |later |then |who )*"
PASSIVE = r"(?:\w+ ){0,3}(?:was|were|is|are|been|being|be|got) (?:\w+ly )?"
LEFT = {
    "told after": rf"\b(?:{SAY}|according to){TITLE}",
    "attacked": rf"\b(?:{ATTACK}){TITLE}",
    "praised": rf"\b(?:{PRAISE}){TITLE}",
    "first": r"^\W*$",
    "quoted": r'“[^”]*$|^[^"]*"(?:[^"]*"[^"]*")*[^"]*$',
    "if": r"\b[Ii]f\b[^,]*$",
    **{word: rf"\b{word}(?: [\w.]+){{0,2}} $" for word in ("by", "with", "of", "for", "to", "in")},
}
RIGHT = {
    "speaker": rf"{ASIDE}{HELPERS}(?:{SAY})\b",
    "was attacked": rf"{ASIDE}{PASSIVE}(?:{ATTACK})\b",
    "was praised": rf"{ASIDE}{PASSIVE}(?:{PRAISE})\b",
    "attacks": rf"{ASIDE}{HELPERS}(?:{ATTACK})\b",
    "praises": rf"{ASIDE}{HELPERS}(?:{PRAISE})\b",
    "negated": r"^(?: \w+){0,3} (?:not|never|no|\w+n['’]t|fail(?:s|ed)|refuse[sd])\b",
    "should": r"^ (?:should|must|would|could|might|may|needs to|has to)\b",
    "is": r"^ (?:is|was|are|were)\b",
    "owner": OWNER.pattern,
    "joined": r"^,? (?:and|or) ",
    "comma": r"^,",
    "bracket": r"^ ?\(",
    "last": r"^\W*$",
}
CUES = [
    (name, side, regex.compile(pattern)) for side, part in ((0, LEFT), (1, RIGHT)) for name, pattern in part.items()
]


def sides(text: str, at: int, to: int) -> tuple[str, str]:
    """
    Give what stands left and right of a mention, with every other printing of the same name masked.

    >>> sides("Bad as Russia is, Russia won.", 7, 13)
    ('Bad as ', ' is, _ won.')
    """
    name = regex.compile(rf"(?<!\w){regex.escape(text[at:to])}(?!\w)")
    return name.sub(MASK, text[:at]), name.sub(MASK, text[to:])


def clause(left: str, right: str) -> tuple[str, str]:
    """
    Cut the sides of a mention down to its clause: no quotation mark, bracket, dash, semicolon, "but" or "while" inside.

    >>> clause("It failed; yet ", " won – at last")
    (' yet ', ' won ')
    """
    return CLAUSE_END.split(left)[-1], CLAUSE_END.split(right)[0]


def roles(left: str, right: str) -> set[str]:
    """
    Tell which rules of `LEFT` and `RIGHT` hold: whether the target speaks, is attacked or praised, attacks, and so on.

    >>> sorted(roles("Critics attacked President ", ", who said no more."))
    ['attacked', 'comma']
    """
    return {name for name, side, pattern in CUES if pattern.search((left, right)[side])}


def features(text: str, at: int, to: int) -> dict[str, float]:
    """
    Describe the sentence around a mention.

    Returns
    -------
    dict
        - `role NAME`: 1 for each of `roles`
        - `sentence L+`, `L-`, `R+`, `R-`: tone of the words on a side, good and bad, by VADER's lexicon, near ones
          more; `clause L+` and so on: the same in the clause, without names and `NO_TONE`
        - `S_word`: a word of the sentence; `L_word`, `R_word`: of the clause, by its side; `LL_word`, `RR_word`: of the
          `CLOSE` next to the mention; `L_a b`, `R_a b`: a pair among the `PAIRED` next to it; without their endings
    """
    left, right = sides(text, at, to)
    near = clause(left, right)
    nameless = clause(without_names(left), without_names(right))
    found = {f"role {name}": 1.0 for name in roles(left, right)}
    for part, texts, valence in (
        ("sentence", (left, right), valences()),
        ("clause", nameless, valences(in_news=True)),
    ):
        for side, spoken in zip("LR", _outward(*texts), strict=True):
            found[f"{part} {side}+"], found[f"{part} {side}-"] = tone_by_sign(spoken, valence)
    marked = []
    for side, spoken, inside in zip("LR", _outward(left, right), _outward(*near), strict=True):
        stems = [stem(word) for word in spoken]
        marked += [f"S_{word}" for word in stems] + [f"{side}_{stem(word)}" for word in inside]
        marked += [f"{side}{side}_{word}" for word in stems[:CLOSE]]
        marked += [f"{side}_{' '.join(pair if side == 'R' else pair[::-1])}" for pair in pairwise(stems[:PAIRED])]
    return found | dict.fromkeys(marked, 1.0)


def stem(word: str) -> str:
    """
    Take the ending off a word, where three letters are left.

    >>> stem("attacked"), stem("attacks"), stem("is")
    ('attack', 'attack', 'is')
    """
    short = ENDING.sub("", word)
    return short if len(short) >= STEM else word


def _outward(left, right):
    """Give the words on each side of a mention, the nearest first."""
    return words(left)[::-1], words(OWNER.sub("", right))
