"use strict";

// The filter. The page's address contains its state, so that a view can be shared:
// #filter=orphans&verdict=failed
(() => {
  const form = document.getElementById("filter");
  const words = document.getElementById("words");
  const verdict = document.getElementById("verdict");
  const count = document.getElementById("count");
  const rows = [...document.querySelectorAll("tr[data-verdicts]")].map((row) => ({
    element: row,
    text: (row.closest("tbody").querySelector(".topic").textContent + " " +
      row.cells[0].textContent).toLowerCase(),
    verdicts: row.dataset.verdicts.split(" "),
  }));
  const articles = [...document.querySelectorAll("article")];

  const hideEmpty = (selector, children) => {
    for (const parent of document.querySelectorAll(selector)) {
      parent.hidden = ![...parent.querySelectorAll(children)].some((child) => !child.hidden);
    }
  };

  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (row) =>
      (!verdict.value || row.verdicts.includes(verdict.value)) &&
      wanted.every((word) => row.text.includes(word));
    const shown = new Set();
    for (const row of rows) {
      row.element.hidden = !fits(row);
      if (!row.element.hidden) {
        shown.add(row.element.id);
      }
    }
    for (const article of articles) {
      const { row, verdict: its } = article.dataset;
      const fitsToo = !["broken", "failed", "warned"].includes(verdict.value) || verdict.value === its;
      article.hidden = !(shown.has(row) && fitsToo);
    }
    hideEmpty("table.answers tbody", "tr[data-verdicts]");
    hideEmpty("section[aria-labelledby=broken], section[aria-labelledby=failed], " +
      "section[aria-labelledby=warned]", "article");
    count.value = `${shown.size} of ${rows.length} checks`;
  };

  const write = () => {
    const parts = new URLSearchParams();
    if (words.value) {
      parts.set("filter", words.value);
    }
    if (verdict.value) {
      parts.set("verdict", verdict.value);
    }
    history.replaceState(null, "", "#" + parts);
  };

  // An address may also point to a failure or a row, which is then shown.
  const show = (target) => {
    const container = target.closest("article, tr[data-verdicts]");
    if (container?.hidden) {
      words.value = "";
      verdict.value = "";
      apply();
    }
    for (let details = target.closest("details"); details;
      details = details.parentElement.closest("details")) {
      details.open = true;
    }
    target.scrollIntoView({ block: target.closest(".events") ? "nearest" : "start" });
  };

  const read = () => {
    const fragment = location.hash.slice(1);
    const target = fragment && document.getElementById(fragment);
    if (target) {
      show(target);
      return;
    }
    const parts = new URLSearchParams(fragment);
    words.value = parts.get("filter") ?? "";
    verdict.value = parts.get("verdict") ?? "";
    if (verdict.selectedIndex < 0) {
      verdict.value = "";
    }
    apply();
  };

  form.hidden = false;
  apply();
  read();
  addEventListener("hashchange", read);
  form.addEventListener("input", () => {
    apply();
    write();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
})();

// The meaning of a mark is shown below the drawing, where a finger does not cover it.
for (const figure of document.querySelectorAll("figure")) {
  const hint = figure.querySelector(".hint");
  hint.hidden = false;
  let here = null;
  const point = (event) => {
    const mark = event.target.closest?.("svg a");
    if (!mark) {
      return;
    }
    hint.textContent = mark.querySelector("title").textContent;
    here?.classList.remove("here");
    here = document.getElementById(mark.getAttribute("href").slice(1));
    here?.classList.add("here");
    const list = here?.closest(".events");
    if (list) {
      list.scrollTop = here.offsetTop - list.clientHeight / 2;
    }
  };
  figure.addEventListener("pointerover", point);
  figure.addEventListener("focusin", point);
}
