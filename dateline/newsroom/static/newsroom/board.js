/* A board that moves by itself. Every two seconds it asks whether anything changed, which costs the
   server one look; nothing is asked while the tab is hidden. Cards are moved, never drawn anew, so
   that focus, scrolling and a half-done click stay where they are. What moved is said politely. */

const EVERY_MS = 2000;
/* A hint may be lost, and times go by: once a minute the whole board is asked for. */
const WHOLE_EVERY_MS = 60000;
const LONGEST_PAUSE_MS = 30000;
const MOST_SAID = 3;

const board = document.querySelector("[data-board]");
const said = document.querySelector("[data-board-said]");

let version = board.dataset.version;
let wholeAt = Date.now();
let failures = 0;
let timer = 0;

function ask() {
    clearTimeout(timer);
    if (document.hidden) return;
    look()
        .then(back, away)
        .finally(() => {
            timer = setTimeout(ask, Math.min(EVERY_MS * 2 ** failures, LONGEST_PAUSE_MS));
        });
}

async function look() {
    const whole = Date.now() - wholeAt > WHOLE_EVERY_MS;
    const query = new URLSearchParams({ version: whole ? "" : version });
    const response = await fetch(`${board.dataset.board}?${query}`, {
        headers: { Accept: "application/json" },
        cache: "no-store",
    });
    // Signed out, the answer is a page to sign in on.
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    if (response.status === 204) return;
    const answer = await response.json();
    version = String(answer.version);
    if (whole) wholeAt = Date.now();
    const moved = show(answer.html);
    if (moved.length) tell(moved);
}

function back() {
    if (failures) said.textContent = said.dataset.back;
    failures = 0;
}

function away() {
    failures += 1;
    // One answer that is lost is no news.
    if (failures === 2) said.textContent = said.dataset.away;
}

function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const held = document.activeElement?.closest?.("[data-card]");
    const before = new Map(cardsOf(board).map((card) => [card.dataset.card, card]));
    const places = new Map([...before].map(([key, card]) => [key, columnOf(card)]));
    const moved = [];
    for (const column of fresh.querySelectorAll("[data-column]")) {
        const here = board.querySelector(`[data-column="${column.dataset.column}"]`);
        here.querySelector(".board__count").textContent =
            column.querySelector(".board__count").textContent;
        const list = here.querySelector(".board__cards");
        let place = list.firstElementChild;
        for (const card of cardsOf(column)) {
            const key = card.dataset.card;
            const own = before.get(key) ?? card;
            before.delete(key);
            const came = places.get(key) !== column.dataset.column;
            if (own !== card) refresh(own, card);
            if (own === place) {
                place = place.nextElementSibling;
            } else {
                list.insertBefore(own, place);
            }
            if (came) moved.push(own);
        }
    }
    for (const gone of before.values()) gone.remove();
    keepFocus(held);
    for (const card of moved) mark(card);
    return moved;
}

function refresh(own, card) {
    if (own.innerHTML !== card.innerHTML) {
        const had = own.contains(document.activeElement);
        own.replaceChildren(...card.childNodes);
        if (had) linkOf(own)?.focus({ preventScroll: true });
    }
    for (const name of own.getAttributeNames()) {
        if (!card.hasAttribute(name)) own.removeAttribute(name);
    }
    for (const name of card.getAttributeNames()) own.setAttribute(name, card.getAttribute(name));
}

/* A card that was moved lost the focus it held; of one that is gone, its column's heading gets it. */
function keepFocus(card) {
    if (!card || card.contains(document.activeElement)) return;
    const target = card.isConnected ? linkOf(card) : board.querySelector(".board__heading");
    target?.focus({ preventScroll: true });
}

function mark(card) {
    card.classList.add("card--moved");
    card.addEventListener("animationend", () => card.classList.remove("card--moved"), {
        once: true,
    });
}

function tell(moved) {
    const sentences = moved.map((card) =>
        said.dataset.moved
            .replace("[headline]", linkOf(card).textContent)
            .replace("[column]", nameOf(card)),
    );
    said.textContent =
        moved.length > MOST_SAID
            ? said.dataset.many.replace("[count]", String(moved.length))
            : sentences.join(". ");
}

const cardsOf = (root) => [...root.querySelectorAll("[data-card]")];
const columnOf = (card) => card.closest("[data-column]").dataset.column;
const nameOf = (card) =>
    card.closest("[data-column]").querySelector(".board__heading span").textContent;
const linkOf = (card) => card.querySelector("a");

document.addEventListener("visibilitychange", ask);
timer = setTimeout(ask, EVERY_MS);
