/* Text that is typed is kept in this browser until the server has it, and offered back: after a
   closed tab, a lost connection, an expired session, a server that was restarted.

   It is kept in IndexedDB; where that is full or denied, in localStorage; where that is too, in
   memory, and the person is told. What was kept goes back by the form's own way, as a draft that is
   saved: so it is joined with what others saved, and nothing of theirs is undone by it.

   Tells claim.js by the event desk:typed on the form what stands in it and whether that is saved. */

const PAUSE_MS = 700;
const SETTLE_MS = 400;
const NOT_TEXT = /^(csrfmiddlewaretoken|next|window|overwrite_revision_id|(loaded|base)_revision_.*|body-\d+-id|.*-id|choice:.*)$/;

const box = document.querySelector("[data-claim]");
const form = box?.closest("form");
/** Where kept text lies: the first of three places that takes it. */
class Shelf {
    static NAME = "desk";
    static PREFIX = "desk-draft:";

    constructor() {
        this.memory = new Map();
        this.lost = false;
    }

    async put(record) {
        try {
            await this.#inDatabase("readwrite", (store) => store.put(record));
            return true;
        } catch { /* full, or not allowed here */ }
        try {
            localStorage.setItem(Shelf.PREFIX + record.window, JSON.stringify(record));
            return true;
        } catch { /* full too */ }
        this.memory.set(record.window, record);
        return false;
    }

    async remove(window) {
        this.memory.delete(window);
        try {
            localStorage.removeItem(Shelf.PREFIX + window);
        } catch { /* then it is not there */ }
        try {
            await this.#inDatabase("readwrite", (store) => store.delete(window));
        } catch { /* then it is not there */ }
    }

    async of(key) {
        const found = new Map(this.memory);
        try {
            for (const name of Object.keys(localStorage)) {
                if (!name.startsWith(Shelf.PREFIX)) continue;
                const record = JSON.parse(localStorage.getItem(name));
                found.set(record.window, record);
            }
        } catch { /* none there */ }
        try {
            for (const record of await this.#inDatabase("readonly", (store) => store.getAll())) {
                found.set(record.window, record);
            }
        } catch { /* none there */ }
        return [...found.values()].filter((each) => each.key === key).sort((a, b) => b.at - a.at);
    }

    async #inDatabase(mode, act) {
        const database = await this.#open();
        return new Promise((done, failed) => {
            const transaction = database.transaction("drafts", mode);
            const asked = act(transaction.objectStore("drafts"));
            transaction.oncomplete = () => done(asked.result);
            transaction.onerror = transaction.onabort = () => failed(transaction.error);
        });
    }

    #open() {
        this.opened ??= new Promise((done, failed) => {
            const asked = indexedDB.open(Shelf.NAME, 1);
            asked.onupgradeneeded = () => {
                asked.result.createObjectStore("drafts", { keyPath: "window" });
            };
            asked.onsuccess = () => done(asked.result);
            asked.onerror = () => failed(asked.error);
        });
        return this.opened;
    }
}

function start() {
    const texts = JSON.parse(document.getElementById("claim-texts").textContent);
    const said = box.querySelector("[data-draft-said]");
    const shelf = new Shelf();
    const name = form.elements.window.value;
    const key = keyOf(box.dataset.story);
    const arrived = new Set(box.dataset.received.split(" "));
    let saved = null;
    let before = null;
    let sending = null;
    let full = false;
    let typedAt = 0;

    // Out of the form: it stays in reach when the form is shut.
    form.before(box);
    navigator.locks?.request(`desk:${name}`, () => new Promise(() => {}));

    // The editors put their text into the form's fields a moment after the page is there.
    addEventListener("load", () => setTimeout(begin, SETTLE_MS), { once: true });
    if (document.readyState === "complete") setTimeout(begin, SETTLE_MS);
    offer();

    function begin() {
        if (saved !== null) return;
        saved = before = serialised();
        look();
    }

    function look() {
        const now = serialised();
        if (now !== before) {
            before = now;
            keep();
        }
        setTimeout(look, PAUSE_MS);
    }

    async function keep({ sent = false } = {}) {
        const data = serialised();
        const isSaved = textOf(data) === textOf(saved ?? "");
        form.dispatchEvent(new CustomEvent("desk:typed", { detail: { data, isSaved } }));
        if (isSaved && !sent) return shelf.remove(name);
        const kept = await shelf.put({
            window: name, key: keyOf(box.dataset.story), data, at: Date.now(), sent,
        });
        if (!kept && !full) {
            full = true;
            say(texts.full, { grave: true });
        }
        if (kept && full) {
            full = false;
            say("");
        }
    }

    document.addEventListener("w-autosave:save", () => { sending = serialised(); });
    document.addEventListener("w-autosave:success", ({ detail }) => {
        const answer = detail?.data ?? detail?.response ?? {};
        if (answer.pk) box.dataset.story = String(answer.pk);
        if (answer.revision_id) nowOn(answer.revision_id, answer.revision_created_at);
        saved = sending ?? serialised();
        keep();
        if (!full) say("");
    });
    document.addEventListener("w-autosave:error", ({ detail }) => {
        if (detail?.type === "network_error") say(texts.offline);
        if (detail?.type === "server_error") check();
    });
    document.addEventListener("desk:received", () => {
        saved = serialised();
        shelf.remove(name);
    });
    addEventListener("offline", () => say(texts.offline));
    addEventListener("online", () => say(full ? texts.full : texts.back));
    addEventListener("focus", async () => {
        if (said.dataset.why === "signed-out" && (await session()) === "in") say("");
    });
    for (const event of ["pagehide", "visibilitychange"]) {
        addEventListener(event, () => { if (saved !== null && serialised() !== before) keep(); });
    }

    // Before the form leaves: is there a server, and is it still us? Else it stays, with its text.
    document.addEventListener("submit", (event) => {
        if (event.target !== form || event.submitter?.hasAttribute("formaction")) return;
        if (form.dataset.checked) {
            delete form.dataset.checked;
            return;
        }
        event.preventDefault();
        event.stopImmediatePropagation();
        send(event.submitter);
    }, true);

    // The editor of the text hands it to the form a moment after the last key; keys are as fast.
    form.addEventListener("keydown", (event) => {
        if (event.target.isContentEditable) typedAt = Date.now();
    }, true);

    async function send(submitter) {
        await pause(typedAt + SETTLE_MS - Date.now());
        await keep();
        if ((await check()) !== "in") return free(submitter);
        await keep({ sent: true });
        form.querySelector("input[data-submitter]")?.remove();
        if (submitter?.name) {
            // Wagtail shuts the button that was pressed, and a shut button is not sent.
            const pressed = document.createElement("input");
            Object.assign(pressed, { type: "hidden", name: submitter.name, value: submitter.value });
            pressed.dataset.submitter = "";
            form.append(pressed);
        }
        // What was added for the server is nothing that was typed: it must not be kept as that.
        before = serialised();
        form.dataset.checked = "true";
        form.requestSubmit();
    }

    function free(submitter) {
        for (const button of form.querySelectorAll("[data-controller~=w-progress]")) {
            button.dataset.wProgressLoadingValue = "false";
            button.disabled = false;
        }
        submitter?.focus();
    }

    async function check() {
        const found = await session();
        if (found === "away") say(texts.offline, { grave: true });
        if (found === "out") askToSignIn();
        if (found === "in" && said.dataset.why) say("");
        return found;
    }

    /** "in", "out" (signed out, or another person signed in), or "away" (no connection). */
    async function session() {
        try {
            const answer = await fetch(box.dataset.sessionUrl, {
                headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store",
            });
            if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) return "out";
            if (!answer.ok) return "away";
            const { owner, token } = await answer.json();
            if (String(owner) !== box.dataset.owner) return "out";
            form.elements.csrfmiddlewaretoken.value = token;
            return "in";
        } catch {
            return "away";
        }
    }

    function askToSignIn() {
        const link = document.createElement("a");
        Object.assign(link, {
            href: box.dataset.signInUrl, target: "_blank", rel: "opener", textContent: texts["sign-in"],
        });
        say(texts["signed-out"], { grave: true, why: "signed-out", then: [link, ` ${texts["sign-in-then"]}`] });
    }

    async function offer() {
        const held = await windowsOpen();
        for (const record of await shelf.of(key)) {
            if (record.window === name && form.dataset.wUnsavedForceValue === "true") continue;
            if (held.has(record.window) && record.window !== name) continue;
            if (record.sent && arrived.has(record.window)) {
                await shelf.remove(record.window);
                continue;
            }
            return show(record);
        }
    }

    function show(record) {
        const time = new Date(record.at).toLocaleString(document.documentElement.lang, {
            dateStyle: "medium", timeStyle: "short",
        });
        const preview = document.createElement("q");
        preview.dir = "auto";
        preview.textContent = glimpse(record.data);
        say(texts.kept.replace("{time}", time), {
            then: [
                preview,
                button(texts["bring-back"], () => bringBack(record)),
                button(texts["throw-away"], async () => {
                    await shelf.remove(record.window);
                    say("");
                    offer();
                }, "button-secondary"),
            ],
        });
    }

    /** The kept text goes the form's own way: saved as a draft, and joined if others saved since. */
    async function bringBack(record) {
        if ((await session()) !== "in") return check();
        await shelf.put({ ...record, sent: true });
        await shelf.remove(name);
        const back = document.createElement("form");
        back.method = "post";
        back.action = form.action;
        for (const [field, value] of new URLSearchParams(record.data)) {
            if (field !== "csrfmiddlewaretoken") back.append(hidden(field, value));
        }
        back.append(hidden("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value));
        document.body.append(back);
        form.dataset.wUnsavedConfirmationValue = "false";
        back.submit();
    }

    function say(text, { then = [], grave = false, why = "" } = {}) {
        said.dataset.why = why;
        said.classList.toggle("claim__said--grave", grave);
        said.replaceChildren(...(text ? [text, " ", ...then] : []));
    }

    /** This window's text is saved in that version: what it is saved on from now. */
    function nowOn(revision, createdAt) {
        for (const field of ["loaded_revision", "base_revision"]) {
            for (const input of form.querySelectorAll(`[name=${field}_id]`)) input.value = revision;
            for (const input of form.querySelectorAll(`[name=${field}_created_at]`)) {
                input.value = createdAt ?? "";
            }
        }
    }

    function serialised() {
        const fields = new FormData(form);
        fields.delete("csrfmiddlewaretoken");
        for (const [field, value] of [...fields]) if (value instanceof File) fields.delete(field);
        return new URLSearchParams(fields).toString();
    }

    function keyOf(story) {
        return `${box.dataset.owner}:${story || `new${location.search}`}`;
    }
}

/** The fields that hold what a person wrote or chose, without what the form keeps for itself. */
function textOf(data) {
    return [...new URLSearchParams(data)]
        .filter(([field]) => !NOT_TEXT.test(field)).map(([field, value]) => `${field}=${value}`)
        .join("\n");
}

function pause(ms) {
    return ms > 0 ? new Promise((done) => { setTimeout(done, ms); }) : undefined;
}

function glimpse(data) {
    const fields = new URLSearchParams(data);
    return (fields.get("headline") || fields.get("slugline") || "…").slice(0, 120);
}

async function windowsOpen() {
    const state = await navigator.locks?.query?.();
    return new Set((state?.held ?? []).map((lock) => lock.name.replace(/^desk:/, "")));
}

function hidden(name, value) {
    return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}

function button(text, act, look = "") {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: text });
    made.className = `button button-small ${look}`;
    made.addEventListener("click", act);
    return made;
}

if (form) start();
