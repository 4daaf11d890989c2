// Adds a row to a Django formset (includes/rows.html). Without script the same button asks the server for one more row.
"use strict";
(() => {
  function number(rows) {
    [...rows.querySelectorAll("[data-row]")].forEach((row, index) => {
      const place = row.querySelector("[data-row-number]");
      if (place) place.textContent = String(index + 1);
    });
  }

  function add(rows) {
    const total = rows.querySelector(`[name="${rows.dataset.rows}-TOTAL_FORMS"]`);
    const most = rows.querySelector(`[name="${rows.dataset.rows}-MAX_NUM_FORMS"]`);
    if (most && +total.value >= +most.value) return;
    const template = rows.querySelector("template[data-row-template]");
    const copy = document.importNode(template.content, true);
    copy.querySelectorAll("*").forEach((element) => {
      [...element.attributes].forEach((attribute) => {
        if (attribute.value.includes("__prefix__")) attribute.value = attribute.value.replaceAll("__prefix__", total.value);
      });
    });
    const row = copy.querySelector("[data-row]");
    template.before(copy);
    total.value = String(+total.value + 1);
    number(rows);
    const first = row.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-add-row]");
    if (!button) return;
    event.preventDefault();
    add(button.closest("[data-rows]"));
  });
})();
