/* A translation opens with its source beside it, where there is room for both and nobody chose
   another side panel before. */

const ROOM = window.matchMedia("(min-width: 75rem)");

document.addEventListener("DOMContentLoaded", () => {
    const toggles = [...document.querySelectorAll("[data-side-panel-toggle]")];
    const source = toggles.find((toggle) => toggle.dataset.sidePanelToggle === "source");
    const open = toggles.some((toggle) => toggle.getAttribute("aria-expanded") === "true");
    if (source && !open && ROOM.matches) source.click();
});
