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
  const fresh = new DOMParser().parseFromString(text, "text/html");
  tell(form, fresh.querySelector("[data-taken]"));
  show(form, fresh.querySelector("[data-near]"));
}

// Which procedure takes it, where it is another than the chosen one.
function tell(form, fresh) {
  const old = form.querySelector("[data-taken]");
  if (!old || !fresh || old.textContent.trim() === fresh.textContent.trim()) return;
  old.dataset.taken = fresh.dataset.taken;
  form.querySelector("[data-to-taken]").hidden = !fresh.dataset.taken;
  old.replaceChildren(...fresh.childNodes);
}

// Another procedure is chosen as by hand: the form is asked for again, with what was typed.
function use(event) {
  const button = event.target.closest("[data-use]");
  if (!button) return;
  const fields = [...button.form.querySelectorAll("[name=procedure]")];
  const choice = fields.find((one) => one.type === "radio" && one.value === button.dataset.use);
  if (choice) choice.checked = true; else fields[0].value = button.dataset.use;
  (choice ?? fields[0]).dispatchEvent(new Event("change", { bubbles: true }));
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

document.addEventListener("click", use);
document.addEventListener("input", typed);
document.addEventListener("change", typed);
