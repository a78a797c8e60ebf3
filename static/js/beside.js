// While somebody registers a case, those that are like it are listed beside the form. What is typed is never touched:
// only the list is exchanged, and only when it has become another one.
const QUIET = 450;
let wait, asked;

const panel = (form) => form.querySelector("[data-beside]");
const chosen = (form) => [...form.querySelectorAll("[data-near] input:checked")].map((box) => box.value).join("\n");

async function ask(form) {
  asked?.abort();
  asked = new AbortController();
  const before = chosen(form);
  let answer;
  try {
    answer = await fetch(panel(form).dataset.beside, { method: "POST", body: new FormData(form), signal: asked.signal });
  } catch { return; } // a newer question has taken its place, or the net is gone: the list stays as it was
  if (!answer.ok || answer.redirected || !form.isConnected) return;
  const text = await answer.text();
  if (chosen(form) !== before) { later(form); return; }
  show(form, new DOMParser().parseFromString(text, "text/html").querySelector("[data-near]"));
}

function show(form, fresh) {
  const old = form.querySelector("[data-near]");
  if (!fresh || !old) return;
  if (fresh.dataset.cases !== old.dataset.cases) {
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    const same = held && [...fresh.querySelectorAll("a, input")].find((one) => one.tagName === held.tagName && (one.value ?? one.href) === (held.value ?? held.href));
    old.replaceWith(fresh);
    if (held) (same ?? panel(form)).focus();
  }
  const count = form.querySelector(".near-count");
  const number = fresh.querySelectorAll("li").length;
  if (count) { count.hidden = !number; count.lastElementChild.textContent = number; }
  const status = panel(form).querySelector("[role=status]");
  if (status.textContent !== fresh.dataset.told) status.textContent = fresh.dataset.told;
}

function later(form) {
  clearTimeout(wait);
  wait = setTimeout(() => ask(form), QUIET);
}

function typed(event) {
  const form = event.target.form;
  if (!form || !panel(form)) return;
  if (!event.target.closest("[data-near]")) { later(form); return; }
  // One case is the same matter or the same complaint again, not both.
  if (event.type === "change" && event.target.checked) {
    for (const box of event.target.closest(".choices").querySelectorAll("input")) box.checked = box === event.target;
  }
}

document.addEventListener("input", typed);
document.addEventListener("change", typed);
