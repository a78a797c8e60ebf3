// A verb opens in a sheet fetched from its own address. Without this file the link is a plain page.
const sheet = document.getElementById("sheet");

export async function open(address) {
  if (!sheet) { location.assign(address); return; }
  show(await fetch(address, { headers: { "X-Sheet": "1" } }), address);
}

async function show(answer, address) {
  const kind = answer.headers.get("Content-Type") || "";
  if (answer.redirected || !answer.headers.get("X-Sheet") || !kind.startsWith("text/html")) {
    location.assign(answer.redirected ? answer.url : address);
    return;
  }
  sheet.innerHTML = await answer.text();
  sheet.dataset.typed = "";
  if (!sheet.open) sheet.showModal();
  const first = sheet.querySelector("[data-summary], .asked input:not([type=hidden]), .asked select, .asked textarea, button");
  first?.focus();
  sheet.dispatchEvent(new CustomEvent("filled", { bubbles: true }));
}

async function send(form, button) {
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  const buttons = form.querySelectorAll("button");
  buttons.forEach((one) => { one.disabled = true; });
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Sheet": "1" } });
    const target = answer.headers.get("X-Go-To");
    if (target) {
      if (target === location.pathname + location.search) location.reload(); else location.assign(target);
      return;
    }
    await show(answer, form.action);
  } finally {
    buttons.forEach((one) => { one.disabled = false; });
  }
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
  if (form.method === "dialog") return;
  event.preventDefault();
  send(form, event.submitter);
});
sheet?.addEventListener("input", () => { sheet.dataset.typed = "1"; });
sheet?.addEventListener("change", (event) => {
  // An answer on which others hang asks the server for the form again, with what was typed so far.
  if (event.target.closest("[data-again]")) send(event.target.form, { name: "again", value: "1" });
});
sheet?.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]") || (event.target === sheet && !sheet.dataset.typed)) sheet.close();
});
