// Small things: a form that would lose typed text asks first; an error summary takes the focus; print buttons print.
document.documentElement.classList.add("scripted");
// A form that was asked for again goes on at the answer on which others hang; one that was refused at what is wrong.
const place = sessionStorage.getItem("place");
sessionStorage.removeItem("place");
const named = place ? `form.paper [name="${CSS.escape(place)}"]` : "";
const next = named && (document.querySelector(`${named}:checked`) || document.querySelector(named));
// Who works with a keyboard begins at the first question at once; on a phone no keyboard pops up unasked.
const first = document.querySelector("form.paper .asked :is(input:not([type=hidden]), select, textarea)");
const keyed = matchMedia("(hover: hover)").matches;
(next || document.querySelector("[data-summary]") || (keyed ? first : null))?.focus({ preventScroll: !next });

let typed = false;
for (const form of document.querySelectorAll("form.paper")) {
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  form.addEventListener("change", (event) => {
    if (!event.target.closest("[data-again]")) return;
    const again = form.querySelector("button[name=again]");
    if (!again) return;
    typed = false;
    sessionStorage.setItem("place", event.target.name);
    form.requestSubmit(again);
  });
}
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
