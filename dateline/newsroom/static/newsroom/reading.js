/* Reading along: what the holder of the story has on screen, every two seconds. When the story is
   handed over it opens by itself; without this script the page shows it as it was when loaded. */

const BEAT_MS = 2_000;

const room = document.querySelector("[data-reading]");
const story = room.querySelector(".reading__story");
const said = room.querySelector(".reading__said");
let mark = room.dataset.mark;
let asked = said.textContent.trim() !== "";

async function look() {
    if (document.hidden) return;
    const address = new URL(room.dataset.liveUrl, location.href);
    address.searchParams.set("since", mark);
    let state;
    try {
        const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "manual" });
        if (!answer.ok) throw new Error(String(answer.status));
        state = await answer.json();
    } catch {
        said.textContent = room.dataset.textLost;
        return;
    }
    if (state.mine || (asked && !state.holder)) return location.reload();
    if (state.html !== undefined) {
        mark = state.mark;
        story.innerHTML = state.html; // Made and escaped by the server.
    }
    if (!state.holder) said.textContent = room.dataset.textFree;
    else if (state.asked) said.textContent = room.dataset.textAsked;
    else said.textContent = asked ? room.dataset.textKept : "";
    asked ||= state.asked;
}

setInterval(look, BEAT_MS);
