// A form is sent once: its buttons are locked after the first submit. The server's one-time key does the same for good.
"use strict";
(() => {
  const buttons = (form) => [...form.elements].filter((element) => element.type === "submit" || element.type === "image");

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if (form.method !== "post" || "again" in form.dataset || form.hasAttribute("hx-post") || (button && "again" in button.dataset)) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    // after this event, so that the pressed button's own name and value are still sent
    setTimeout(() => buttons(form).forEach((each) => { each.disabled = true; }));
  });

  // back from the browser's page cache: the form may be used again
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
      buttons(form).forEach((each) => { each.disabled = false; });
    });
  });
})();
