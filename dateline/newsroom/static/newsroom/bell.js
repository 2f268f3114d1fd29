/* The count beside the bell in the sidebar, kept while a screen stays open. */

const EVERY_MS = 20000;

async function look() {
    const bell = document.querySelector("a[data-notices]");
    if (!bell || document.hidden) return;
    const response = await fetch(`${bell.getAttribute("href")}unread/`, {
        headers: { Accept: "application/json" },
        cache: "no-store",
    });
    if (!response.ok || response.redirected) return;
    bell.dataset.notices = String((await response.json()).unread || "");
}

const quietly = () => look().catch(() => undefined);
setInterval(quietly, EVERY_MS);
document.addEventListener("visibilitychange", quietly);
