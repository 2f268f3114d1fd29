/* The window that writes a story: it says that it is still open and what stands in it, shows who
   asks for the story, and, when another took it, sends what it has and shuts itself. drafts.js
   tells it what is typed; claims.py has the rules. */

const BEAT_MS = 2_000;
const QUIET_MS = 15_000;

const box = document.querySelector("[data-claim]");
const form = box && document.querySelector("[data-edit-form]");
if (form) start();

function start() {
    const texts = JSON.parse(document.getElementById("claim-texts").textContent);
    const said = box.querySelector("[data-claim-said]");
    let typed = null;
    let sent = null;
    let heardAt = Date.now();
    let lost = false;
    let asking = "";

    form.addEventListener("desk:typed", ({ detail }) => { typed = detail; });
    addEventListener("pagehide", leave);
    setInterval(beat, BEAT_MS);
    // Back from the browser's memory of pages: whose is it by now?
    addEventListener("pageshow", ({ persisted }) => { if (persisted) renew(); });

    function unsaved() {
        return typed && !typed.isSaved ? typed.data : "";
    }

    function beat() {
        if (lost || !box.dataset.story) return;
        const isNew = typed && unsaved() !== sent;
        if (isNew || Date.now() - heardAt > QUIET_MS) renew();
    }

    async function renew() {
        const text = unsaved();
        const changed = typed !== null && text !== sent;
        const answer = await act("renew", changed ? { unsaved: text } : {});
        if (!answer) return;
        if (changed) sent = text;
        hear(answer);
    }

    function hear(answer) {
        if (lost) return;
        if (!answer.mine) return lose(answer);
        if (answer.asks === asking) return;
        asking = answer.asks;
        say(asking && texts.asks.replace("{who}", asking), [
            button(texts["hand-over"], handOver),
            button(texts["keep-it"], async () => hear((await act("keep-it")) ?? answer), "button-secondary"),
        ]);
    }

    async function handOver() {
        // What stands here now, not what was heard a moment ago.
        await act("renew", { unsaved: unsaved() });
        const answer = await act("hand-over");
        if (!answer) return;
        shut();
        document.dispatchEvent(new CustomEvent("desk:received"));
        say(texts.handed, [link(texts.read, location.pathname)]);
    }

    /** Another has the story: what stands here goes to the server as a version, and the form shuts. */
    async function lose(answer) {
        shut();
        const text = form.elements.headline ? serialised() : "";
        const kept = await act("keep-beside", { unsaved: text });
        if (kept) document.dispatchEvent(new CustomEvent("desk:received"));
        const who = answer.holder || kept?.holder;
        say(who ? texts.taken.replace("{who}", who) : texts.nobody, [
            ...(kept?.kept ? [link(texts.see, kept.kept)] : []),
            link(texts.read, location.pathname),
        ]);
        if (!kept) setTimeout(() => lose(answer), BEAT_MS);
    }

    function shut() {
        lost = true;
        form.inert = true;
        form.classList.add("claim-shut");
        form.dataset.wAutosaveActiveValue = "false";
        form.dataset.wUnsavedConfirmationValue = "false";
    }

    function leave() {
        if (lost || !box.dataset.story) return;
        const last = new FormData();
        last.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
        last.set("window", form.elements.window.value);
        if (unsaved()) last.set("unsaved", unsaved());
        navigator.sendBeacon(address("let-go"), last);
    }

    async function act(name, fields = {}) {
        try {
            const answer = await fetch(address(name), {
                method: "POST",
                headers: {
                    Accept: "application/json",
                    "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
                },
                body: new URLSearchParams(fields),
                redirect: "manual",
            });
            if (!answer.ok) return null;
            heardAt = Date.now();
            const state = await answer.json();
            form.elements.csrfmiddlewaretoken.value = state.token;
            return state;
        } catch {
            return null; // No connection: drafts.js says so, and the next beat asks again.
        }
    }

    function serialised() {
        const fields = new FormData(form);
        fields.delete("csrfmiddlewaretoken");
        for (const [field, value] of [...fields]) if (value instanceof File) fields.delete(field);
        return new URLSearchParams(fields).toString();
    }

    function address(name) {
        return box.dataset.claimUrl.replace("/0/act/", `/${box.dataset.story}/${name}/`);
    }

    function say(text, then = []) {
        said.replaceChildren(...(text ? [text, " ", ...then.flatMap((each) => [each, " "])] : []));
    }
}

function link(text, href) {
    return Object.assign(document.createElement("a"), { href, textContent: text });
}

function button(text, act, look = "") {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: text });
    made.className = `button button-small ${look}`;
    made.addEventListener("click", act);
    return made;
}
