// Copies the address of a list, in one click. Without script, or where copying is not allowed, the link opens a letter.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-share]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  navigator.clipboard.writeText(link.dataset.share).then(
    () => { link.nextElementSibling.textContent = link.dataset.done; },
    () => { location.href = link.href; },
  );
});
