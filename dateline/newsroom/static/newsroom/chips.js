// Names as chips: topics, subjects, people. The text box stays in the form as what is sent; this
// only draws and edits it.
//
// A chip is { value, label, hint }: what is sent, what is read, and what tells it from another of
// the same label. A list that is free takes any name that is written; one that is closed takes what
// it suggests, and what was written otherwise is sent as it is, for the form to say what is wrong.

const LINE = "\n";

class Chips {
  constructor(root) {
    this.root = root;
    this.box = root.querySelector("textarea");
    this.chosen = JSON.parse(root.dataset.chosen);
    this.free = root.hasAttribute("data-free");
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
    this.chips = make("ul", { class: "chips__chips", role: "list", "aria-label": this.text("List") });
    this.input = make("input", {
      type: "text", class: "chips__input", role: "combobox", autocomplete: "off",
      "aria-autocomplete": "list", "aria-expanded": "false", placeholder: this.text("Add"),
      maxlength: this.root.dataset.nameLength,
    });
    // The label and the descriptions of the text box now belong to what is seen.
    for (const name of ["id", "aria-describedby", "aria-invalid"]) {
      if (!this.box.hasAttribute(name)) continue;
      this.input.setAttribute(name, this.box.getAttribute(name));
      this.box.removeAttribute(name);
    }
    this.list = make("ul", { class: "chips__options", role: "listbox", id: `${this.box.name}-options`,
      "aria-label": this.text("Add"), hidden: "" });
    this.input.setAttribute("aria-controls", this.list.id);
    this.status = make("p", { class: "w-sr-only", role: "status" });
    const field = make("div", { class: "chips__field" });
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
      if (option) this.pick(this.options[Number(option.dataset.option)]);
    });
    this.listenToDragging();
  }

  listenToDragging() {
    let from = null;
    const place = (event) => event.target.closest("[data-place]");
    this.chips.addEventListener("dragstart", (event) => {
      from = Number(place(event).dataset.place);
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", this.chosen[from].label);
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
    // Names of a closed list may have a comma in them.
    const parts = this.input.value.split(this.free ? /[,\n]/ : /\n/);
    if (parts.length > 1) {
      parts.slice(0, -1).forEach((name) => this.add(written(name)));
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
      else if (!this.free && this.options.length) this.pick(this.options[0]);
      else this.takeWritten();
    } else if (key === "Backspace" && !this.input.value && this.chosen.length) {
      this.remove(this.chosen.length - 1);
    } else if (key === "Escape" && this.options.length) {
      event.stopPropagation();
      this.close();
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      if (!this.options.length) return;
      event.preventDefault();
      const step = key === "ArrowDown" ? 1 : -1;
      const count = this.options.length + 1;
      this.choose(((this.active + 1 + step + count) % count) - 1);
    } else if (key === "ArrowLeft" && !this.input.value && this.chosen.length) {
      this.focusChip(this.chosen.length - 1);
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
      if (to >= 0 && to < this.chosen.length) this.move(place, to, { focus: true });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.remove(place);
      if (this.chosen.length) this.focusChip(Math.min(place, this.chosen.length - 1));
      else this.input.focus();
    }
  }

  async suggest() {
    const query = this.input.value.trim();
    this.asked += 1;
    const asked = this.asked;
    if (!query) return this.close();
    try {
      const url = new URL(this.root.dataset.suggestionsUrl, location.href);
      url.searchParams.set("q", query);
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok || asked !== this.asked) return undefined;
      const { options } = await answer.json();
      return this.open(options.filter((option) => !this.has(option)));
    } catch {
      return this.close(); // Offline: a name can still be written in full.
    }
  }

  open(options) {
    this.options = options;
    this.list.replaceChildren(...options.map(({ label, hint }, place) => {
      const option = make("li", { role: "option", id: `${this.list.id}-${place}`, "data-option": place,
        "aria-selected": "false" });
      option.append(label, ...hinted(hint));
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

  pick(option) {
    this.input.value = "";
    this.add(option);
    this.close();
  }

  takeWritten() {
    const text = this.input.value;
    if (!text.trim()) return;
    this.input.value = "";
    if (this.free) text.split(",").forEach((name) => this.add(written(name)));
    else this.add(this.options.find(({ label }) => same(label, text)) ?? written(text));
    this.close();
  }

  has(option) {
    return this.chosen.some((other) => same(other.value, option.value));
  }

  add(option) {
    const name = option.label;
    if (!name) return;
    if (this.has(option)) { this.say("There", { name }); return; }
    this.chosen.push(option);
    this.changed();
    this.say("Added", { name });
  }

  remove(place) {
    const [{ label: name }] = this.chosen.splice(place, 1);
    this.changed();
    this.say("Removed", { name });
  }

  move(from, to, { focus = false } = {}) {
    if (from === to) return;
    const [moved] = this.chosen.splice(from, 1);
    this.chosen.splice(to, 0, moved);
    this.changed();
    if (focus) this.focusChip(to);
    this.say("Moved", { name: moved.label, place: to + 1 });
  }

  focusChip(place) {
    this.chips.querySelector(`[data-place="${place}"]`)?.focus();
  }

  changed() {
    this.box.value = this.chosen.map(({ value }) => value + LINE).join("");
    this.render();
    // Wagtail's autosave and its warning about unsaved changes listen to these.
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
    this.box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  render() {
    const count = this.chosen.length;
    this.chips.replaceChildren(...this.chosen.map(({ label: name, hint }, place) => {
      const chip = make("li", { class: "chips__chip", tabindex: "0", draggable: "true", "data-place": place,
        "aria-label": this.text("Chip", { name, place: place + 1, count }) });
      const label = make("span", { "aria-hidden": "true", title: hint ?? "" });
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

function same(one, other) {
  return one.trim().toLocaleLowerCase() === other.trim().toLocaleLowerCase();
}

function written(text) {
  const name = text.trim().replace(/\s+/g, " ").replace(/^#/, "").trim();
  return { value: name, label: name };
}

function hinted(hint) {
  if (!hint) return [];
  const small = make("span", { class: "chips__hint" });
  small.textContent = hint;
  return [" ", small];
}

function make(tag, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

for (const root of document.querySelectorAll("[data-chips]")) new Chips(root);
