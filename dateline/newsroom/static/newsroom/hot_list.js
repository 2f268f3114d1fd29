// The hot list: ordering by drag and keys, picking from what a search finds. Nothing is sent but by
// Save; the form has what is sent at any moment, in the order of its rows.

const SEARCH_AFTER_MS = 200;

class HotList {
  constructor(form) {
    this.form = form;
    this.rows = form.querySelector("[data-rows]");
    this.found = form.querySelector("[data-found]");
    this.query = form.querySelector("[data-query]");
    this.status = form.querySelector("[data-status]");
    this.changed = form.hasAttribute("data-changed");
    this.asked = 0;
    this.listenToButtons();
    this.listenToKeys();
    this.listenToDragging();
    this.listenToSearch();
    if (!this.query.value) this.search();
  }

  listenToButtons() {
    this.form.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=do]");
      if (!button) return;
      const [what, number] = button.value.split(" ");
      if (what === "find") {
        event.preventDefault();
        this.search();
      } else if (what === "add") {
        event.preventDefault();
        this.add(button.closest("li").story);
      } else if (number) {
        event.preventDefault();
        this.act(what, button.closest("[data-number]"), button);
      }
    });
    this.form.addEventListener("input", (event) => event.target.type === "datetime-local" && this.touch());
    this.form.addEventListener("submit", () => { this.changed = false; });
    window.addEventListener("beforeunload", (event) => this.changed && event.preventDefault());
  }

  listenToKeys() {
    this.rows.addEventListener("keydown", (event) => {
      const row = event.target.closest("[data-number]");
      if (!row) return;
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step && event.altKey) {
        event.preventDefault();
        this.move(row, this.place(row) + step);
        event.target.focus();
      } else if (step && event.target === row) {
        event.preventDefault();
        this.rows.children[this.place(row) + step]?.focus();
      } else if (event.key === "Delete" && event.target === row) {
        event.preventDefault();
        this.takeOff(row);
      }
    });
  }

  listenToDragging() {
    let dragged = null;
    this.rows.addEventListener("dragstart", (event) => {
      dragged = event.target.closest("[data-number]");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", name(dragged));
      dragged.classList.add("hot-list__row--dragged");
    });
    this.rows.addEventListener("dragover", (event) => dragged && event.preventDefault());
    this.rows.addEventListener("drop", (event) => {
      event.preventDefault();
      const over = event.target.closest("[data-number]");
      if (dragged && over && over !== dragged) this.move(dragged, this.place(over));
    });
    this.rows.addEventListener("dragend", () => {
      dragged?.classList.remove("hot-list__row--dragged");
      dragged = null;
    });
  }

  listenToSearch() {
    this.query.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), SEARCH_AFTER_MS);
    });
  }

  act(what, row, button) {
    if (what === "off") return this.takeOff(row);
    this.move(row, this.place(row) + (what === "up" ? -1 : 1));
    return button.focus();
  }

  place(row) {
    return [...this.rows.children].indexOf(row);
  }

  move(row, to) {
    const from = this.place(row);
    if (to < 0 || to >= this.rows.children.length || to === from) return;
    const other = this.rows.children[to];
    if (to < from) other.before(row);
    else other.after(row);
    this.touch("Moved", { name: name(row), place: to + 1 });
  }

  takeOff(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    (next ?? this.query).focus();
    this.touch("Off", { name: name(row) });
  }

  add({ number, headline, released }) {
    if (this.rows.querySelector(`[data-number="${number}"]`)) return;
    if (this.rows.children.length >= Number(this.form.dataset.most)) { this.say("Full"); return; }
    const row = this.form.querySelector("[data-row-template]").content.firstElementChild.cloneNode(true);
    row.dataset.number = number;
    row.querySelector("[name=story]").value = number;
    row.querySelector("[type=datetime-local]").name = `until-${number}`;
    row.querySelector(".hot-list__headline").textContent = headline;
    row.querySelector(".hot-list__time").textContent = released;
    for (const button of row.querySelectorAll("button")) {
      button.value = `${button.dataset.do} ${number}`;
      button.setAttribute("aria-label", button.getAttribute("aria-label") + headline);
    }
    this.rows.append(row);
    this.touch("Added", { name: headline });
    this.mark();
  }

  touch(key, facts) {
    this.changed = true;
    this.form.querySelector("[data-empty]").hidden = this.rows.children.length > 0;
    const said = key ? [this.text(key, facts)] : [];
    this.status.textContent = [...said, this.text("Unsaved")].join(". ");
    this.mark();
  }

  async search() {
    this.asked += 1;
    const asked = this.asked;
    const url = new URL(this.form.dataset.searchUrl, location.href);
    url.searchParams.set("q", this.query.value);
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok || asked !== this.asked) return;
      const { stories } = await answer.json();
      this.found.replaceChildren(...stories.map((story) => this.finding(story)));
      this.mark();
      if (this.query.value) this.say("Found", { count: stories.length });
    } catch {
      // Offline: what was found before stays.
    }
  }

  finding(story) {
    const item = this.form.querySelector("[data-found-template]").content.firstElementChild.cloneNode(true);
    const [time, headline] = item.querySelectorAll("span");
    time.textContent = story.released;
    headline.textContent = story.headline;
    const button = item.querySelector("button");
    button.value = `add ${story.number}`;
    button.setAttribute("aria-label", button.dataset.label.replace("{name}", story.headline));
    item.story = story;
    return item;
  }

  // What is on the list already is not offered again.
  mark() {
    for (const item of this.found.children) {
      const number = item.querySelector("button").value.split(" ")[1];
      item.querySelector("button").disabled = Boolean(this.rows.querySelector(`[data-number="${number}"]`));
      item.story ??= { number, headline: item.querySelectorAll("span")[1].textContent,
        released: item.querySelector("span").textContent };
    }
  }

  text(key, facts = {}) {
    return this.form.dataset[`text${key}`].replace(/\{(\w+)\}/g, (_whole, fact) => facts[fact]);
  }

  say(key, facts) {
    this.status.textContent = this.text(key, facts);
  }
}

function name(row) {
  return row.querySelector(".hot-list__headline").textContent;
}

for (const form of document.querySelectorAll("[data-hot-list]")) new HotList(form);
