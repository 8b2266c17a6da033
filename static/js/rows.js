/* Keys for tables with data-rows: j k move, o or Enter opens, x chooses, s shortlists, d dismisses, u takes back, ? explains.
   All of it is reached by Tab as well. The keys can be turned off (WCAG 2.1.4); the choice is kept in this browser. */
(function () {
  "use strict";

  const OFF = "keys-off";
  const PLACE = "row-of:" + location.pathname; // where somebody was before the page was made anew
  const table = document.querySelector("table[data-rows]");
  const bulk = document.getElementById("bulk");
  const dialog = document.querySelector("[data-keys]");
  if (!table) return;

  const rows = () => [...table.querySelectorAll("tbody tr")].filter((row) => main(row));
  const main = (row) => row.querySelector("th a[href], td a[href]");
  const box = (row) => row.querySelector("input[type=checkbox][form=bulk]");
  const boxes = () => [...document.querySelectorAll("input[type=checkbox][form=bulk]")];

  // A browser may refuse to keep anything: then the keys are on, and nothing is remembered.
  function kept(store, name, value) {
    try {
      if (value === undefined) return store.getItem(name);
      if (value === null) store.removeItem(name);
      else store.setItem(name, value);
    } catch {
      // as said above
    }
    return null;
  }

  const current = () => table.querySelector("tbody tr.is-current");

  function mark(row) {
    if (current()) current().classList.remove("is-current");
    if (row) row.classList.add("is-current");
  }

  function go(row) {
    if (!row) return;
    mark(row);
    main(row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = rows();
    const at = all.indexOf(current());
    go(at < 0 ? all[0] : all[Math.min(Math.max(at + step, 0), all.length - 1)]);
  }

  function count() {
    if (!bulk) return;
    const shown = bulk.querySelector("[data-chosen]");
    if (!shown) return;
    shown.hidden = false;
    shown.querySelector("[data-count]").textContent = boxes().filter((one) => one.checked).length;
  }

  // What is decided is what is chosen; where nothing is, the row at which somebody is.
  function choose() {
    const chosen = boxes().some((one) => one.checked);
    const own = current() && box(current());
    if (!chosen && own) own.checked = true;
    count();
    return chosen || Boolean(own);
  }

  const button = (key) => document.querySelector('.tm-bulk [data-key="' + key + '"]');

  const acts = {
    j: () => move(1),
    k: () => move(-1),
    o: () => current() && main(current()).click(),
    x: () => {
      const own = current() && box(current());
      if (!own) return;
      own.checked = !own.checked;
      count();
    },
    s: () => button("s") && choose() && button("s").click(),
    d: () => button("d") && choose() && bulk.querySelector("select[name=reason]").focus(),
    u: () => button("u") && button("u").click(),
    "?": () => dialog && dialog.showModal(),
  };

  function isTyping(target) {
    return target.isContentEditable || (target.matches("input, select, textarea") && target.type !== "checkbox");
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if ((dialog && dialog.open) || kept(localStorage, OFF) || isTyping(event.target)) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  if (bulk && bulk.querySelector("select[name=reason]") && button("d")) {
    // A reason that is chosen and confirmed dismisses, as it would in a field for text.
    bulk.querySelector("select[name=reason]").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.value) return;
      event.preventDefault();
      button("d").click();
    });
    bulk.addEventListener("submit", () => {
      const at = rows().indexOf(current());
      if (at >= 0) kept(sessionStorage, PLACE, String(at));
    });
  }

  table.addEventListener("focusin", (event) => mark(event.target.closest("tbody tr")));
  document.addEventListener("change", (event) => event.target.matches("input[type=checkbox][form=bulk]") && count());

  if (dialog) {
    const opener = document.querySelector("[data-keys-open]");
    const on = dialog.querySelector("[data-keys-on]");
    opener.hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
    on.checked = !kept(localStorage, OFF);
    on.addEventListener("change", () => kept(localStorage, OFF, on.checked ? null : "1"));
  }

  const before = kept(sessionStorage, PLACE);
  if (before !== null) {
    kept(sessionStorage, PLACE, null);
    go(rows()[Math.min(Number(before), rows().length - 1)]);
  }
  count();
})();
