// Keys: "/" to the search, up, down and Enter in tables with data-keys, a letter for anything with data-key.
// Also closes the small menus (details[data-menu]) on Escape and on a click elsewhere, leads to the summary of errors, and shows the
// current tab of a row that is wider than the window.
"use strict";
(() => {
  const typing = (element) =>
    element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const rows = (table) => [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.querySelector("a[href]"));

  function select(row) {
    row.closest("table").querySelectorAll("tr[aria-selected=true]").forEach((other) => other.removeAttribute("aria-selected"));
    row.setAttribute("aria-selected", "true");
    const link = row.querySelector("a[href]");
    link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function move(table, step) {
    const all = rows(table);
    if (!all.length) return;
    const at = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
    select(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))]);
  }

  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!except || !menu.contains(except)) menu.open = false;
    });
  }

  const errors = document.querySelector(".sl-errors");
  if (errors) errors.focus();
  function showTabs() {
    document.querySelectorAll(".sl-nav [aria-current], .sl-views [aria-current]").forEach((tab) => {
      const row = tab.parentElement;
      row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
    });
  }
  showTabs();
  window.addEventListener("resize", showTabs);

  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = event.target.closest && event.target.closest("details[data-menu][open]");
      closeMenus(null);
      if (menu) menu.querySelector("summary").focus();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const table = document.querySelector("table[data-keys]");
    const search = document.querySelector("[data-search]");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (table && event.key === "ArrowDown") {
      event.preventDefault();
      move(table, 1);
    } else if (table && event.key === "ArrowUp") {
      event.preventDefault();
      move(table, -1);
    } else if (/^[a-z0-9]$/i.test(event.key)) {
      const target = document.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
      if (target) target.click();
    }
  });
})();
