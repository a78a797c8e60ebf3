// The grid of one sheet: moves by keyboard, edits where one stands, drags rows, takes what Excel copies.
const NARROW = 72;
const WIDEST = { test: 190, long: 320, list: 220, rows: 240, names: 220 };

// A row is taken by its number and put between two others; a line shows where it will stand.
class Drag {
  constructor(grid, place) {
    Object.assign(this, { grid, place });
    this.line = document.createElement("div");
    this.line.className = "drop-line";
    place.addEventListener("mousedown", (event) => this.take(event), true);
  }

  take(event) {
    const handle = event.target.closest(".tabulator-cell.handle");
    if (!handle || event.button) return;
    event.preventDefault();
    event.stopPropagation();
    const rows = this.grid.table.getRows();
    const row = rows.find((one) => one.getElement().contains(handle));
    const move = (moved) => this.over(moved, rows, row);
    document.addEventListener("mousemove", move);
    document.addEventListener("mouseup", () => { document.removeEventListener("mousemove", move); this.put(row); }, { once: true });
    this.target = undefined;
    this.grid.choose(row.getIndex());
    this.grid.focus();
  }

  over(event, rows, row) {
    const shown = rows.filter((one) => one.getElement().isConnected);
    const next = shown.find((one) => { const at = one.getElement().getBoundingClientRect(); return event.clientY < at.top + at.height / 2; });
    const last = shown.at(-1).getElement();
    row.getElement().classList.add("taken");
    this.target = next ? next.getIndex() : "";
    const holder = last.closest(".tabulator-tableholder"); // what is drawn anew within it leaves the line alone
    if (this.line.parentElement !== holder) holder.append(this.line);
    this.line.style.width = `${last.offsetWidth}px`;
    this.line.style.top = `${last.parentElement.offsetTop + (next ? next.getElement().offsetTop : last.offsetTop + last.offsetHeight)}px`;
  }

  put(row) {
    this.line.remove();
    row.getElement().classList.remove("taken");
    const key = row.getIndex();
    const after = row.getNextRow();
    if (this.target === undefined || this.target === key || this.target === (after ? after.getIndex() : "")) return;
    this.grid.deed("move", key, { before: this.target });
  }
}

const breadth = (text) => [...(text || "")].reduce((sum, sign) => sum + (sign.charCodeAt(0) > 255 ? 14 : 8), 0);

export class Grid {
  constructor(editor, Tabulator, place, cells, at) {
    Object.assign(this, { editor, cells, place });
    const state = editor.state;
    this.table = new Tabulator(place, {
      data: this.data(state),
      index: "key",
      columns: this.columns(state),
      rowHeader: this.margin(state),
      columnDefaults: { headerSort: false, headerWordWrap: true, vertAlign: "middle" },
      nestedFieldSeparator: false,
      layout: "fitData",
      rowHeight: 36,
      minHeight: 72, // with both, the rows scroll within; else all of them are laid and the lower ones are cut off
      maxHeight: editor.root.dataset.counts ? "max(252px, calc(100vh - 424px))" : "max(252px, calc(100vh - 330px))",
      placeholder: [...(document.querySelector(".plain .empty")?.children || [])].map((line) => line.textContent).join("\n"),
      selectableRange: 1,
      selectableRangeColumns: false,
      selectableRangeRows: true,
      selectableRangeClearCells: false,
      editTriggerEvent: "dblclick",
      clipboard: true,
      clipboardCopyStyled: false,
      clipboardCopyConfig: { rowHeaders: false, columnHeaders: false },
      clipboardCopyRowRange: "range",
      clipboardPasteParser: (text) => text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t")),
      clipboardPasteAction: (lines) => this.paste(lines),
      popupContainer: true,
      keybindings: { undo: false, redo: false },
    });
    // The grid takes the keyboard whenever its rows are laid anew; the page must not jump to it.
    const holder = this.table.rowManager.element;
    holder.focus = () => HTMLElement.prototype.focus.call(holder, { preventScroll: true });
    this.table.on("tableBuilt", () => { this.choose(at || this.key(0)); this.focus(); editor.working(-1); });
    for (const event of ["rangeAdded", "rangeChanged"]) this.table.on(event, () => this.told());
    this.table.on("cellMouseDown", (event, cell) => this.editor.select(cell.getRow().getIndex()));
    this.place.addEventListener("keydown", (event) => this.pressed(event), true);
    const adds = editor.root.querySelector("[data-add]");
    adds?.addEventListener("click", () => this.aim(adds));
    new Drag(this, place);
  }

  data(state) { return state.rows.map((row) => this.line(row)); }

  line(row) {
    const line = { key: row.key, row };
    this.editor.state.columns.forEach((column, n) => { line[`c${n}`] = row.cells[column.cell]; });
    return line;
  }

  columns(state) {
    return state.columns.map((column, n) => {
      const longest = Math.max(0, ...state.rows.map((row) => breadth(row.cells[column.cell] || row.usual[column.cell])));
      const label = column.label.length > 4 ? breadth(column.label) * 0.5 + 6 : breadth(column.label);
      const width = state.fixed && column.cell === "value" ? 720 : Math.max(NARROW, label + 24, Math.min(longest + 26, WIDEST[column.kind] || 180));
      const title = document.createElement("span");
      title.textContent = column.label;
      return {
        field: `c${n}`, title: column.label, width, headerTooltip: column.label, cssClass: `kind-${column.kind}`,
        titleFormatter: () => title,
        tooltip: (_event, cell) => cell.getValue() || "",
        accessorClipboard: (value, line) => line.row?.texts[column.cell] ?? value,
        formatter: (cell) => this.shown(cell, column),
        editor: (cell, rendered, _success, cancel) => this.cells.open(cell, column, rendered, cancel),
        editable: (cell) => this.editable(cell, column),
      };
    });
  }

  editable(cell, column) {
    const row = cell.getData().row;
    return !row.inner[column.cell] && (!this.editor.state.fixed || column.cell === "value");
  }

  shown(cell, column) {
    const row = cell.getData().row;
    const place = cell.getElement();
    const found = row.findings.filter((one) => one.cell === column.cell || one.cell.startsWith(`${column.cell}.`) || column.cell.startsWith(`${one.cell}.`) && one.cell);
    place.classList.toggle("has-wrong", found.some((one) => one.tone === "wrong"));
    place.classList.toggle("has-doubt", found.some((one) => one.tone === "doubt"));
    const text = document.createElement(row.inner[column.cell] ? "a" : "span");
    if (row.inner[column.cell]) { text.href = row.inner[column.cell]; text.tabIndex = -1; }
    const value = cell.getValue();
    text.textContent = value || row.usual[column.cell] || (row.inner[column.cell] ? this.editor.words.open : "");
    if (!value) text.className = "usual";
    return text;
  }

  margin(state) {
    return {
      field: "key", title: this.editor.words.row, headerSort: false, resizable: false, frozen: true, width: 64,
      editor: false, cssClass: state.ordered ? "margin handle" : "margin",
      formatter: (cell) => {
        const row = cell.getData().row;
        const place = document.createElement("span");
        place.textContent = cell.getRow().getPosition() || "";
        if (row?.findings.length) {
          const mark = document.createElement("span");
          mark.className = `mark ${row.findings.some((one) => one.tone === "wrong") ? "wrong" : "doubt"}`;
          mark.textContent = row.findings.length;
          mark.title = row.findings.map((one) => one.text).join("\n");
          place.append(mark);
        }
        return place;
      },
    };
  }

  // Where one stands.

  key(n) { return this.editor.state.rows[n]?.key; }

  cell() {
    const range = this.table.getRanges?.()[0];
    try { return range?.getCells()[0]?.[0]; } catch { return undefined; }
  }

  told() {
    const cell = this.cell();
    if (cell) this.editor.select(cell.getRow().getIndex());
  }

  choose(key, field = "") {
    const row = key && this.table.getRow(key);
    if (!row) return;
    const cell = row.getCell(field || "c0");
    this.reveal(this.number(this.editor.state, key));
    this.table.addRange(cell, cell);
    this.editor.select(key);
  }

  // Only the rows scroll, never the page.
  reveal(number) {
    const holder = this.place.querySelector(".tabulator-tableholder");
    const [top, row] = [number * 37, 37];
    if (top < holder.scrollTop || top + row > holder.scrollTop + holder.clientHeight) holder.scrollTop = Math.max(0, top - 2 * row);
  }

  focus() { this.table.rowManager.element.focus(); }

  busy() { return this.cells.isOpen(); }

  show(rows, near, unreached) {
    for (const row of this.table.getRows()) {
      const place = row.getElement();
      place.classList.toggle("hit", rows.includes(row.getIndex()));
      place.classList.toggle("near", near.includes(row.getIndex()));
      place.classList.toggle("unreached", unreached.includes(row.getIndex()));
    }
    if (rows[0]) this.choose(rows[0]);
  }

  // What was changed.

  apply(before, state) {
    const cell = this.cell();
    const [key, field] = [state.at || this.editor.at, cell?.getField() || "c0"];
    const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    if (!same(before.columns, state.columns)) this.table.setColumns([this.margin(state), ...this.columns(state)]);
    const keys = (of) => of.rows.map((row) => row.key).join("\n");
    if (keys(before) === keys(state) && same(before.columns, state.columns)) {
      const old = new Map(before.rows.map((row) => [row.key, row]));
      const changed = state.rows.filter((row) => !same(old.get(row.key), row));
      if (changed.length) this.table.updateData(changed.map((row) => this.line(row)));
      changed.forEach((row) => this.table.getRow(row.key).reformat());
      if (state.at && state.at !== this.editor.at) this.choose(state.at, field);
      return undefined;
    }
    return this.table.replaceData(this.data(state)).then(() => {
      const next = this.editor.row(key) ? key : this.key(Math.min(this.number(before, key), state.rows.length - 1));
      this.editor.at = undefined;
      this.choose(next, field);
      this.focus();
    });
  }

  number(state, key) { return Math.max(0, state.rows.findIndex((row) => row.key === key)); }

  async deed(what, key, more = {}) {
    const told = await this.editor.send("deed", { deed: what, row: key, ...more });
    if (told.refused) { this.editor.say(told.refused, true); this.table.replaceData(this.data(this.editor.state)); }
  }

  async put(key, cell, text) {
    const told = await this.editor.send("cell", { row: key, cell, typed: text });
    if (told.refused) this.editor.say(told.refused, true);
    return told;
  }

  paste(lines) {
    const start = this.cell();
    if (!start) return;
    const rows = this.editor.state.rows.map((row) => row.key);
    const [top, left] = [rows.indexOf(start.getRow().getIndex()), Number(start.getField().slice(1))];
    lines.forEach((line, down) => line.forEach((text, right) => {
      const [key, column] = [rows[top + down], this.editor.state.columns[left + right]];
      if (key !== undefined && column) this.put(key, column.cell, text);
    }));
  }

  // The keyboard.

  pressed(event) {
    if (this.busy() || event.target.closest("input, textarea, select")) return;
    const cell = this.cell();
    const key = cell?.getRow().getIndex();
    const control = event.ctrlKey || event.metaKey;
    const stop = () => { event.preventDefault(); event.stopPropagation(); };
    if (event.key === "Insert") { stop(); this.add(); return; }
    if (!cell) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      stop();
      if (this.editor.state.ordered) this.deed(event.key === "ArrowUp" ? "up" : "down", key);
    } else if (control && event.key.toLowerCase() === "d") {
      stop();
      if (!this.editor.state.fixed) this.deed("duplicate", key);
    } else if (control && event.key === "Delete") {
      stop();
      if (!this.editor.state.fixed) this.deed("delete", key);
    } else if (control || event.altKey) {
      return;
    } else if (event.key === "Enter" || event.key === "F2") {
      stop();
      this.enter(cell);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      stop();
      this.clear(cell);
    } else if (event.key.length === 1 && event.key !== "?") {
      stop();
      this.enter(cell, event.key);
    }
  }

  enter(cell, text = null) {
    const column = this.editor.state.columns[Number(cell.getField().slice(1))];
    const inner = column && cell.getData().row.inner[column.cell];
    if (inner) { location.assign(inner); return; }
    if (!column || !this.editable(cell, column)) return;
    this.cells.start = text;
    cell.edit();
  }

  clear(cell) {
    const column = this.editor.state.columns[Number(cell.getField().slice(1))];
    if (column && this.editable(cell, column)) this.put(cell.getRow().getIndex(), column.cell, "");
  }

  // By key or by button: below the selected row, so that what is added is seen, and is asked before the rows that follow.
  add() { this.editor.root.querySelector("[data-add]")?.click(); }

  aim(link) {
    const rows = this.editor.state.rows;
    const next = this.editor.at && rows[this.number(this.editor.state, this.editor.at) + 1];
    const address = new URL(link.href);
    if (next) address.searchParams.set("before", next.key); else address.searchParams.delete("before");
    link.href = address;
  }
}
