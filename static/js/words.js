// Small things: a form that would lose typed text asks first; an error summary takes the focus; print buttons print.
document.documentElement.classList.add("scripted");
document.querySelector("[data-summary]")?.focus();

let typed = false;
for (const form of document.querySelectorAll("form.paper")) {
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  form.addEventListener("change", (event) => {
    if (!event.target.closest("[data-again]")) return;
    const again = form.querySelector("button[name=again]");
    if (again) { typed = false; form.requestSubmit(again); }
  });
}
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
