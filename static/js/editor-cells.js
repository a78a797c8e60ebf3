// Editing one cell: a line to type in, or the cell's own form from the server in a small sheet beside it.
// What is refused stays typed, with what would be right.
const TYPED = ["text", "number"];

export class Cells {
  constructor(editor) {
    this.editor = editor;
    this.start = null;
    this.opened = null;
  }

  isOpen() { return this.opened !== null; }

  open(cell, column, rendered, cancel) {
    const row = cell.getData().row;
    const kind = row.kinds[column.cell] || column.kind;
    const start = this.start;
    this.start = null;
    const leave = () => { if (this.opened) { this.close(); cancel(); } };
    const text = row.texts[column.cell] ?? cell.getValue() ?? "";
    const place = { row: row.key, cell: column.cell, element: cell.getElement() };
    return TYPED.includes(kind) || kind === "long"
      ? this.line(place, kind, start ?? text, text, rendered, leave)
      : this.sheet(place, start, cell.getValue() ?? "", rendered, leave);
  }

  close() {
    this.opened?.remove();
    this.opened = null;
  }

  float(place) {
    this.close();
    const box = document.createElement("div");
    box.className = "cell-sheet";
    document.body.append(box);
    this.opened = box;
    this.settle(box, place.element);
    return box;
  }

  settle(box, element) {
    const at = element.getBoundingClientRect();
    box.style.left = "8px"; // measured where it has room: at the right edge it would be squeezed
    const [width, height] = [box.offsetWidth, box.offsetHeight];
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 16)) + scrollX}px`;
    const below = box.classList.contains("picking") ? at.bottom + 2 : at.top;
    box.style.top = `${(below + height > innerHeight && at.top > height ? at.top - height - 2 : below) + scrollY}px`;
  }

  // Typing: Enter and leaving the cell save, Escape does not.
  line(place, kind, value, before, rendered, leave) {
    const holder = document.createElement("div");
    holder.className = "typing";
    const box = this.float(place);
    const field = document.createElement(kind === "long" ? "textarea" : "input");
    if (kind === "long") field.rows = Math.min(8, 2 + Math.floor(value.length / 28));
    field.value = value;
    field.className = "typed";
    field.setAttribute("aria-label", place.cell);
    const wrong = document.createElement("p");
    wrong.className = "wrong";
    wrong.hidden = true;
    box.append(field, wrong);
    box.style.minWidth = `${Math.max(place.element.offsetWidth, kind === "long" ? 320 : 160)}px`;
    this.settle(box, place.element);
    let sending = false;
    const save = async () => {
      if (sending) return;
      if (field.value === before) { leave(); return; }
      sending = true;
      const told = await this.editor.send("cell", { row: place.row, cell: place.cell, typed: field.value }, leave);
      sending = false;
      if (!told.refused) { this.editor.grid.focus(); return; }
      wrong.textContent = told.refused;
      wrong.hidden = false;
      this.settle(box, place.element);
      field.focus();
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") { event.preventDefault(); leave(); }
      if ((event.key === "Enter" && !event.shiftKey && !event.isComposing) || event.key === "Tab") { event.preventDefault(); save(); }
    });
    field.addEventListener("blur", () => { if (this.opened === box && wrong.hidden) save(); });
    rendered(() => { field.focus(); if (this.start === null) field.setSelectionRange(field.value.length, field.value.length); });
    return holder;
  }

  // Picking: the form of the cell as the server makes it for those without scripts.
  sheet(place, start, before, rendered, leave) {
    const holder = document.createElement("div");
    holder.className = "typing";
    holder.textContent = before;
    const box = this.float(place);
    box.classList.add("picking");
    const away = (event) => { if (!box.contains(event.target)) { document.removeEventListener("pointerdown", away, true); if (this.opened === box) leave(); } };
    document.addEventListener("pointerdown", away, true);
    this.fill(box, place, start, leave);
    rendered(() => {});
    return holder;
  }

  async fill(box, place, start, leave) {
    const answer = await fetch(this.editor.address("cell", { row: place.row, cell: place.cell }), { headers: { "X-Sheet": "1" } });
    if (this.opened !== box) return;
    box.innerHTML = await answer.text();
    this.settle(box, place.element);
    const form = box.querySelector("form");
    const visible = (one) => one.offsetParent !== null;
    const first = form?.querySelector("input:checked") || [...form?.querySelectorAll("select, input:not([type=hidden])") || []].find(visible) || box.querySelector("a");
    first?.focus();
    const typed = form?.querySelector('input[name="text"]');
    if (start !== null && typed) {
      const way = form.querySelector('input[name="op"][value="text"]');
      if (way) way.checked = true;
      typed.value = start;
      typed.focus();
    }
    const wrong = document.createElement("p");
    wrong.className = "wrong";
    wrong.hidden = true;
    form?.querySelector(".ends")?.before(wrong);
    box.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") { event.preventDefault(); leave(); }
      if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
    });
    box.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) { event.preventDefault(); leave(); } });
    form?.addEventListener("input", (event) => {
      implied(form, event.target);
      const fields = new URLSearchParams([...new FormData(form)].filter(([name]) => ["op", "value", "low", "high", "text", "row", "cell"].includes(name)));
      this.editor.count(form.querySelector("[data-cell-matching]"), fields);
      this.settle(box, place.element);
    });
    form?.addEventListener("submit", async (event) => {
      event.preventDefault();
      const told = await this.editor.send("cell", new FormData(form), leave);
      if (!told.refused) { this.editor.grid.focus(); return; }
      wrong.textContent = told.refused;
      wrong.hidden = false;
      this.settle(box, place.element);
    });
  }
}

// Choosing a value says the way of asking; typing a text means that text. In a row's form each cell has its own prefix.
export function implied(form, field) {
  const [, prefix, name] = field.name.match(/^(.*-)?(.*)$/).map((part) => part ?? "");
  const choose = (way) => { const radio = form.querySelector(`input[name="${prefix}op"][value="${way}"]`); if (radio) radio.checked = true; };
  const chosen = form.querySelector(`input[name="${prefix}op"]:checked`)?.value ?? "";
  if (name === "value" && !["is", "not", "has", "lacks"].includes(chosen)) { choose("is"); choose("has"); }
  if (name === "low" && !["is", ">=", "<=", ">", "<", "between"].includes(chosen)) choose(">=");
  if (name === "text") choose("text");
}
