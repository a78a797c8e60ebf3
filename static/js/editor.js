// The editor of a draft: the sheet as a grid, the row read aloud below it, every change saved by itself.
// On a phone, and where the grid's files are missing, the plain table stays and its links open forms.
import { Cells, implied } from "./editor-cells.js";
import { Grid } from "./editor-grid.js";

const root = document.querySelector("[data-editor]");
const words = JSON.parse(root.querySelector("[data-words]").textContent);
const wide = matchMedia("(min-width: 761px)");
const find = (name) => root.querySelector(`[data-${name}]`);
const params = new URLSearchParams(location.search);

class Editor {
  constructor(state) {
    this.state = state;
    this.words = words;
    this.root = root;
    this.queue = Promise.resolve();
    this.unsettled = 0;
  }

  address(path, more = {}) {
    const query = new URLSearchParams({ sheet: this.state.sheet, ...(root.dataset.facts ? { facts: root.dataset.facts } : {}), ...more });
    return `${root.dataset.base}${path}?${query}`;
  }

  row(key) { return this.state.rows.find((row) => row.key === key); }

  // One change after the other, each with the last edit that this page has seen; `before` ends the editing of the cell
  // before the grid shows what became of it.
  send(path, fields, before = () => {}) {
    this.working(1);
    const sent = this.queue.then(() => this.post(path, fields, before)).finally(() => this.working(-1));
    this.queue = sent.catch(() => {});
    return sent;
  }

  // Whether what is shown is what was last done: so for who listens to the page, and for who works it by programme.
  working(more) {
    this.unsettled += more;
    find("table").setAttribute("aria-busy", this.unsettled > 0);
  }

  async post(path, fields, before) {
    const body = fields instanceof FormData ? fields : new FormData();
    if (!(fields instanceof FormData)) for (const [name, value] of Object.entries(fields)) body.append(name, value);
    for (const [name, value] of Object.entries({ sheet: this.state.sheet, facts: root.dataset.facts, since: this.state.since, csrf_token: root.dataset.token })) body.set(name, value);
    this.say(words.saving);
    let answer;
    try {
      answer = await fetch(`${root.dataset.base}${path}`, { method: "POST", body, headers: { "X-Editor": "1" } });
    } catch {
      this.say(words.unsaved, true);
      return { refused: words.unsaved };
    }
    if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) { location.reload(); return new Promise(() => {}); }
    const told = await answer.json();
    if (told.refused) {
      this.say(this.state.saved);
      if (answer.status === 409) this.refresh();
      return told;
    }
    before();
    await this.apply(told);
    return told;
  }

  async refresh() {
    const answer = await fetch(this.address("rows"));
    if (answer.ok) this.apply(await answer.json());
  }

  apply(state) {
    const before = this.state;
    this.state = state;
    this.say(state.saved);
    for (const way of ["undo", "redo"]) root.ownerDocument.querySelector(`[data-step=${way}] button`).disabled = !state[way];
    find("whole").replaceChildren(...state.whole.map((found) => finding(found)));
    const laid = this.grid?.apply(before, state);
    this.read();
    this.look();
    return laid;
  }

  // A large table is looked over after it is shown; meanwhile one goes on writing.
  look() {
    clearTimeout(this.looking);
    if (this.state.looked || !this.grid) return;
    const since = this.state.since;
    this.looking = setTimeout(async () => {
      const answer = await fetch(this.address("rows", { doubts: "1" }));
      if (!answer.ok) return;
      const state = await answer.json();
      if (this.state.since === since && !this.grid.busy()) this.apply({ ...state, at: this.at });
    }, 300);
  }

  say(text, wrong = false) {
    const place = document.querySelector("[data-saved]");
    place.textContent = text;
    place.classList.toggle("wrong", wrong);
  }

  // The selected row below the grid: its sentence, how many cases it matches, what is doubtful.
  read() {
    const row = this.row(this.at);
    const place = find("reading");
    place.hidden = !row || !(row.sentence || row.findings.length);
    if (place.hidden) return;
    find("sentence").textContent = row.sentence;
    find("findings").replaceChildren(...row.findings.map((found) => finding(found)));
    this.count(find("matching"), { row: row.key });
  }

  // Asked when the hand rests, and only for what is still shown when the answer comes.
  count(place, fields) {
    clearTimeout(this.counting);
    if (!root.dataset.counts || !place) return;
    const asked = this.address("matches", fields instanceof URLSearchParams ? {} : fields);
    const address = fields instanceof URLSearchParams ? `${asked}&${fields}` : asked;
    this.counting = setTimeout(async () => {
      place.textContent = words.matching;
      const answer = await fetch(address);
      const told = answer.ok ? await answer.json() : { text: "" };
      place.textContent = told.text;
    }, 200);
  }

  select(key) {
    if (this.at === key) return;
    this.at = key;
    this.read();
  }

  async news() {
    if (document.hidden) return;
    const answer = await fetch(`${root.dataset.base}news?since=${this.state.since}`);
    if (!answer.ok) return;
    const told = await answer.json();
    if (!told.news.length || this.grid?.busy()) return;
    await this.refresh();
    this.say(told.news[0]);
  }
}

export function finding(found) {
  const line = document.createElement("p");
  line.className = `finding ${found.tone}`;
  line.textContent = found.text;
  return line;
}

const editor = new Editor(JSON.parse(root.querySelector("[data-state]").textContent));
for (const form of document.querySelectorAll("[data-step]")) {
  form.addEventListener("submit", (event) => { if (!editor.grid) return; event.preventDefault(); editor.step(form.dataset.step); });
}
editor.step = async (way) => {
  const told = await editor.send(way, { row: editor.at || "" });
  if (told.refused) editor.say(told.refused, true);
};
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.closest("input, textarea, select, dialog[open]")) return;
  const key = event.key.toLowerCase();
  const way = key === "z" && !event.shiftKey ? "undo" : key === "y" || (key === "z" && event.shiftKey) ? "redo" : "";
  if (!way || !editor.grid) return;
  event.preventDefault();
  editor.step(way);
});

// Keys of the grid stand with the others under "?".
const keys = document.querySelector("#keys .keys");
if (keys) keys.append(...find("keys").children);
find("keys").remove();

// A row's form takes a value that was picked as what is asked.
document.addEventListener("input", (event) => { const form = event.target.closest(".row-form form"); if (form) implied(form, event.target); });

// A long list of facts is narrowed by typing.
root.querySelector("[data-narrow-list]")?.addEventListener("input", (event) => {
  const typed = event.target.value.trim();
  for (const item of event.target.closest(".sheetlet").querySelectorAll("li")) item.hidden = !item.textContent.includes(typed);
});

// The try-out answers on the page and shows its row in the grid.
const trying = find("try-form");
trying?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const query = new URLSearchParams([...new FormData(trying)].filter(([, value]) => value));
  const answer = await fetch(`${root.dataset.base}try?${query}`);
  if (!answer.ok) return;
  find("told").innerHTML = await answer.text();
  editor.grid?.show([...find("told").querySelectorAll("[data-row]")].map((one) => one.dataset.row), [...find("told").querySelectorAll("[data-near]")].map((one) => one.dataset.near), [...find("told").querySelectorAll("[data-not-reached]")].flatMap((one) => one.dataset.notReached.split(" ")));
});
root.addEventListener("click", (event) => {
  const link = event.target.closest("[data-row-link]");
  if (!link || !editor.grid) return;
  event.preventDefault();
  editor.grid.choose(link.dataset.rowLink);
});

async function lay() {
  const { TabulatorFull } = await import(root.dataset.grid);
  find("table").hidden = false;
  editor.working(1);
  editor.grid = new Grid(editor, TabulatorFull, find("table"), new Cells(editor), root.dataset.at || params.get("row") || "");
  editor.look();
  setInterval(() => editor.news(), 15000);
}

// A window that grew narrow shows cards, one that grew wide the grid: both of what is stored now.
if (root.dataset.grid) wide.addEventListener("change", () => location.reload());
if (root.dataset.grid && wide.matches) lay().catch((fault) => { root.classList.add("plainly"); throw fault; });
