// Keys of the newsroom, declared in the page by whoever has something to press.
//
// The contract, for templates and for scripts that build on it:
// - An element with `data-key="f"` is clicked when that key is pressed anywhere under /desk/.
// - One key, in small letters as on a Latin keyboard. A person who writes in Ukrainian presses the
//   same place on the keyboard: the letter is matched by what it says, else by where it is.
// - What the key does is the element's `data-key-says`, else its `aria-label`, else its text: so a
//   list of all keys can be made from the page alone, by `keys()`.
// - Nothing happens while a field has the focus, a dialog is open, or Ctrl, Alt or Meta is held;
//   nor if another script has answered the key (`event.preventDefault()`).
// - Of several elements with one key, the first in the page is clicked.

const FIELDS = "input, textarea, select, [contenteditable], [role=textbox], [role=combobox]";

// Every key of this page and what it does, in the order of the page.
export function keys() {
  const found = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (!found.has(element.dataset.key)) found.set(element.dataset.key, saysOf(element));
  }
  return [...found].map(([key, says]) => ({ key, says }));
}

function saysOf(element) {
  return element.dataset.keySays || element.getAttribute("aria-label") || element.textContent.trim();
}

function isWriting(target) {
  return target instanceof Element && target.closest(FIELDS) !== null;
}

function elementOf(event) {
  const named = [event.key.toLowerCase()];
  const place = /^Key([A-Z])$/.exec(event.code);
  if (place) named.push(place[1].toLowerCase());
  const declared = [...document.querySelectorAll("[data-key]")];
  return named
    .map((key) => declared.find((element) => element.dataset.key === key))
    .find(Boolean);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.isComposing) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (isWriting(event.target) || document.querySelector("dialog[open], [role=dialog]:not([aria-hidden=true])")) return;
  const element = elementOf(event);
  if (!element) return;
  event.preventDefault();
  element.click();
});
