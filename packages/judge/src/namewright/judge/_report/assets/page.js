"use strict";
// Strangers' text (descriptions, domains, reasons) only ever becomes text nodes.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const rows = read("rows"), runs = read("runs");
  const [search, show, sort, by, list, more, count] = ["search", "show", "sort", "by", "list", "more", "count"]
    .map((id) => document.getElementById(id));
  const PAGE = 40;
  let found = rows, shown = 0;

  const make = (tag, cls, text) => {
    const node = document.createElement(tag);
    if (cls) node.className = cls;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const score = (value) => (value === null ? "unscored" : value.toFixed(2));
  const text = rows.map((row) => [row.id, row.d, row.x, row.w.join(" "),
    ...row.a.flatMap((a) => [a.run, a.g, a.st, ...a.r, ...a.n.flatMap((n) => [n.n, ...n.r])])].join(" ").toLowerCase());

  const passes = {
    "": () => true,
    stopped: (row) => row.a.some((a) => a.g),
    unsafe: (row) => row.x === "blocked",
    safe: (row) => row.x !== "blocked",
    unscored: (row) => row.a.some((a) => a.s === null),
  };

  function nameNode(name, names) {
    const item = make("button", "name " + (name.s >= 3.5 ? "good" : name.s < 2 ? "poor" : ""), name.n);
    item.type = "button";
    item.append(make("i", "", name.s.toFixed(1)));
    item.setAttribute("aria-expanded", "false");
    item.addEventListener("click", () => {
      const open = item.getAttribute("aria-expanded") === "true";
      names.querySelectorAll(".detail").forEach((node) => node.remove());
      names.querySelectorAll("[aria-expanded]").forEach((node) => node.setAttribute("aria-expanded", "false"));
      if (open) return;
      item.setAttribute("aria-expanded", "true");
      names.append(make("p", "detail", `${name.n}: brandability ${name.b.toFixed(2)}, memorability ${name.m.toFixed(2)}, `
        + `quality ${name.q.toFixed(2)}${name.r.length ? "; " + name.r.join("; ") : ""}`));
    });
    return item;
  }

  function answerNode(answer) {
    const node = make("div", "answer"), head = make("div", "answer-head");
    head.append(make("span", "swatch b" + (answer.c % 6)), make("span", "", runs[answer.c] + (answer.run ? ` (${answer.run})` : "")));
    head.append(make("b", "", score(answer.s)));
    if (answer.g) head.append(make("span", "pill bad", answer.g.replace("_", " ")));
    else if (answer.st === "blocked") head.append(make("span", "pill good", "blocked, rightly"));
    node.append(head);
    if (answer.r.length) node.append(make("p", "muted", answer.r.join("; ")));
    const criteria = Object.entries(answer.k).map(([name, value]) => `${name} ${value.toFixed(1)}`);
    if (criteria.length) node.append(make("p", "muted", criteria.join(" · ")));
    const names = make("div", "names");
    answer.n.forEach((name) => names.append(nameNode(name, names)));
    node.append(names);
    return node;
  }

  function rowNode(row) {
    const node = make("article", "row");
    node.append(make("p", "", row.d));
    node.append(make("p", "muted", [row.id, row.x === "blocked" ? "unsafe: has to be blocked" : "", ...row.w].filter(Boolean).join(" · ")));
    row.a.forEach((answer) => node.append(answerNode(answer)));
    return node;
  }

  function add() {
    const part = document.createDocumentFragment();
    found.slice(shown, shown + PAGE).forEach((row) => part.append(rowNode(row)));
    list.append(part);
    shown = Math.min(found.length, shown + PAGE);
    more.hidden = shown >= found.length;
    more.textContent = `Show more (${found.length - shown} left)`;
  }

  function update() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean), pass = passes[show.value];
    found = rows.filter((row, i) => pass(row) && words.every((word) => text[i].includes(word)));
    const value = (row) => { const a = row.a.find((x) => x.c === Number(by.value)); return a && a.s !== null ? a.s : null; };
    if (sort.value) {
      const sign = sort.value === "best" ? -1 : 1;
      found = found.map((row) => [row, value(row)]).filter(([, v]) => v !== null).sort((a, b) => sign * (a[1] - b[1])).map(([row]) => row);
    }
    by.hidden = runs.length < 2 || !sort.value;
    count.textContent = `${found.length} of ${rows.length} rows`;
    list.textContent = "";
    shown = 0;
    add();
  }

  [search, show, sort, by].forEach((node) => node.addEventListener("input", update));
  more.addEventListener("click", add);
  update();
})();
