// Keeps what is typed: <form data-draft="key" data-draft-url="/…"> is sent two seconds after a change.
// Nothing is kept in the browser (personal data); while the server cannot be reached the line says what is not kept, and it goes on trying.
"use strict";
(() => {
  const WAIT = 2000;
  const AGAIN = 15000;
  const SKIP = new Set(["csrfmiddlewaretoken", "key", "seen"]);

  function fieldsOf(form) {
    const body = new URLSearchParams({ form_key: form.dataset.draft });
    for (const [name, value] of new FormData(form)) {
      const control = form.elements.namedItem(name);
      const secret = control && (control.type === "password" || control.autocomplete === "one-time-code");
      if (typeof value === "string" && !SKIP.has(name) && !secret) body.append(name, value);
    }
    return body;
  }

  function labelOf(control) {
    const label = control.labels && control.labels[0];
    return label && label.firstChild ? label.firstChild.textContent.trim() : "";
  }

  function keep(form) {
    const line = form.querySelector("[data-save-line]");
    const unsaved = new Map();
    let timer = 0;
    let running = false;

    function show(level, text) {
      line.hidden = false;
      line.dataset.level = level;
      line.querySelector("span").textContent = text;
    }

    function names() {
      return [...new Set([...unsaved.values()].filter(Boolean))].join("、");
    }

    async function save(last) {
      if (running && !last) return;
      clearTimeout(timer);
      running = true;
      const sent = new Map(unsaved);
      unsaved.clear();
      if (!last && line) show("", line.dataset.saving);
      const trouble = await send(last === true);
      running = false;
      if (trouble) {
        sent.forEach((label, name) => unsaved.set(name, label));
        if (line) show("warn", line.dataset[trouble] + names());
      }
      if (unsaved.size) timer = setTimeout(save, trouble ? AGAIN : WAIT);
    }

    // Answers "" when kept, "refused" when the server said no, "failed" when it could not be reached.
    async function send(last) {
      try {
        const reply = await fetch(form.dataset.draftUrl, {
          method: "POST",
          body: fieldsOf(form),
          headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
          credentials: "same-origin",
          redirect: "manual",
          keepalive: last,
        });
        if (!reply.ok) return "refused";
        const said = await reply.json().catch(() => ({}));
        const at = said.saved_at ? said.saved_at.slice(11, 19) : "";
        if (line) show("ok", `${line.dataset.saved} ${at}`);
        return "";
      } catch {
        return "failed";
      }
    }

    function changed(event) {
      if (!event.target.name || event.target.type === "file") return;
      unsaved.set(event.target.name, labelOf(event.target));
      clearTimeout(timer);
      timer = setTimeout(save, WAIT);
    }

    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", () => { unsaved.clear(); clearTimeout(timer); });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && unsaved.size) save(true);
    });
    window.addEventListener("beforeunload", (event) => {
      if (unsaved.size) event.preventDefault();
    });
  }

  document.querySelectorAll("form[data-draft][data-draft-url]").forEach(keep);
})();
