// Finding a person or a department by typing. The field itself holds the id; without scripts one types the name.
let wait;

function dress(field) {
  if (field.dataset.dressed) return;
  field.dataset.dressed = "1";
  const box = document.createElement("div");
  box.className = "finder";
  const typed = document.createElement("input");
  typed.type = "text";
  typed.id = field.id;
  typed.autocomplete = "off";
  typed.value = field.dataset.shown || field.value;
  typed.placeholder = field.placeholder;
  typed.setAttribute("role", "combobox");
  typed.setAttribute("aria-expanded", "false");
  for (const name of ["aria-describedby", "aria-invalid"]) if (field.hasAttribute(name)) typed.setAttribute(name, field.getAttribute(name));
  const list = document.createElement("div");
  list.className = "found";
  list.setAttribute("role", "listbox");
  list.id = `${field.id}-found`;
  list.hidden = true;
  typed.setAttribute("aria-controls", list.id);
  field.id += "-value";
  field.type = "hidden";
  field.replaceWith(box);
  box.append(typed, list, field);

  let turn = 0; // an answer that comes after a choice, or after a later question, shows nothing any more
  const close = () => { turn += 1; list.hidden = true; typed.setAttribute("aria-expanded", "false"); };
  const pick = (option) => {
    field.value = option.dataset.id;
    typed.value = option.dataset.name;
    clearTimeout(wait);
    close();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const ask = async () => {
    const mine = turn += 1;
    const answer = await fetch(`${field.dataset.finder}?query=${encodeURIComponent(typed.value.trim())}`);
    if (!answer.ok) return;
    const first = typed.value.trim() ? [] : JSON.parse(field.dataset.first || "[]"); // who fits comes before the alphabet
    const rest = (await answer.json()).filter((one) => !first.some((other) => other.id === String(one.id)));
    const found = [...first, ...rest];
    if (mine !== turn) return;
    list.replaceChildren(...found.map((one) => {
      const option = document.createElement("div");
      option.setAttribute("role", "option");
      option.dataset.id = one.id;
      option.dataset.name = one.name;
      const name = document.createElement("span");
      name.textContent = one.name;
      const more = document.createElement("span");
      more.className = "quiet";
      more.textContent = one.more;
      option.append(name, more);
      return option;
    }));
    if (!found.length) {
      const none = document.createElement("div");
      none.className = "none";
      none.textContent = field.dataset.none || "—";
      list.append(none);
    }
    list.hidden = false;
    typed.setAttribute("aria-expanded", "true");
  };
  typed.addEventListener("input", () => {
    field.value = typed.value; // a name is understood by the server as well
    clearTimeout(wait);
    wait = setTimeout(ask, 160);
  });
  typed.addEventListener("focus", () => { if (!typed.value) ask(); });
  typed.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) { event.preventDefault(); pick(option); }
  });
  typed.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll("[role=option]")];
    const now = all.findIndex((one) => one.getAttribute("aria-selected"));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { ask(); return; }
      all[now]?.removeAttribute("aria-selected");
      const next = all[(now + (event.key === "ArrowDown" ? 1 : all.length - 1) + (now < 0 && event.key === "ArrowUp" ? 1 : 0)) % all.length];
      next?.setAttribute("aria-selected", "true");
      next?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && !list.hidden && all.length) {
      event.preventDefault();
      pick(all[Math.max(now, 0)]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
}

const dressAll = (root) => root.querySelectorAll("input[data-finder]").forEach(dress);
dressAll(document);
document.addEventListener("filled", (event) => dressAll(event.target));
