/* Keeps Coming up as it is now: the rows are asked for every few seconds, and put in where nobody is
   at work in them. Nothing is asked while the tab is hidden. */

const EVERY_MS = 3000;
const LONGEST_PAUSE_MS = 30000;

const place = document.querySelector("[data-coming-up]");
let failures = 0;
let timer = 0;

function ask() {
    clearTimeout(timer);
    if (document.hidden) return;
    look()
        .then(
            () => (failures = 0),
            () => (failures += 1),
        )
        .finally(() => {
            timer = setTimeout(ask, Math.min(EVERY_MS * 2 ** failures, LONGEST_PAUSE_MS));
        });
}

async function look() {
    if (busy()) return;
    const response = await fetch(place.dataset.comingUp, { cache: "no-store" });
    // Signed out, the answer is a page to sign in on.
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    const html = await response.text();
    // Each answer has a token of its own, so only the rest is compared.
    if (!busy() && plain(html) !== plain(place.innerHTML)) place.innerHTML = html;
}

/* Somebody has the focus in a row, or has a time open that they are about to change. */
function busy() {
    return place.contains(document.activeElement) || place.querySelector("details[open]") !== null;
}

function plain(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const token of page.querySelectorAll("[name=csrfmiddlewaretoken]")) token.remove();
    return page.body.innerHTML.replace(/\s+/g, " ").trim();
}

document.addEventListener("visibilitychange", ask);
timer = setTimeout(ask, EVERY_MS);
