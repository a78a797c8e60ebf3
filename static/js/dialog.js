// A verb opens in a sheet fetched from its own address. Without this file the link is a plain page.
const sheet = document.getElementById("sheet");

async function open(address) {
  if (!sheet) { location.assign(address); return; }
  try {
    await show(await fetch(address, { headers: { "X-Sheet": "1" } }), address);
  } catch {
    location.assign(address);
  }
}

async function show(answer, address, place) {
  const kind = answer.headers.get("Content-Type") || "";
  if (answer.redirected || !answer.headers.get("X-Sheet") || !kind.startsWith("text/html")) {
    location.assign(answer.redirected ? answer.url : address);
    return;
  }
  sheet.innerHTML = await answer.text();
  sheet.setAttribute("aria-labelledby", "sheet-title");
  sheet.dataset.typed = place ? "1" : "";
  if (!sheet.open) sheet.showModal();
  sheet.dispatchEvent(new CustomEvent("filled", { bubbles: true }));
  begin(place);
}

// Where one goes on: at the answer just given when others hang on it, else at what is wrong, else at the first question.
function begin(place) {
  const question = sheet.querySelector(".asked");
  const next = (place && answerOf(sheet, place))
    || sheet.querySelector("[data-summary]")
    || question?.querySelector("input:checked")
    || question?.querySelector("input:not([type=hidden]), select, textarea")
    || sheet.querySelector(".ends button, button");
  if (!place) sheet.scrollTop = 0;
  next?.focus();
}

// The field of that name in a form that was asked for again; of a choice the one that is chosen.
function answerOf(form, name) {
  const found = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  const field = found.find((one) => one.checked) || found[0];
  return field?.type === "hidden" ? field.parentElement.querySelector("input:not([type=hidden])") : field;
}

async function send(form, button) {
  // A question may be called "action": form.action would be its field.
  const address = form.getAttribute("action");
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  const buttons = form.querySelectorAll("button");
  buttons.forEach((one) => { one.disabled = true; });
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "X-Sheet": "1" } });
    const target = answer.headers.get("X-Go-To");
    if (target) {
      if (target === location.pathname + location.search) location.reload(); else location.assign(target);
      return;
    }
    if (answer.redirected) tell(form, sheet.dataset.out); else await show(answer, address, button?.place);
  } catch {
    tell(form, sheet.dataset.offline);
  } finally {
    buttons.forEach((one) => { one.disabled = false; });
  }
}

// What was typed stays; why it was not sent stands where the eye is.
function tell(form, words) {
  form.querySelector(".not-sent")?.remove();
  const line = document.createElement("p");
  line.className = "not-sent message error";
  line.setAttribute("role", "alert");
  line.textContent = words;
  form.querySelector(".ends").prepend(line);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-verb]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  if (matchMedia("(max-width: 760px)").matches && link.dataset.verb === "page") return;
  event.preventDefault();
  link.closest("details.more-verbs")?.removeAttribute("open");
  open(link.href);
});

sheet?.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") === "dialog") return;
  event.preventDefault();
  send(form, event.submitter);
});
sheet?.addEventListener("input", () => { sheet.dataset.typed = "1"; });
sheet?.addEventListener("change", (event) => {
  // An answer on which others hang asks the server for the form again, with what was typed so far.
  const field = event.target.closest("[data-again]") && event.target;
  if (field) send(field.form, { name: "again", value: "1", place: field.name || field.parentElement.querySelector("[name]")?.name });
});
sheet?.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) { event.preventDefault(); sheet.close(); }
  else if (event.target === sheet && !sheet.dataset.typed) sheet.close();
});
// Escape leaves what was typed only when one means it.
sheet?.addEventListener("cancel", (event) => {
  if (sheet.dataset.typed && !confirm(sheet.dataset.leave)) event.preventDefault();
});
