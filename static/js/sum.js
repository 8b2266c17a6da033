// The sum of what is typed into the fields of one group, told as it is typed. The server adds for whoever has no script.
for (const group of document.querySelectorAll("[data-sum]")) {
  const told = document.querySelector(group.dataset.sum);
  const lang = document.documentElement.lang;
  const read = (field) => {
    const text = field.value.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
    return text === "" || !/^\d*\.?\d*$/.test(text) ? NaN : Number(text);
  };
  const tell = () => {
    const sum = [...group.querySelectorAll("input[type=text]")].reduce((all, field) => all + read(field), 0);
    if (Number.isNaN(sum)) return; // what cannot be read is asked back by the server
    const rounded = Math.round(sum * 1e4) / 1e4;
    told.textContent = rounded.toLocaleString(lang, { maximumFractionDigits: 4 });
    told.classList.toggle("tm-neg", rounded !== Number(told.dataset.whole));
  };
  group.addEventListener("input", tell);
}
