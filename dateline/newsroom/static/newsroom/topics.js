// Topics as chips. The text box stays in the form as what is sent; this only draws and edits it.

const LINE = "\n";

class Topics {
  constructor(root) {
    this.root = root;
    this.box = root.querySelector("textarea");
    this.names = JSON.parse(root.dataset.names);
    this.options = [];
    this.active = -1;
    this.asked = 0;
    this.draw();
    this.listen();
    this.render();
  }

  text(key, facts = {}) {
    const pattern = this.root.dataset[`text${key}`];
    return pattern.replace(/\{(\w+)\}/g, (_whole, name) => facts[name]);
  }

  draw() {
    this.chips = make("ul", { class: "topics__chips", role: "list", "aria-label": this.text("List") });
    this.input = make("input", {
      type: "text", class: "topics__input", role: "combobox", autocomplete: "off",
      "aria-autocomplete": "list", "aria-expanded": "false", placeholder: this.text("Add"),
      maxlength: this.root.dataset.nameLength,
    });
    // The label and the descriptions of the text box now belong to what is seen.
    for (const name of ["id", "aria-describedby", "aria-invalid"]) {
      if (!this.box.hasAttribute(name)) continue;
      this.input.setAttribute(name, this.box.getAttribute(name));
      this.box.removeAttribute(name);
    }
    this.list = make("ul", { class: "topics__options", role: "listbox", id: `${this.box.name}-options`,
      "aria-label": this.text("Add"), hidden: "" });
    this.input.setAttribute("aria-controls", this.list.id);
    this.status = make("p", { class: "w-sr-only", role: "status" });
    const field = make("div", { class: "topics__field" });
    field.append(this.chips, this.input);
    this.root.append(field, this.list, this.status);
    this.box.hidden = true;
    field.addEventListener("click", (event) => event.target === field && this.input.focus());
  }

  listen() {
    this.input.addEventListener("input", () => this.onInput());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => { this.takeWritten(); this.close(); });
    this.box.form?.addEventListener("submit", () => this.takeWritten(), { capture: true });
    this.chips.addEventListener("keydown", (event) => this.onChipKey(event));
    this.chips.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove]");
      if (button) this.remove(Number(button.dataset.remove));
    });
    // A suggestion must be picked before the input loses the focus.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.pick(option.textContent);
    });
    this.listenToDragging();
  }

  listenToDragging() {
    let from = null;
    const place = (event) => event.target.closest("[data-place]");
    this.chips.addEventListener("dragstart", (event) => {
      from = Number(place(event).dataset.place);
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", this.names[from]);
    });
    this.chips.addEventListener("dragover", (event) => from !== null && event.preventDefault());
    this.chips.addEventListener("drop", (event) => {
      event.preventDefault();
      if (from !== null && place(event)) this.move(from, Number(place(event).dataset.place));
      from = null;
    });
    this.chips.addEventListener("dragend", () => { from = null; });
  }

  onInput() {
    const parts = this.input.value.split(/[,\n]/);
    if (parts.length > 1) {
      parts.slice(0, -1).forEach((name) => this.add(name));
      this.input.value = parts.at(-1).trimStart();
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suggest(), 120);
  }

  onKey(event) {
    const { key } = event;
    if (event.isComposing) return;
    if (key === "Enter") {
      event.preventDefault();
      if (this.active >= 0) this.pick(this.options[this.active]);
      else this.takeWritten();
    } else if (key === "Backspace" && !this.input.value && this.names.length) {
      this.remove(this.names.length - 1);
    } else if (key === "Escape" && this.options.length) {
      event.stopPropagation();
      this.close();
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      if (!this.options.length) return;
      event.preventDefault();
      const step = key === "ArrowDown" ? 1 : -1;
      const count = this.options.length + 1;
      this.choose(((this.active + 1 + step + count) % count) - 1);
    } else if (key === "ArrowLeft" && !this.input.value && this.names.length) {
      this.focusChip(this.names.length - 1);
    }
  }

  onChipKey(event) {
    const chip = event.target.closest("[data-place]");
    if (!chip || event.target !== chip) return;
    const place = Number(chip.dataset.place);
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step) {
      event.preventDefault();
      const to = place + step;
      if (to >= 0 && to < this.names.length) this.move(place, to, { focus: true });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.remove(place);
      if (this.names.length) this.focusChip(Math.min(place, this.names.length - 1));
      else this.input.focus();
    }
  }

  async suggest() {
    const written = this.input.value.trim();
    this.asked += 1;
    const asked = this.asked;
    if (!written) return this.close();
    try {
      const url = new URL(this.root.dataset.suggestionsUrl, location.href);
      url.searchParams.set("q", written);
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok || asked !== this.asked) return undefined;
      const { topics } = await answer.json();
      return this.open(topics.filter((name) => !this.has(name)));
    } catch {
      return this.close(); // Offline: a name can still be written in full.
    }
  }

  open(options) {
    this.options = options;
    this.list.replaceChildren(...options.map((name, place) => {
      const option = make("li", { role: "option", id: `${this.list.id}-${place}`, "aria-selected": "false" });
      option.textContent = name;
      return option;
    }));
    this.list.hidden = !options.length;
    this.input.setAttribute("aria-expanded", String(options.length > 0));
    this.choose(-1);
    if (options.length) this.say("Found", { count: options.length });
  }

  close() {
    clearTimeout(this.timer);
    this.asked += 1;
    this.open([]);
  }

  choose(place) {
    this.active = place;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    if (place >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${place}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  pick(name) {
    this.input.value = "";
    this.add(name);
    this.close();
  }

  takeWritten() {
    const written = this.input.value;
    if (!written.trim()) return;
    this.input.value = "";
    written.split(",").forEach((name) => this.add(name));
    this.close();
  }

  has(name) {
    return this.names.some((other) => other.toLocaleLowerCase() === name.toLocaleLowerCase());
  }

  add(written) {
    const name = written.trim().replace(/\s+/g, " ").replace(/^#/, "").trim();
    if (!name) return;
    if (this.has(name)) { this.say("There", { name }); return; }
    this.names.push(name);
    this.changed();
    this.say("Added", { name });
  }

  remove(place) {
    const [name] = this.names.splice(place, 1);
    this.changed();
    this.say("Removed", { name });
  }

  move(from, to, { focus = false } = {}) {
    if (from === to) return;
    const [name] = this.names.splice(from, 1);
    this.names.splice(to, 0, name);
    this.changed();
    if (focus) this.focusChip(to);
    this.say("Moved", { name, place: to + 1 });
  }

  focusChip(place) {
    this.chips.querySelector(`[data-place="${place}"]`)?.focus();
  }

  changed() {
    this.box.value = this.names.map((name) => name + LINE).join("");
    this.render();
    // Wagtail's autosave and its warning about unsaved changes listen to these.
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
    this.box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  render() {
    const count = this.names.length;
    this.chips.replaceChildren(...this.names.map((name, place) => {
      const chip = make("li", { class: "topics__chip", tabindex: "0", draggable: "true", "data-place": place,
        "aria-label": this.text("Chip", { name, place: place + 1, count }) });
      const label = make("span", { "aria-hidden": "true" });
      label.textContent = name;
      const remove = make("button", { type: "button", tabindex: "-1", "data-remove": place,
        "aria-label": this.text("Remove", { name }) });
      remove.textContent = "×";
      chip.append(label, remove);
      return chip;
    }));
    this.chips.hidden = !count;
  }

  say(key, facts) {
    this.status.textContent = this.text(key, facts);
  }
}

function make(tag, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

for (const root of document.querySelectorAll("[data-topics]")) new Topics(root);
