/* A product is tried while it is typed: what its rules and rights would have sent in the last days.
   Nothing is saved by it. The form's own fields are sent; the answer is a piece of a page. */

const PAUSE_MS = 350;

const place = document.querySelector("[data-trial]");
const form = place?.closest("form");

let pause = 0;
let asked = null;

async function tryIt() {
    asked?.abort();
    asked = new AbortController();
    place.setAttribute("aria-busy", "true");
    try {
        const answer = await fetch(place.dataset.trial, {
            method: "POST", body: new FormData(form), signal: asked.signal,
        });
        if (!answer.ok) throw new Error(String(answer.status));
        place.innerHTML = await answer.text();
        place.setAttribute("aria-busy", "false");
    } catch (error) {
        if (error.name !== "AbortError") place.setAttribute("aria-busy", "false");
    }
}

if (form) {
    // Beside what it tries, and not behind all the rights.
    form.elements.rules?.closest("section")?.after(place);
    form.addEventListener("input", () => {
        clearTimeout(pause);
        pause = setTimeout(tryIt, PAUSE_MS);
    });
    tryIt();
}
