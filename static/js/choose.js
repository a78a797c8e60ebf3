// Choosing rows: the bar of bulk verbs shows how many, and appears only when there is something to do.
for (const form of document.querySelectorAll("form.chosen-rows")) {
  const boxes = () => [...form.querySelectorAll("input[name=rowid]")];
  const all = form.querySelector(".choose-all");
  const bar = form.querySelector(".bulk");
  const words = form.querySelector(".chosen-count");
  const tell = () => {
    const chosen = boxes().filter((box) => box.checked);
    boxes().forEach((box) => box.closest("tr").classList.toggle("chosen", box.checked));
    if (all) { all.checked = chosen.length > 0 && chosen.length === boxes().length; all.indeterminate = chosen.length > 0 && !all.checked; }
    if (bar) bar.hidden = chosen.length === 0;
    if (words) words.textContent = words.dataset.words.replace("{n}", chosen.length);
  };
  all?.addEventListener("change", () => { boxes().forEach((box) => { box.checked = all.checked; }); tell(); });
  form.addEventListener("change", tell);
  tell();
}
