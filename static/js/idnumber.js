// A resident identity number (GB 11643) fills the birth date and the sex beside it, and is checked while it is typed.
// <input data-idnumber data-birth="birth" data-sex="sex">: names of sibling fields, the form's prefix is taken from the input.
"use strict";
(() => {
  const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

  function birthOf(number) {
    const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)];
    const date = new Date(Date.UTC(+year, +month - 1, +day));
    const real = date.getUTCFullYear() === +year && date.getUTCMonth() === +month - 1 && date.getUTCDate() === +day;
    return real && +year >= 1900 && date <= new Date() ? `${year}-${month}-${day}` : "";
  }

  // Which of the input's own sentences (data-says-…) applies; "" when the number is right.
  function fault(number) {
    if (!/^\d{17}[\dX]$/.test(number)) return "saysShape";
    if (!birthOf(number)) return "saysBirth";
    const sum = WEIGHTS.reduce((total, weight, index) => total + weight * +number[index], 0);
    return "10X98765432"[sum % 11] === number[17] ? "" : "saysCheck";
  }

  function sibling(input, name) {
    const prefix = input.name.slice(0, input.name.lastIndexOf("-") + 1);
    return name ? input.form.elements.namedItem(prefix + name) : null;
  }

  function fill(target, value) {
    if (!target) return;
    if (target instanceof RadioNodeList || target.value !== value) target.value = value;
    const first = target instanceof RadioNodeList ? [...target].find((each) => each.checked) : target;
    if (first) first.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function say(input, which) {
    const text = which ? input.dataset[which] || "" : "";
    let line = input.parentElement.querySelector("[data-idnumber-says]");
    if (!line) {
      line = document.createElement("p");
      line.className = "err";
      line.dataset.idnumberSays = "";
      line.id = `${input.id}_check`;
      line.setAttribute("role", "status");
      input.insertAdjacentElement("afterend", line);
      input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") || ""} ${line.id}`.trim());
    }
    line.textContent = text;
    line.hidden = !text;
    if (which) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.matches || !input.matches("[data-idnumber]")) return;
    const number = input.value.normalize("NFKC").replace(/\s/g, "").toUpperCase();
    const wrong = number.length >= 18 ? fault(number) : "";
    say(input, wrong);
    if (number.length !== 18 || wrong) return;
    fill(sibling(input, input.dataset.birth), birthOf(number));
    fill(sibling(input, input.dataset.sex), +number[16] % 2 ? "M" : "F");
  });

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches || !input.matches("[data-idnumber]")) return;
    const number = input.value.normalize("NFKC").replace(/\s/g, "").toUpperCase();
    say(input, number ? fault(number) : "");
  });
})();
