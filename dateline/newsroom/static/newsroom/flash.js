// The flash as a dialog over whatever is open: what is being written there stays as it is.
//
// Any link with `data-flash-opens` opens it; without this script the link leads to the same form on
// a page of its own. The server makes every part of it. Each form has a token, so pressing Enter
// twice, or again after no answer came, releases once.

const ASKED = { headers: { "X-Requested-With": "XMLHttpRequest" }, credentials: "same-origin" };

let sending = false;

function dialog() {
  const found = document.getElementById("desk-flash");
  if (found) return found;
  const made = document.createElement("dialog");
  made.id = "desk-flash";
  made.className = "desk-flash-dialog";
  document.body.append(made);
  made.addEventListener("submit", send);
  made.addEventListener("keydown", (event) => {
    // In a list of choices Enter opens it, or does nothing: here it releases.
    if (event.key === "Enter" && event.target.matches("select")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });
  made.addEventListener("input", suggest);
  // What went out is not shown again; what was typed and not sent is.
  made.addEventListener("close", () => made.querySelector("form[data-flash]") || made.replaceChildren());
  return made;
}

// Put a part from the server into the dialog; false if it is none, as when one is signed out.
async function put(answer) {
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = parsed.body.firstElementChild;
  if (!part?.matches("[data-flash]")) return false;
  dialog().replaceChildren(part);
  dialog().setAttribute("aria-label", part.getAttribute("aria-label"));
  focus();
  return true;
}

function focus() {
  const part = dialog().firstElementChild;
  const faulty = part.querySelector(".desk-flash__field:has(.desk-flash__fault) :is(input, select)");
  (faulty ?? part.querySelector("[autofocus]"))?.focus();
}

async function open(url, { anew }) {
  const shown = dialog();
  if (anew || !shown.firstElementChild) {
    const answer = await fetch(url, ASKED).catch(() => undefined);
    if (!answer || !(await put(answer))) return location.assign(url);
  }
  if (!shown.open) shown.showModal();
  return focus();
}

async function send(event) {
  event.preventDefault();
  if (sending) return;
  sending = true;
  const form = event.target;
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  try {
    const answer = await fetch(form.action, { ...ASKED, method: "POST", body: new FormData(form) });
    if (!answer.ok) tell(form, answer.status === 403 ? "signedOut" : "unsent");
    else if (!(await put(answer))) tell(form, "signedOut");
  } catch {
    tell(form, "unsent");
  } finally {
    sending = false;
    button.disabled = false;
  }
}

function tell(form, what) {
  const key = `text${what[0].toUpperCase()}${what.slice(1)}`;
  form.querySelector(".desk-flash__faults").textContent = form.dataset[key];
}

let asked = 0;

// Topics of the edition that the chosen section is in, as the browser's own suggestions.
async function suggest(event) {
  const box = event.target;
  if (!box.matches("[data-suggestions-url]")) return;
  const list = box.form.querySelector("datalist");
  const section = box.form.querySelector("select").value;
  const written = box.value.trim();
  if (!section || !written || written.includes(",")) return;
  asked += 1;
  const mine = asked;
  const url = new URL(box.dataset.suggestionsUrl, location.href);
  url.search = new URLSearchParams({ section, q: written });
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => undefined);
  if (!answer?.ok || mine !== asked) return;
  const { options } = await answer.json();
  list.replaceChildren(...options.map(({ value, label }) => new Option(label, value)));
}

// Before the sidebar's own listener, which would leave the page.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-flash-opens]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  event.stopPropagation();
  open(opener.href, { anew: opener.closest("dialog") !== null });
}, { capture: true });
