"""Bind executed notebooks into one page that needs no network: contents, text, figures with their alt text, tables."""

import html
import re
from pathlib import Path

import nbformat

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --muted: #565c65; --rule: #d8dbe0; --page: #fff; --link: #00617a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --muted: #a9b0b9; --rule: #40464e; --page: #16191d; --link: #7cc4d8; }
  figure img { background: #fff; }
}
body { margin: 0; background: var(--page); color: var(--ink); font: 17px/1.55 "Source Sans 3", "Segoe UI", sans-serif; }
main, header, footer { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
h1 { line-height: 1.2; } h2 { margin-top: 3.5rem; border-top: 2px solid var(--ink); padding-top: 1rem; }
a { color: var(--link); }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; }
figure { margin: 1.5rem 0; } figure img { width: 100%; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.85rem; margin: 1rem 0; }
caption { color: var(--muted); padding-bottom: 0.3rem; }
th, td { padding: 0.25rem 0.6rem; border-bottom: 1px solid var(--rule); vertical-align: top; }
pre { overflow-x: auto; font-size: 0.8rem; } summary { color: var(--muted); cursor: pointer; font-size: 0.85rem; }
mark { background: #ffe9a8; color: #1b1f24; }
.failed { border-left: 4px solid #b45309; padding-left: 1rem; }
"""


FIGURES = re.compile(r'href="\.\./figures/')  # as a notebook links to a page, one folder down


def bind_page(notebooks: dict[str, Path | str], title: str, lead: list[str]) -> str:
    """
    Bind notebooks into a page.

    Parameters
    ----------
    notebooks : dict
        Name -> the executed notebook's file, or a sentence saying why there is none.
    title : str
    lead : list of str
        Sentences under the title: what was read, what was left out.

    Returns
    -------
    str
        HTML with its style and pictures inside, one first-level heading, and no script. Article text is escaped by
        `contrast.display`; all other text here.
    """
    parts, contents = [], []
    for name, notebook in notebooks.items():
        if isinstance(notebook, str):
            heading, body = name, f'<p class="failed">{html.escape(notebook)}</p>'
        else:
            heading, body = _notebook(nbformat.read(notebook, as_version=4))
        contents.append(f'<li><a href="#{html.escape(name)}">{html.escape(heading)}</a></li>')
        parts.append(f'<section id="{html.escape(name)}">\n<h2>{html.escape(heading)}</h2>\n{body}\n</section>')
    paragraphs = "\n".join(f"<p>{html.escape(sentence)}</p>" for sentence in lead)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the contents</a>
<header><h1>{html.escape(title)}</h1>
{paragraphs}</header>
<nav aria-label="Contents"><ul style="max-width:44rem;margin:1rem auto">
{"".join(contents)}
</ul></nav>
<main id="content">
{"".join(parts)}
</main>
</body>
</html>
"""


def _notebook(notebook) -> tuple[str, str]:
    """Give a notebook's title and its cells as HTML, its headings one level down."""
    from nbconvert.filters import markdown2html

    title, parts = "", []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            source = cell.source
            if not title and source.startswith("# "):
                first, _, source = source.partition("\n")
                title = first[2:].strip()
            text = markdown2html(source)
            text = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", text)
            text = re.sub(r"<(/?)h([1-5])\b[^>]*>", lambda match: f"<{match[1]}h{int(match[2]) + 1}>", text)
            parts.append(text)
        elif cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []):
            parts += [_output(output) for output in cell.outputs]
            code = html.escape(cell.source)
            parts.append(f'<details><summary>How this was computed</summary><pre tabindex="0">{code}</pre></details>')
    return title, "\n".join(parts)


def _output(output) -> str:
    data = output.get("data", {})
    if "text/html" in data:
        markup = FIGURES.sub('href="figures/', data["text/html"]).replace(
            "<table>", '<div class="scroll" tabindex="0" role="group"><table>'
        )
        return markup.replace("</table>", "</table></div>")
    return f"<pre>{html.escape(output.get('text', data.get('text/plain', '')))}</pre>"
