/* While a story is written: words, characters and minutes under the text, a ruler under the
   headline, and its links checked when asked. Nothing here changes what was typed.

   The line under the form is <div data-writing …> (templates/newsroom/writing.html), which brings
   the words and the limits; without this script it stays hidden. */

const PAUSE_MS = 400;
const WORD = /[\p{L}\p{N}_]+(?:['’ʼ.,-][\p{L}\p{N}_]+)*/gu;

/** Characters as a reader counts them: an emoji or a letter with its accent is one. */
function characters(text) {
    if (!("Segmenter" in Intl)) return [...text].length;
    return [...new Intl.Segmenter(document.documentElement.lang).segment(text)].length;
}

/** The text of a rich-text field, which holds what Draftail keeps: blocks, and entities. */
function richText(value) {
    if (!value.startsWith("{")) return null;
    try {
        const content = JSON.parse(value);
        return Array.isArray(content.blocks) ? content : null;
    } catch {
        return null;
    }
}

/** The fields of the body that hold words: not counted are deleted blocks and addresses. */
function* bodyFields(form) {
    for (const field of form.querySelectorAll("[name^='body-'][name*='-value']")) {
        const block = /^body-(\d+)-/.exec(field.name)?.[1];
        const deleted = form.elements[`body-${block}-deleted`];
        if (deleted?.value || field.type === "url" || field.type === "checkbox") continue;
        if (/-(image|url|order|type|id|deleted|count)$/.test(field.name)) continue;
        yield field;
    }
}

function written(form) {
    const texts = [];
    const links = new Set();
    for (const field of bodyFields(form)) {
        const rich = richText(field.value);
        if (!rich) {
            texts.push(field.value);
            continue;
        }
        texts.push(...rich.blocks.map((block) => block.text));
        for (const entity of Object.values(rich.entityMap ?? {})) {
            if (entity.type === "LINK" && entity.data?.url) links.add(entity.data.url);
        }
    }
    for (const field of form.querySelectorAll("[name^='body-'][name$='-url']")) {
        if (field.value) links.add(field.value);
    }
    return { texts, links: [...links] };
}

class Writing {
    constructor(line) {
        this.line = line;
        this.said = line.dataset;
        this.form = line.closest("form");
        this.headline = this.form.elements.headline;
        this.counts = line.querySelector("[data-writing-counts]");
        this.button = line.querySelector("[data-writing-check]");
        this.found = line.querySelector("[data-writing-found]");
        this.before = "";
        line.hidden = false;
        this.ruler = this.#makeRuler();
        this.headline.addEventListener("input", () => this.#measureHeadline());
        this.button.addEventListener("click", () => this.#checkLinks());
        this.#measureHeadline();
        this.#watch();
    }

    // Draftail sets its field without an event, so it is looked at. Nobody types faster than this.
    #watch() {
        if (!document.hidden) this.#count();
        setTimeout(() => this.#watch(), PAUSE_MS);
    }

    #count() {
        const { texts, links } = written(this.form);
        const state = JSON.stringify([texts, links]);
        if (state === this.before) return;
        this.before = state;
        const text = texts.join("\n");
        const words = texts.reduce((sum, each) => sum + (each.match(WORD)?.length ?? 0), 0);
        const minutes = Math.max(1, Math.floor(words / Number(this.said.pace) + 0.5));
        this.counts.textContent = this.#say("counts", {
            words, characters: characters(text.replaceAll("\n", "")), minutes,
        });
        this.links = links;
        this.button.hidden = links.length === 0;
        this.button.textContent = this.#say("check", { count: links.length });
    }

    #makeRuler() {
        const ruler = document.createElement("p");
        ruler.className = "writing__ruler";
        ruler.id = "headline-ruler";
        const widget = this.headline.closest(".w-field") ?? this.headline.parentElement;
        widget.append(ruler);
        const described = this.headline.getAttribute("aria-describedby") ?? "";
        this.headline.setAttribute("aria-describedby", `${described} ${ruler.id}`.trim());
        this.headline.setAttribute("dir", "auto");
        return ruler;
    }

    #measureHeadline() {
        const length = characters(this.headline.value.trim());
        const parts = ["search", "wire"].map((use) => {
            const limit = Number(this.said[`${use}Length`]);
            const over = length > limit;
            const part = document.createElement("span");
            part.className = over ? "writing__limit writing__limit--over" : "writing__limit";
            part.style.setProperty("--share", Math.min(1, length / limit));
            part.textContent = this.#say(over ? `${use}-over` : use, { length, limit, over: length - limit });
            return part;
        });
        this.ruler.replaceChildren(...parts);
    }

    async #checkLinks() {
        this.button.disabled = true;
        this.found.textContent = this.said.textChecking;
        try {
            const answer = await fetch(this.said.linksUrl, {
                method: "POST",
                headers: {
                    "Content-Type": "application/json",
                    "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value,
                },
                body: JSON.stringify({ links: this.links }),
            });
            if (!answer.ok) throw new Error(String(answer.status));
            this.#show((await answer.json()).links);
        } catch {
            this.found.textContent = this.said.textFailed;
        } finally {
            this.button.disabled = false;
        }
    }

    #show(links) {
        const bad = links.filter((each) => each.found !== "well");
        if (!bad.length) {
            this.found.textContent = this.said.textWell;
            return;
        }
        const list = document.createElement("ul");
        for (const each of bad) {
            const entry = document.createElement("li");
            entry.className = `writing__link writing__link--${each.found}`;
            const link = document.createElement("a");
            link.href = each.url;
            link.target = "_blank";
            link.rel = "noopener noreferrer";
            link.textContent = each.url;
            entry.append(link, ` ${each.why}`);
            list.append(entry);
        }
        this.found.replaceChildren(list);
    }

    #say(name, values) {
        const key = `text${name.replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase())}`;
        return this.said[key].replace(/{(\w+)}/g, (_, value) => values[value].toLocaleString());
    }
}

/** Wagtail gives its editors of text no name; a screen reader says that of their block. */
function nameEditors() {
    for (const editor of document.querySelectorAll("[role=textbox][contenteditable]:not([aria-label])")) {
        const block = editor.closest("[data-streamfield-child], [data-contentpath]");
        const heading = block?.querySelector("[data-panel-heading-text], label");
        const name = heading?.textContent.replace("*", "").trim();
        if (name) editor.setAttribute("aria-label", name);
    }
}

for (const line of document.querySelectorAll("[data-writing]")) new Writing(line);
nameEditors();
new MutationObserver(nameEditors).observe(document.getElementById("main") ?? document.body, {
    childList: true, subtree: true,
});
