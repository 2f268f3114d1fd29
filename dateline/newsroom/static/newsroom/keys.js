// The keys of the newsroom. What each does stands in the list under "?", which the server makes from
// its one table (screens/keys.py): this script reads it there and acts.
//
// - A key without Ctrl or ⌘ does nothing while a field has the focus or a dialog is open, nor if
//   another script answered it. One with Ctrl or ⌘ works in a field too.
// - Letters are as on a Latin keyboard. Who writes in Ukrainian presses the same place: a letter is
//   matched by what it says, else by where it is.

const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true], [role=textbox], [role=combobox]";
const DIALOGS = "dialog[open], [role=dialog]:not([aria-hidden=true])";
const LINES = "main :is([data-card], [data-line], .listing tbody tr)";
const LINK = ".title-wrapper a[href], a[href]:not([aria-hidden=true])";

const list = document.getElementById("desk-keys");
const rows = list ? [...list.querySelectorAll("[data-key]")].map((row) => ({ ...row.dataset })) : [];

function isWriting(target) {
  return target instanceof Element && target.closest(FIELDS) !== null;
}

// What this press may be called: by the letter, and by the place of the key.
function namesOf(event) {
  const before = `${event.ctrlKey || event.metaKey ? "mod+" : ""}${event.key === "Enter" && event.shiftKey ? "Shift+" : ""}`;
  const place = /^Key([A-Z])$/.exec(event.code);
  const keys = [event.key, event.key.toLowerCase(), ...(place ? [place[1].toLowerCase()] : [])];
  return keys.map((key) => before + key);
}

function rowOf(event) {
  return namesOf(event).map((name) => rows.find((row) => row.key === name)).find(Boolean);
}

function act(row) {
  if (Number(row.move)) return step(Number(row.move));
  if (row.url) return location.assign(row.url) ?? true;
  const found = row.press && document.querySelector(row.press);
  if (!found) return false;
  if (found.matches(FIELDS)) write(found);
  else found.click();
  return true;
}

// Into a field, whose panel may be folded.
function write(field) {
  const folded = field.closest("[data-panel]")?.querySelector("[data-panel-toggle][aria-expanded=false]");
  folded?.click();
  field.scrollIntoView({ block: "center" });
  field.focus();
}

// To the link of the next or the previous line of a list, or card of a board.
function step(by) {
  const links = [...document.querySelectorAll(LINES)]
    .map((line) => line.querySelector(LINK))
    .filter((link) => link?.checkVisibility?.() ?? link);
  if (!links.length) return false;
  const line = document.activeElement?.closest(LINES);
  const at = links.findIndex((link) => line?.contains(link));
  const to = at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by;
  links[Math.min(Math.max(to, 0), links.length - 1)].focus();
  return true;
}

function isOurs(event) {
  if (event.defaultPrevented || event.repeat || event.isComposing || event.altKey) return false;
  if (list.hasAttribute("data-off") || document.querySelector(DIALOGS)) return false;
  return true;
}

// Before the editor of the text, which would make a new line of it.
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || !isOurs(event)) return;
  const row = rowOf(event);
  if (!row?.press || !act(row)) return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || !isOurs(event) || isWriting(event.target)) return;
  const row = rowOf(event);
  if (row && act(row)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-keys-opens]")) return;
  event.preventDefault();
  event.stopPropagation();
  list.showModal();
  list.querySelector("h2").focus();
}, { capture: true });

// On its backdrop, which is the dialog itself with nothing of it under the pointer.
list?.addEventListener("click", (event) => {
  if (event.target === list) list.close();
});
