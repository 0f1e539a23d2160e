"""The page of all terms: complete, self-contained, the same every time, safe whatever it holds, open to everyone."""

import base64
import hashlib
import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest

from contrast.cleaning import load_corpus
from contrast.corpus import InputError
from contrast.explorer import explorer_page
from contrast.resampling import simulate_corpus
from contrast.terms import concordance, count_terms, keyness
from contrast.text import sentences

EVIL = "</script><img src=x onerror=window.hacked=1>"
HOSTILE = f"{EVIL} \u2028 ${{7*7}} &lt;b&gt; @script@ 😀 "
BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None
)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="needs Chromium")
NAMES = ["North", f"South {EVIL}"]


def compared(articles, a, b, **options):
    return keyness(count_terms(sentences(articles), **options), a, b)


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def shown(page):
    """Every line of a page: term, article, and each stretch that is marked."""
    data = data_of(page)
    for row in data["terms"]:
        for number, ends in enumerate(row[-1]):
            for place, *marks in ends:
                article, text = data["sentences"][place]
                units = text.encode("utf-16-le")
                for start, end in zip(marks[::2], marks[1::2], strict=True):
                    yield row[0], number, data["articles"][article][0], units[2 * start : 2 * end].decode("utf-16-le")


@pytest.fixture(scope="module")
def hostile():
    """Two outlets of ten articles each with hostile names, titles and texts, and no date for some."""
    articles = simulate_corpus(NAMES, articles=10, words=60).articles.copy()
    articles["title"] = HOSTILE + articles["title"]
    articles["text"] = [f"{HOSTILE} is a hostile opening .\n{text}" for text in articles["text"]]
    articles.loc[articles.index[:4], "date"] = pd.NaT
    table = compared(articles, *NAMES)
    return table.assign(flag=np.where(table["term"] == "img", "furniture", "")), articles


@pytest.fixture(scope="module")
def page(hostile):
    return explorer_page(*hostile, *NAMES)


def test_the_same_articles_give_the_same_bytes(hostile, page):
    """Two builds agree to the byte."""
    assert explorer_page(*hostile, *NAMES) == page


def test_hostile_text_stands_only_in_the_data_and_escaped(page):
    """No article, title or name can end the script or open an element; read back, it is what it was."""
    before, data, after = re.split(r'(?<=id="data">)(.*?)(?=</script>)', page, maxsplit=1, flags=re.DOTALL)
    assert "<img" not in page
    assert "onerror" not in before + after
    assert not re.search("[<>&\u2028\u2029]", data)
    assert data_of(page)["outlets"][1]["name"] == NAMES[1]
    assert all(title.startswith(HOSTILE) for _, _, title in data_of(page)["articles"])


def test_the_policy_allows_the_page_s_own_script_and_style_alone(page):
    """The hashes of the policy are those of what stands in the page, and all else is refused."""
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    for kind, text in (("script", re.findall(r"<script>(.*?)</script>", page, re.DOTALL)[-1]),
                       ("style", re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1])):  # fmt: skip
        own = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{own}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "innerHTML" not in page
    assert not re.search(r"""(?:src|href)=["']""", page)


def test_the_lines_are_those_of_the_concordance(hostile, page):
    """With room for all, each use of each term is marked once, where the concordance has it."""
    table, articles = hostile
    page = explorer_page(*hostile, *NAMES, most_lines=10**6)
    terms = [row[0] for row in data_of(page)["terms"]]
    assert set(terms) == set(table.loc[table["count_a"] + table["count_b"] > 1, "term"])
    lines = concordance(articles, terms)
    expected = zip(lines["term"], lines["outlet"].map(NAMES.index), lines["article_id"], lines["keyword"], strict=True)
    assert sorted(shown(page)) == sorted(expected)


def test_runs_of_words_are_found():
    """Phrases have their sentences as single words do."""
    articles = load_corpus().loc[["sana-000", "rt-004"]]
    table = compared(articles, "SANA", "RT", ngrams=2)
    marked = {(term, keyword.lower()) for term, _, _, keyword in shown(explorer_page(table, articles, "SANA", "RT"))}
    assert ("de mistura", "de mistura") in marked


def test_runs_of_words_are_found_beside_phrases():
    """Where some phrases are one term each, every term has its sentences, runs that hold a phrase too."""
    articles, phrases = load_corpus().loc[["sana-000", "rt-004"]], ["cessation of hostilities", "de Mistura"]
    table = compared(articles, "SANA", "RT", ngrams=2, phrases=phrases)
    told = {term for term, *_ in shown(explorer_page(table, articles, "SANA", "RT", phrases=phrases))}
    assert told == set(table.loc[table["count_a"] + table["count_b"] > 1, "term"])
    assert any(term.count(" ") == 3 for term in told)


def test_lines_are_of_different_articles_first():
    """Of a term that one article repeats, the lines come from as many articles as there are."""
    texts = ["Peace one. Peace two. Peace three.", "A peace.", "No peace.", "War and peace."]
    articles = pd.DataFrame({"outlet": ["A", "A", "A", "B"], "date": pd.NaT, "title": "T", "text": texts})
    articles.index = pd.Index(list("wxyz"), name="article_id")
    page = explorer_page(compared(articles, "A", "B"), articles, "A", "B", most_lines=3)
    assert [(side, article) for term, side, article, _ in shown(page) if term == "peace"] == [
        (0, "w"),
        (0, "x"),
        (0, "y"),
        (1, "z"),
    ]
    assert "no date" in page


@pytest.mark.parametrize(("most_bytes", "is_left"), [(70_000, "sentence"), (45_000, "term")])
def test_what_has_no_room_is_left_out_and_told(hostile, page, most_bytes, is_left):
    """Sentences go first, then the rarest terms, and the page counts both."""
    small = explorer_page(*hostile, *NAMES, most_bytes=most_bytes)
    assert len(small.encode()) <= most_bytes < len(page.encode())
    full, data = data_of(page), data_of(small)
    told = " ".join(data["about"])
    assert f"{len(data['sentences']):,} of" in told
    assert len(data["sentences"]) < len(full["sentences"])
    if is_left == "sentence":
        assert len(data["terms"]) == len(full["terms"])
        assert "fewer than there are" in told
    else:
        assert len(data["terms"]) < len(full["terms"])
        assert f"{len(full['terms']) - len(data['terms']):,} terms used least" in told
        use = {row[0]: (row[data["columns"].index("sure")], row[2] + row[3]) for row in full["terms"]}
        kept = {row[0] for row in data["terms"]}
        assert min(use[term] for term in kept) >= max(use[term] for term in use.keys() - kept)


def test_no_room_and_no_outlet_are_refused(hostile):
    """What can't be made is refused with the reason."""
    with pytest.raises(ValueError, match="a page without terms takes"):
        explorer_page(*hostile, *NAMES, most_bytes=1000)
    with pytest.raises(InputError, match="no outlet 'West'"):
        explorer_page(*hostile, "North", "West")


def test_a_page_without_a_term_used_twice_is_made():
    """Two tiny articles still give a page, which says that nothing is on it."""
    articles = pd.DataFrame({"outlet": ["A", "B"], "date": pd.NaT, "title": None, "text": ["One.", "Two."]})
    articles.index.name = "article_id"
    page = explorer_page(compared(articles, "A", "B"), articles, "A", "B")
    assert data_of(page)["about"][0] == "0 of 2 terms. Left out: 2 terms used once."


# In a browser


@pytest.fixture(scope="module")
def tab():
    """Open Chromium with one tab, in which all is looked at: each new one costs half a second."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser.new_context().new_page()
        browser.close()


@pytest.fixture(scope="module")
def few(hostile):
    """The comparison of a few terms, those of the hostile text among them."""
    return hostile[0][hostile[0]["term"].isin([*hostile[0]["term"].head(10), "hostile", "img"])]


@pytest.fixture(scope="module")
def address(few, hostile, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "explorer.html"
    path.write_text(explorer_page(few, hostile[1], *NAMES), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def visit(tab, address):
    """Open the page; whatever goes wrong in it, or leaves it, fails the test."""
    wrong = []
    listeners = {
        "request": lambda request: request.url.startswith(("file:", "data:")) or wrong.append(request.url),
        "console": lambda message: wrong.append(message.text),
        "pageerror": lambda error: wrong.append(str(error)),
    }

    def leave():
        assert tab.evaluate("window.hacked") is None
        tab.goto("about:blank")

    def opened(term="", width=1280):
        leave()
        tab.set_viewport_size({"width": width, "height": 800})
        tab.emulate_media(color_scheme="light")
        tab.goto(address + term)
        return tab

    for event, listener in listeners.items():
        tab.on(event, listener)
    yield opened
    leave()
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    assert wrong == []


def focused(tab):
    return tab.evaluate(
        "document.activeElement.id || document.activeElement.textContent || document.activeElement.ariaLabel"
    )


@needs_browser
def test_search_narrows_plot_and_table_and_says_so(visit, few):
    """Typing leaves the terms that hold what was typed, in both, whatever the case, and announces how many."""
    tab = visit()
    everything = len(few)
    assert tab.locator("[role=status]").text_content() == f"{everything} of {everything} terms"
    assert tab.locator(".mark").count() == everything
    tab.get_by_label("Search terms").fill("HOST")
    assert tab.locator("[role=status]").text_content() == f"1 of {everything} terms"
    assert tab.locator("#rows tr").count() == tab.locator(".mark").count() == 1
    tab.get_by_label("Search terms").fill("")
    tab.get_by_label("Hide flagged").check()
    assert tab.locator(".mark").count() == everything - 1
    tab.get_by_label("Only sure differences").check()
    assert tab.locator(".mark").count() == few["sure"].sum()


@needs_browser
def test_a_click_shows_the_sentences_with_the_term_marked(visit):
    """A term's sentences stand under both outlets; what was hostile is text and no element."""
    tab = visit()
    tab.get_by_label("Search terms").fill("img")
    tab.get_by_role("button", name="img", exact=True).click()
    assert focused(tab) == "term"
    assert set(tab.locator("#reading mark").all_text_contents()) == {"img"}
    assert tab.locator("#of-a li").count() == tab.locator("#of-b li").count() == 10
    assert EVIL in tab.locator("#of-b li").first.text_content()
    assert "10 uses" in tab.locator("#of-a").text_content()
    assert "Flagged: furniture" in tab.locator("#finding").text_content()
    assert tab.locator("img").count() == 0
    assert EVIL in tab.locator("h1").text_content()
    assert tab.url.endswith("#term=img")


@needs_browser
def test_the_table_works_by_keyboard_alone(visit):
    """Tab to the search, type, Tab to the term, Enter reads it, Escape goes back."""
    tab = visit()
    tab.keyboard.press("Tab")
    assert focused(tab) == "search"
    tab.keyboard.type("hostile")
    for _ in range(30):
        tab.keyboard.press("Tab")
        if focused(tab) == "hostile":
            break
    tab.keyboard.press("Enter")
    assert focused(tab) == "term"
    tab.keyboard.press("Escape")
    assert focused(tab) == "hostile"


@needs_browser
def test_the_plot_works_by_keyboard_alone(visit):
    """One Tab enters the plot, arrows go from mark to mark by ratio and by uses, Enter reads, Back returns."""
    tab = visit()
    assert tab.locator(".mark[tabindex='0']").count() == 1
    tab.locator(".mark[tabindex='0']").focus()
    visited = [focused(tab)]
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp"):
        tab.keyboard.press(key)
        visited.append(focused(tab))
    assert len(set(visited)) >= 4
    assert all("use" in label for label in visited)
    assert tab.locator("#tip").text_content() == visited[-1]
    assert tab.locator(".mark[tabindex='0']").count() == 1
    tab.keyboard.press("Enter")
    assert tab.locator("#term").text_content().startswith(f"“{visited[-1].split(':')[0]}”")
    tab.locator("#back").press("Enter")
    assert focused(tab) == visited[-1]


PRESS_EVERY_HEADING_TWICE = """() => [...Array(document.querySelectorAll("thead button").length).keys()].flatMap(
    number => [0, 1].map(() => {
        const head = document.querySelectorAll("thead button")[number];
        head.click();
        const sorted = [...document.querySelectorAll("[aria-sort]")].map(one => one.getAttribute("aria-sort"));
        return [head.textContent, sorted, document.querySelector("#rows tr").textContent];
    }))"""


@needs_browser
def test_every_column_sorts_both_ways(visit):
    """A heading's first press sorts and says so, and its second turns the order round."""
    tab = visit()
    pressed = tab.evaluate(PRESS_EVERY_HEADING_TWICE)
    assert {"Term", "North: uses", "Times as often", "Sure", "Flag"} < {head for head, _, _ in pressed}
    for (head, first, _), (_, second, _) in zip(pressed[::2], pressed[1::2], strict=True):
        up_first = head in ("Term", "Flag")  # from A to Z first, numbers from the largest
        assert (first, second) == ((["ascending"], ["descending"]) if up_first else (["descending"], ["ascending"]))
    tab.get_by_role("button", name="Term", exact=True).click()
    terms = [term.casefold() for term in tab.locator("#rows button").all_text_contents()]
    assert terms == sorted(terms)
    tab.get_by_role("button", name="North: uses").click()
    uses = [int(count) for count in tab.locator("#rows td:nth-child(2)").all_text_contents()]
    assert uses == sorted(uses, reverse=True)
    assert len({row for _, _, row in pressed}) > 3


@needs_browser
def test_the_page_is_accessible(visit):
    """No rule of axe is broken, in light before a term is opened and in dark after."""
    from axe_playwright_python.sync_playwright import Axe

    tab = visit()
    for is_open, scheme in ((False, "light"), (True, "dark")):
        if is_open:
            tab.get_by_role("button", name="img", exact=True).click()
        tab.emulate_media(color_scheme=scheme)
        found = Axe().run(tab).response["violations"]
        assert [(one["id"], [node["html"][:90] for node in one["nodes"]]) for one in found] == []


@needs_browser
def test_a_narrow_page_has_no_sideways_scroll(visit):
    """At the width of a telephone only the table scrolls sideways, in its own region."""
    tab = visit("#term=hostile", width=390)
    assert tab.locator("#reading").is_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") == 390


@needs_browser
def test_a_word_of_one_outlet_alone_is_told_to_be_its(tab, tmp_path):
    """A word that the longer outlet alone uses is in its colour and called its own, as the counts say."""
    texts = ["Dam dam. " + "Road is here and there. " * 20, "Road, road and sea."]
    articles = pd.DataFrame({"outlet": ["A", "B"], "date": pd.NaT, "title": "T", "text": texts})
    articles.index.name = "article_id"
    path = tmp_path / "page.html"
    path.write_text(explorer_page(compared(articles, "A", "B"), articles, "A", "B"), encoding="utf-8")
    tab.goto(path.as_uri())
    mark = tab.locator(".mark", has=tab.locator("xpath=self::*[starts-with(@aria-label, 'Dam')]"))
    assert "only A" in mark.get_attribute("aria-label")
    assert mark.get_attribute("class").split()[:2] == ["mark", "a"]


@needs_browser
def test_a_link_opens_its_term(visit):
    """A link to a term shows it; one to no term, or a broken one, shows the page."""
    assert visit("#term=hostile").locator("#term").text_content().startswith("“hostile”")
    assert visit("#term=nothing").locator("#reading").is_hidden()
    assert visit("#term=%E0%A4%A").locator("#reading").is_hidden()
