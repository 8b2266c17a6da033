/* The builder of a report: a column moves up or down at once. Without this script its buttons ask the server. */
(function () {
  "use strict";

  const list = document.querySelector("[data-columns]");
  if (!list) return;

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    if (button.value.startsWith("up:")) {
      if (row.previousElementSibling) row.previousElementSibling.before(row);
    } else if (row.nextElementSibling) {
      row.nextElementSibling.after(row);
    }
    button.focus();
  });
})();
