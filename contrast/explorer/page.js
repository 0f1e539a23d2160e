
(() => {
"use strict";

const STEP = 200, LABELS = 25, REACH = 18; // rows at a time; terms named in the plot; pixels from which a mark is hit
const SVG = "http://www.w3.org/2000/svg";
const data = JSON.parse(document.getElementById("data").textContent);
const [A, B] = data.outlets;
const terms = data.terms.map((row, rank) => {
  const term = Object.fromEntries(data.columns.map((name, number) => [name, row[number]]));
  const isOnly = !term.count_a || !term.count_b, isA = isOnly ? term.count_a > 0 : term.log_ratio >= 0;
  return {...term, rank, isA, isOnly, side: isA ? A : B, total: term.count_a + term.count_b, key: term.printed.toLowerCase()};
});
const byTerm = new Map(terms.map(term => [term.term, term]));
const marks = new Map(), buttons = new Map(); // of each term drawn: its mark in the plot, its button in the table
let visible = terms, ordered = terms, places = [], shown = 0, current = null, origin = null;
let sorting = {column: null, down: false};

const find = id => document.getElementById(id);
const english = new Intl.Collator("en"), number = new Intl.NumberFormat("en");
const rated = rate => rate && rate < 0.005 ? "<0.01" : rate.toFixed(2);
const counted = (count, noun) => `${number.format(count)} ${noun}${count === 1 ? "" : "s"}`;

function make(tag, text = "", className = "") { // always as text, never as markup
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

function draw(parent, tag, attributes, text = "") {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return parent.appendChild(element);
}

// Wording

function times(log2) {
  const ratio = 2 ** Math.abs(log2);
  return `×${ratio < 9.95 ? ratio.toFixed(1) : number.format(Math.round(ratio))}`;
}

const sided = log2 => Math.abs(log2) < 0.07 ? "even" : `${times(log2)} ${(log2 > 0 ? A : B).name}`;
const ratioOf = term => term.isOnly ? `only ${term.side.name}` : sided(term.log_ratio);

function intervalOf({low, high}) {
  if (low === null || high === null) return "–";
  if (low * high <= 0) return `${sided(low)} to ${sided(high)}`;
  const [near, far] = low > 0 ? [low, high] : [high, low];
  return `${times(near)} to ${times(far)}`;
}

const chanceOf = term => term.q === null ? "–" : term.q < 0.001 ? "<0.001" : term.q.toFixed(3);

function describe(term) {
  const uses = `${counted(term.count_a, "use")} in ${A.name}, ${number.format(term.count_b)} in ${B.name}`;
  return `${term.printed}: ${uses}; ${ratioOf(term)}, ${term.sure ? "sure" : "not sure"}`;
}

// Plot

function scales(width) {
  const both = terms.filter(term => !term.isOnly), totals = terms.map(term => term.total);
  const height = width < 560 ? 460 : 580, top = 34, bottom = height - 46, left = Math.max(...totals) < 1e4 ? 40 : 54;
  const band = side => terms.some(term => term.isOnly && term.isA === side) ? (width < 560 ? 50 : 92) : 0;
  const inner = {left: left + band(false) + 14, right: width - band(true) - 14};
  const reach = Math.max(2, ...both.map(term => Math.abs(term.log_ratio))), middle = (inner.left + inner.right) / 2;
  const least = Math.log(Math.min(...totals)), most = Math.max(Math.log(Math.max(...totals)), least + 1);
  return {
    width, height, top, bottom, left, reach, bandA: band(true), bandB: band(false),
    x: log2 => middle + log2 / reach * (inner.right - inner.left) / 2,
    y: total => bottom - 30 - (Math.log(total) - least) / (most - least) * (bottom - top - 44),
    middleOf: term => term.isA ? width - band(true) / 2 : left + band(false) / 2,
  };
}

function drawAxes(svg, scale) {
  const group = draw(svg, "g", {"aria-hidden": "true"}), {left, width, top, bottom} = scale;
  const bands = [[left, scale.bandB, B, "b"], [width - scale.bandA, scale.bandA, A, "a"]];
  for (const [x, wide, outlet, side] of bands) {
    if (!wide) continue;
    const full = `only ${outlet.name}`, name = ruler.measureText(full).width < wide ? full : width < 560 ? "only" : "only here";
    draw(group, "rect", {x, y: top, width: wide, height: bottom - top, class: "band"});
    draw(group, "text", {x: x + wide / 2, y: bottom + 18, "text-anchor": "middle", class: `side ${side}`}, name);
  }
  const [least, most] = [Math.min(...terms.map(term => term.total)), Math.max(...terms.map(term => term.total))];
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5];
  for (const total of steps.filter(step => step >= least && step <= most)) {
    draw(group, "line", {x1: left, x2: width, y1: scale.y(total), y2: scale.y(total), class: "grid"});
    draw(group, "text", {x: left - 6, y: scale.y(total) + 4, "text-anchor": "end"}, number.format(total));
  }
  const step = Math.max(1, Math.ceil(scale.reach / (width < 560 ? 2.5 : 4.5)));
  for (let log2 = -step * Math.floor(scale.reach / step); log2 <= scale.reach; log2 += step) {
    const text = log2 ? (width < 560 ? `×${2 ** Math.abs(log2)}` : `${number.format(2 ** Math.abs(log2))} times`) : "even";
    draw(group, "line", {x1: scale.x(log2), x2: scale.x(log2), y1: top, y2: bottom, class: log2 ? "grid" : "even"});
    draw(group, "text", {x: scale.x(log2), y: bottom + 18, "text-anchor": "middle"}, text);
  }
  const ends = [[B, scale.x(0) - left], [A, width - scale.x(0)]], often = width < 560 ? "in" : "as often in";
  const [ofB, ofA] = ends.map(([outlet, room]) => shortened(`${often} ${outlet.name}`, room - 36));
  draw(group, "text", {x: scale.x(0) - 14, y: bottom + 39, "text-anchor": "end", class: "side b"}, `← ${ofB}`);
  draw(group, "text", {x: scale.x(0) + 14, y: bottom + 39, class: "side a"}, `${ofA} →`);
  draw(group, "text", {x: 0, y: 14}, "↑ uses in both together");
}

const ruler = document.createElement("canvas").getContext("2d");
ruler.font = `600 13px ${getComputedStyle(document.body).fontFamily}`;

function shortened(text, width) {
  while (ruler.measureText(text).width > width && text.length > 2) text = `${text.slice(0, -2).trimEnd()}…`;
  return text;
}

function place(scale, radius) {
  const seen = new Map(), sizes = new Map();
  const spot = term => `${term.count_a} ${term.count_b}`;
  for (const term of terms) sizes.set(spot(term), (sizes.get(spot(term)) || 0) + 1);
  return terms.map(term => { // equal counts are one spot: its marks are packed around it as seeds in a sunflower
    const nth = seen.get(spot(term)) || 0, turn = nth * 2.39996;
    seen.set(spot(term), nth + 1);
    const apart = Math.min(radius * 1.2, (scale.width < 560 ? 20 : 26) / Math.sqrt(sizes.get(spot(term)))) * Math.sqrt(nth);
    const x = term.isOnly ? scale.middleOf(term) : scale.x(term.log_ratio);
    return {term, x: x + apart * Math.cos(turn), y: scale.y(term.total) + apart * Math.sin(turn)};
  });
}

function drawPlot() {
  const box = find("plot"), old = box.querySelector("svg"), hadFocus = old.contains(document.activeElement);
  const svg = old.cloneNode(false), scale = scales(box.clientWidth), radius = terms.length > 1500 ? 3 : 4.2;
  svg.setAttribute("height", scale.height);
  const wanted = new Set(visible);
  places = terms.length ? place(scale, radius).filter(spot => wanted.has(spot.term)) : [];
  marks.clear();
  if (terms.length) drawAxes(svg, scale);
  if (places.length) {
    const list = draw(svg, "g", {role: "listbox", "aria-labelledby": "plot-title", "aria-describedby": "plot-help"});
    const shape = {true: r => `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0`,
      false: r => `M0,${-1.25 * r}L${1.25 * r},0L0,${1.25 * r}L${-1.25 * r},0Z`};
    for (const {term, x, y} of [...places].reverse()) { // the leading terms on top
      marks.set(term, draw(list, "path", {
        d: shape[term.isA](term.sure ? radius + 0.8 : radius), transform: `translate(${x.toFixed(1)},${y.toFixed(1)})`, role: "option",
        class: `mark ${term.isA ? "a" : "b"}${term.sure ? " sure" : ""}`, tabindex: "-1", "aria-label": describe(term),
        "aria-selected": term === current,
      }));
    }
    marks.get(places[0].term).setAttribute("tabindex", "0");
  }
  drawLabels(svg, scale, radius);
  for (const id of ["now", "focus"]) draw(svg, "circle", {id, class: "ring", r: radius + 4, visibility: "hidden"});
  old.replaceWith(svg);
  ring("now", current);
  if (hadFocus) (marks.get(origin?.term) || find("search")).focus({preventScroll: true});
}

function drawLabels(svg, scale, radius) {
  const group = draw(svg, "g", {"aria-hidden": "true"}), taken = [];
  const most = scale.width < 560 ? 10 : LABELS;
  const meets = (one, other) => one[0] < other[2] && one[2] > other[0] && one[1] < other[3] && one[3] > other[1];
  const nth = {true: 0, false: 0}; // in turn of both sides, the sure ones first
  const turns = new Map(places.map(spot => [spot, (spot.term.sure ? 0 : terms.length) + nth[spot.term.isA]++]));
  for (const {term, x, y} of [...places].sort((one, other) => turns.get(one) - turns.get(other))) {
    if (taken.length >= 2 * most) break;
    const text = shortened(term.printed, 170), width = ruler.measureText(text).width, gap = radius + 5;
    const spots = [[gap, 4], [-gap - width, 4], [-width / 2, -gap - 2], [-width / 2, gap + 11], [gap, -7], [gap, 15],
      [-gap - width, -7], [-gap - width, 15]];
    const boxes = spots.map(([right, down]) => [x + right - 2, y + down - 12, x + right + width + 2, y + down + 4]);
    const free = boxes.filter(box => box[0] > scale.left && box[2] < scale.width && box[1] > 16 && box[3] < scale.bottom &&
      !taken.some(other => meets(box, other)));
    const covered = free.map(box => places.filter(spot => meets(box, [spot.x - 3, spot.y - 3, spot.x + 3, spot.y + 3])).length);
    const least = Math.min(...covered), box = free[covered.indexOf(least)];
    if (!box || least > (terms.length > 1500 ? 8 : 1)) continue;
    taken.push(box, [x - gap, y - gap, x + gap, y + gap]);
    draw(group, "text", {x: box[0] + 2, y: box[3] - 4, class: `label ${term.isA ? "a" : "b"}${term.sure ? " sure" : ""}`}, text);
  }
}

function ring(id, term) {
  const spot = places.find(one => one.term === term), circle = find(id);
  circle.setAttribute("visibility", spot ? "visible" : "hidden");
  if (spot) ["cx", "cy"].forEach((name, axis) => circle.setAttribute(name, axis ? spot.y : spot.x));
}

function tell(spot) {
  const tip = find("tip");
  tip.hidden = !spot;
  if (!spot) return;
  tip.textContent = describe(spot.term);
  tip.style.left = `${Math.max(0, Math.min(spot.x - tip.offsetWidth / 2, find("plot").clientWidth - tip.offsetWidth))}px`;
  tip.style.top = `${spot.y > tip.offsetHeight + 16 ? spot.y - tip.offsetHeight - 12 : spot.y + 14}px`;
}

function nearest(event) {
  const box = find("plot").getBoundingClientRect(), [x, y] = [event.clientX - box.left, event.clientY - box.top];
  const apart = spot => Math.hypot(spot.x - x, spot.y - y);
  const best = places.reduce((best, spot) => !best || apart(spot) < apart(best) ? spot : best, null);
  return best && apart(best) < REACH ? best : null;
}

const termOf = element => [...marks].find(([, mark]) => mark === element)?.[0];

function step(event) {
  const term = termOf(event.target);
  if (!term) return;
  if (event.key === "Enter" || event.key === " ") open(term, marks);
  else if (event.key === "Escape") tell(null);
  else {
    const byRatio = ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key);
    const value = one => byRatio ? (one.isOnly ? (one.isA ? 99 : -99) : one.log_ratio) : one.total;
    const line = [...visible].sort((one, other) => value(one) - value(other) || one.rank - other.rank);
    const here = line.indexOf(term), last = line.length - 1;
    const there = {ArrowLeft: here - 1, ArrowRight: here + 1, ArrowDown: here - 1, ArrowUp: here + 1, Home: 0, End: last};
    if (!(event.key in there)) return;
    marks.get(line[Math.max(0, Math.min(last, there[event.key]))]).focus();
  }
  event.preventDefault();
}

// Table

const bound = term => term.low > 0 ? term.low : term.high < 0 ? -term.high : term.low === null ? -2 : -1;
const columns = [
  {head: "Term", cell: term => term.printed, text: true},
  ...[["a", A], ["b", B]].flatMap(([side, outlet]) => [
    {head: `${outlet.name}: uses`, cell: term => number.format(term[`count_${side}`]), value: term => term[`count_${side}`]},
    {head: `${outlet.name}: per 1,000 words`, cell: term => rated(term[`rate_${side}`]), value: term => term[`rate_${side}`]},
  ]),
  {head: "Times as often", cell: ratioOf, value: term => term.log_ratio, name: "whole"},
  {head: "95% interval", cell: intervalOf, value: bound},
  ...data.tested ? [{head: "q", cell: chanceOf, value: term => -(term.q ?? 2)}] : [],
  {head: "Sure", cell: term => term.sure ? "yes" : "no", value: term => -term.rank},
  ...data.flagged ? [{head: "Flag", cell: term => term.flag, value: term => term.flag, text: true}] : [],
];

function compare(one, other) {
  const {column, down} = sorting, value = column.value || (term => term.printed);
  const apart = column.text ? english.compare(value(one), value(other)) : value(one) - value(other);
  return (down ? -apart : apart) || one.rank - other.rank;
}

function sortBy(column) {
  sorting = {column, down: sorting.column === column ? !sorting.down : !column.text};
  [...find("heads").children].forEach((head, place) => {
    const isSorted = columns[place] === column;
    isSorted ? head.setAttribute("aria-sort", sorting.down ? "descending" : "ascending") : head.removeAttribute("aria-sort");
  });
  fillTable();
}

function fillTable() {
  ordered = [...visible].sort(compare);
  shown = 0;
  buttons.clear();
  find("rows").replaceChildren();
  addRows();
}

function addRows() {
  const next = ordered.slice(shown, shown + STEP);
  find("rows").append(...next.map(term => {
    const row = make("tr");
    row.append(...columns.map((column, place) => {
      const cell = make("td", place ? column.cell(term) : "", column.text ? "text" : column.name);
      if (!place) {
        const button = cell.appendChild(make("button", term.printed));
        button.type = "button";
        button.addEventListener("click", () => open(term, buttons));
        buttons.set(term, button);
      }
      return cell;
    }));
    if (term === current) row.setAttribute("aria-current", "true");
    return row;
  }));
  shown += next.length;
  find("more").hidden = shown >= ordered.length;
  find("more").textContent = `Show ${Math.min(STEP, ordered.length - shown)} more of ${number.format(ordered.length - shown)}`;
  return next[0];
}

// Sentences

function excerpt([sentence, ...ends]) {
  const [place, text] = data.sentences[sentence], [id, date, title] = data.articles[place];
  const item = make("li"), line = item.appendChild(make("p"));
  let from = ends[0] > 260 ? text.indexOf(" ", ends[0] - 220) + 1 : 0;
  const cut = text.length - ends.at(-1) > 260 ? text.lastIndexOf(" ", ends.at(-1) + 220) : text.length;
  if (from) line.append("…");
  for (let part = 0; part < ends.length; part += 2) {
    line.append(text.slice(from, ends[part]), make("mark", text.slice(ends[part], ends[part + 1])));
    from = ends[part + 1];
  }
  line.append(text.slice(from, Math.max(from, cut)), cut < text.length ? "…" : "");
  item.append(make("p", [date, title, id].filter(Boolean).join(" · "), "muted"));
  return item;
}

function fillSide(box, outlet, side, term, lines) {
  const count = term[`count_${side}`], held = Math.min(count, lines.reduce((sum, line) => sum + (line.length - 1) / 2, 0));
  const uses = `${counted(count, "use")}, ${rated(term[`rate_${side}`])} per 1,000 words, in ` +
    `${number.format(term[`articles_${side}`])} of ${counted(outlet.articles, "article")}`;
  const shown = held === count ? "All shown:" : `${number.format(held)} of these uses shown, in ${counted(lines.length, "sentence")}:`;
  const list = make("ul");
  list.append(...lines.map(excerpt));
  box.replaceChildren(make("h3", outlet.name, side), make("p", count ? `${uses}.` : "Never used."));
  if (count) box.append(make("p", shown, "muted"), list);
}

function open(term, from) {
  const reading = find("reading");
  marks.get(current)?.setAttribute("aria-selected", "false");
  buttons.get(current)?.closest("tr").removeAttribute("aria-current");
  current = term;
  origin = {from, term};
  marks.get(term)?.setAttribute("aria-selected", "true");
  buttons.get(term)?.closest("tr").setAttribute("aria-current", "true");
  ring("now", term);
  tell(null);
  find("term").textContent = `“${term.printed}” in ${A.name} and ${B.name}`;
  const interval = term.low === null ? "no interval" : `95% interval ${intervalOf(term)}`;
  const chance = data.tested ? `; ${term.q === null ? "not tested" : `q ${chanceOf(term)}`}` : "";
  const flag = term.flag ? ` Flagged: ${term.flag}.` : "";
  find("finding").textContent = `${ratioOf(term)} (${interval}${chance}): ${term.sure ? "" : "not "}a sure difference.${flag}`;
  fillSide(find("of-a"), A, "a", term, term.lines[0]);
  fillSide(find("of-b"), B, "b", term, term.lines[1]);
  reading.hidden = false;
  location.hash = `term=${encodeURIComponent(term.term)}`;
  find("term").focus();
}

function goBack() {
  (origin.from?.get(origin.term) || find("search")).focus();
}

function openLinked() {
  const [, name] = location.hash.match(/^#term=(.*)$/) || [];
  let term;
  try { term = byTerm.get(decodeURIComponent(name)); } catch { return; } // a link cut short
  if (term && term !== current) open(term, null);
}

function filter() {
  const wanted = find("search").value.trim().toLowerCase().replaceAll(/[’‘]/g, "'");
  visible = terms.filter(term => (term.term.includes(wanted) || term.key.includes(wanted)) &&
    (term.sure || !find("sure").checked) && (!term.flag || !find("unflagged").checked));
  find("hits").textContent = `${number.format(visible.length)} of ${counted(terms.length, "term")}`;
  drawPlot();
  fillTable();
}

document.title = find("title").textContent = `${A.name} and ${B.name}, word by word`;
for (const id of ["lead", "basis"]) find(id).textContent = data[id];
find("name-a").textContent = A.name;
find("name-b").textContent = B.name;
find("sure-text").textContent = `Only sure differences (${number.format(terms.filter(term => term.sure).length)})`;
find("flagged").hidden = !data.flagged;
find("about").append(...data.about.map(sentence => make("li", sentence)));
find("heads").append(...columns.map(column => {
  const head = make("th", "", column.text ? "text" : ""), button = head.appendChild(make("button", column.head));
  head.scope = "col";
  button.type = "button";
  button.addEventListener("click", () => sortBy(column));
  return head;
}));
find("controls").addEventListener("submit", event => event.preventDefault());
for (const id of ["search", "sure", "unflagged"]) find(id).addEventListener("input", filter);
find("more").addEventListener("click", () => buttons.get(addRows()).focus());
find("back").addEventListener("click", goBack);
find("reading").addEventListener("keydown", event => event.key === "Escape" && goBack());
find("plot").addEventListener("pointermove", event => tell(nearest(event)));
find("plot").addEventListener("pointerleave", () => tell(null));
find("plot").addEventListener("click", event => { const spot = nearest(event); if (spot) open(spot.term, marks); });
find("plot").addEventListener("keydown", step);
find("plot").addEventListener("focusin", event => {
  const term = termOf(event.target);
  for (const mark of marks.values()) if (mark.getAttribute("tabindex") === "0") mark.setAttribute("tabindex", "-1");
  event.target.setAttribute("tabindex", "0");
  ring("focus", term);
  tell(places.find(spot => spot.term === term));
});
find("plot").addEventListener("focusout", () => { ring("focus", null); tell(null); });
addEventListener("hashchange", openLinked);
let width = find("plot").clientWidth;
addEventListener("resize", () => { if (width !== (width = find("plot").clientWidth)) drawPlot(); });
sorting = {column: columns.find(column => column.head === "Sure"), down: false};
sortBy(sorting.column);
filter();
openLinked();
})();
