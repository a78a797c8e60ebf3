// The keyboard: / search, c register, j k move, enter open, x choose, . verbs, ? help.
const rows = () => [...document.querySelectorAll("tr[data-row], li[data-row]")];
const busy = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");
let at = -1;

function move(step) {
  const all = rows();
  if (!all.length) return;
  all[at]?.classList.remove("at");
  at = Math.max(0, Math.min(all.length - 1, at + step));
  all[at].classList.add("at");
  all[at].scrollIntoView({ block: "nearest" });
}

const deeds = {
  "/": () => document.getElementById("find")?.focus(),
  c: () => document.getElementById("register")?.click(),
  j: () => move(1),
  k: () => move(-1),
  x: () => rows()[at]?.querySelector("input[name=rowid]")?.click(),
  ".": () => document.querySelector(".verbs a, .verbs summary")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || busy(event.target)) return;
  if (event.key === "Enter" && at >= 0 && event.target === document.body) {
    rows()[at]?.querySelector("a")?.click();
    return;
  }
  const deed = deeds[event.key];
  if (deed) { event.preventDefault(); deed(); }
});
