/* Below the name of a company: the entries that are likely the same one, asked for while somebody types. Without this script they are shown after sending. */
(function () {
  "use strict";

  const PAUSE = 400; // milliseconds without a key
  const SHORTEST = 3; // letters

  function begin(box) {
    const form = box.closest("form");
    const fields = ["name_registered", "name_latin", "name_short", "registration_number"].map((name) => form.elements[name]).filter(Boolean);
    let waiting = 0;
    let asking = null;
    let asked = "";

    function value(name) {
      const field = form.elements[name]; // one input, or radio buttons of which one is chosen
      return field && field.value ? field.value.trim() : "";
    }

    function question(typed) {
      const parts = new URLSearchParams();
      // A Latin or short name is asked for by itself, while it is typed.
      const name = typed && typed.name.startsWith("name_") ? typed.value.trim() : value("name_registered");
      if (name.length >= SHORTEST) parts.set("name", name);
      const number = value("registration_number").replace(/[\s.-]/g, "");
      if (/^\d{12,13}$/.test(number)) parts.set("number", number);
      if (!parts.toString()) return "";
      const country = box.dataset.country || value("country");
      if (country) parts.set("country", country);
      if (box.dataset.company) parts.set("company", box.dataset.company);
      return parts.toString();
    }

    async function ask(typed) {
      const next = question(typed);
      if (next === asked) return;
      asked = next;
      if (asking) asking.abort();
      if (!next) {
        box.innerHTML = "";
        return;
      }
      asking = new AbortController();
      try {
        const answer = await fetch(box.dataset.likely + "?" + next, { signal: asking.signal, credentials: "same-origin" });
        if (answer.ok && !answer.redirected && next === asked) box.innerHTML = await answer.text();
      } catch (error) {
        if (error.name !== "AbortError") asked = ""; // the line was gone: the next key asks again
      }
    }

    form.addEventListener("input", (event) => {
      if (!fields.includes(event.target) && event.target.name !== "country") return;
      clearTimeout(waiting);
      waiting = setTimeout(() => ask(event.target), PAUSE);
    });
  }

  document.querySelectorAll("[data-likely]").forEach(begin);
})();
