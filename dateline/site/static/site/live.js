// Latest moves by itself, and an open story says what happened to it. The server tells of each
// release at the address in <body data-live> (docs/reference/live.md): rows come as its own HTML,
// words from <template id="live">. The page is whole without this.

const { live, story, version } = document.body.dataset;
const kit = document.getElementById("live");
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const piece = (selector) => $(selector, kit.content).cloneNode(true);

// What stands for a story: rows in lists, and the cards of the front page.
const LINKS = "main .row > a, main .lead > a, main .second > a";

// What is taken from the page when it is read again.
const PARTS = [".masthead__today", ".rail--latest > ol", ".rail--hot > ol", ".list__in > ol",
  ".more > ol", ".fold__leads", ".bands"];

const address = new URL(live ?? "", location.origin);
const asked = address.searchParams;
const waiting = new Map(); // list → rows that are offered and not yet in it
let since = Number(asked.get("since"));
let source, timer, heard, happened;

if (live && kit && window.EventSource) {
  // These two are there before anything is said: what comes with its words is not read out.
  $("main").prepend((happened = piece(".happened")));
  $("main").append((heard = piece(".heard")));
  // Not before the page has loaded, or some browsers would show it as loading for ever.
  if (document.readyState === "complete") setTimeout(begin);
  else addEventListener("load", () => setTimeout(begin));
}

function begin() {
  tend();
  document.addEventListener("visibilitychange", tend);
  addEventListener("pagehide", close); // with an open stream, a page is not kept for "back"
  addEventListener("pageshow", tend);
  addEventListener("online", tend);
}

// --- the stream

// A tab that nobody sees holds no connection: over HTTP/1.1 a browser has six for a host.
function tend() {
  if (document.hidden) close();
  else if (!source) open();
}

function open() {
  asked.set("since", since);
  source = new EventSource(address);
  source.addEventListener("release", ({ data }) => hear(JSON.parse(data)));
  source.addEventListener("reset", () => soon(reread, 2));
  // The browser comes back by itself, but not if it was refused: too many listen.
  source.addEventListener("error", () => {
    if (source?.readyState !== 2) return;
    close();
    soon(tend, 30);
  });
}

function close() {
  source?.close();
  source = undefined;
}

// At a moment of its own: thousands of pages must not ask at once.
function soon(work, within_s) {
  clearTimeout(timer);
  timer = setTimeout(work, (0.1 + Math.random()) * within_s * 1000);
}

function hear(said) {
  if (said.serial <= since) return;
  since = said.serial;
  if (said.number == story) tellOfStory(said);
  const here = said.row && isHere(said);
  for (const link of $$(LINKS).filter((link) => numberOf(link) === said.number)) {
    if (!said.row || (!here && link.closest(".list__in"))) remove(link);
    else renew(link, said);
  }
  for (const [list, rows] of waiting) {
    offer(list, rows.filter((row) => numberOf($("a", row)) !== said.number));
  }
  if (here) enter(said);
}

function isHere({ section, topics = [] }) {
  const topic = asked.get("topic");
  return (asked.get("section") ?? section) === section && (!topic || topics.includes(topic));
}

// --- lists

function numberOf(link) {
  return parseInt(link.pathname.split("/")[3], 10);
}

function when(row) {
  return Date.parse($("time", row).dateTime);
}

function rowOf(said) {
  const made = document.createElement("template");
  made.innerHTML = said.row;
  return made.content.firstElementChild;
}

// Headline and marks are renewed; time and section stay as this list shows them.
function renew(link, said) {
  const row = rowOf(said);
  link.href = said.path;
  if (link.closest(".row")) {
    link.parentNode.classList.toggle("row--flash", row.classList.contains("row--flash"));
    $(".row__text", link).replaceWith($(".row__text", row));
  } else {
    $(".card__headline", link).textContent = said.headline;
  }
}

function remove(link) {
  const day = link.closest(".timeline__day");
  if (!link.closest(".row")) soon(reread, 2); // the front page needs another card
  link.parentNode.remove();
  if (day && !$(".row", day)) day.remove();
}

// Bring a story into the lists that it belongs to; where somebody is reading, offer it.
function enter(said) {
  let entered = false;
  for (const list of $$("ol[data-most]")) {
    const rows = $$(".row", list);
    const row = rowOf(said);
    if (rows.some((each) => numberOf($("a", each)) === said.number)) continue;
    if (rows.length >= list.dataset.most && when(row) < when(rows.at(-1))) continue;
    if ($(".row__section", list)) addSection(row, said);
    const all = [row, ...(waiting.get(list) ?? [])];
    if (isRead(list)) offer(list, all);
    else insert(list, all);
    entered = true;
  }
  if (entered && said.kind === "new") announce(said.headline);
}

function addSection(row, { edition, section }) {
  const shown = document.createElement("span");
  shown.className = "row__section";
  shown.textContent = $(`.sections a[href="/${edition}/${section}/"]`)?.textContent;
  $("a", row).append(" ", shown);
}

function isRead(list) {
  return list.matches(":hover") || $(":focus-visible", list) || list.getBoundingClientRect().top < 0;
}

function insert(list, rows) {
  if (waiting.has(list)) offer(list, []);
  const first = list.firstElementChild;
  if (!first || list.matches(".timeline")) return reread(); // a timeline's rows stand under days
  const top = first.getBoundingClientRect().top;
  for (const row of rows.sort((a, b) => when(a) - when(b))) {
    const next = [...list.children].find((each) => when(each) <= when(row));
    list.insertBefore(row, next ?? null);
    row.classList.add("row--came");
    rule(row);
    if (next) rule(next);
  }
  while (list.children.length > list.dataset.most) list.lastElementChild.remove();
  // All rows glide down from where they stood; nothing under the list moves.
  list.style.setProperty("--came", `${top - first.getBoundingClientRect().top}px`);
  list.classList.add("wire--moves");
  list.addEventListener("animationend", () => list.classList.remove("wire--moves"), { once: true });
  if (partOf(list.firstElementChild, 10) !== partOf(first, 10)) soon(reread, 2); // a new day
}

// A rule where an hour of today or another day begins, as the server sets it.
function rule(row) {
  const above = row.previousElementSibling;
  row.classList.toggle("row--opens", !!above && partOf(above) !== partOf(row));
}

function partOf(row, length = $(".date", row) ? 10 : 13) {
  return $("time", row).dateTime.slice(0, length);
}

// Say at the list's head how many wait; a click brings them in.
function offer(list, rows) {
  const button = $(":scope > .offer > button", list.parentNode) ?? offered(list);
  button.textContent = counted(rows.length);
  if (rows.length) {
    waiting.set(list, rows);
  } else {
    waiting.delete(list);
    button.parentNode.remove();
  }
}

function offered(list) {
  const shown = piece(".offer");
  const button = shown.firstElementChild;
  button.onclick = () => {
    const byKey = button.matches(":focus-visible");
    insert(list, waiting.get(list));
    if (byKey) $("a", list).focus();
  };
  list.before(shown);
  return button;
}

// The server's words for 1, 2 and 5: one of them has this number's form.
function counted(number) {
  const plural = new Intl.PluralRules(document.documentElement.lang);
  const form = (n) => plural.select(parseInt(n, 10));
  const forms = kit.dataset.new.split("|");
  return (forms.find((each) => form(each) === form(number)) ?? forms[2]).replace(/\d+/, number);
}

// --- said aloud

let unsaid = 0;
let saidAt = -Infinity;

// One by its headline, several by their number, and no more often than four times a minute.
function announce(headline) {
  if (unsaid++) return;
  setTimeout(() => {
    heard.textContent = counted(unsaid) + (unsaid === 1 ? `: ${headline}` : "");
    unsaid = 0;
    saidAt = performance.now();
  }, Math.max(1000, saidAt + 15000 - performance.now()));
}

// --- the open story

function tellOfStory({ kind, path, released_at, note }) {
  const article = $(".article");
  const gone = kind === "kill" || kind === "withhold";
  // What was put right is not talked over by what was merely added.
  if (kind === "new" || (kind === "update" && $(".happened__note", happened))) return;
  const told = piece(`[data-said="${kind === "restore" ? "update" : kind}"]`);
  if (gone) {
    article.hidden = true;
    document.title = $(".kill__title", told).textContent;
  } else {
    $("a", told).href = path;
    $("button", told).onclick = () => told.remove();
    showTime($(".happened__at", told), released_at);
    if (note) $(".happened__note", told).textContent = note;
  }
  happened.classList.toggle("happened--gone", article.hidden);
  happened.replaceChildren(told);
  if (gone) happened.scrollIntoView({ block: "center" });
}

// On the agency's clock; with the date if it is another day's.
function showTime(shown, at) {
  try {
    const timeZone = kit.dataset.zone.replaceAll(" ", "_");
    const said = (style, of) => new Intl.DateTimeFormat("de", { timeZone, ...style }).format(of);
    const [date, today] = [new Date(at), new Date()].map((of) => said({ dateStyle: "medium" }, of));
    const hour = said({ timeStyle: "short" }, new Date(at));
    $("time", shown).dateTime = at;
    $("time", shown).textContent = date === today ? hour : `${hour} ${date}`; // 14:20 03.09.2025
  } catch {
    shown.remove(); // a zone that this browser does not know
  }
}

// --- the whole page

// Read the page again and take from it what moves. What is being read waits for the next time.
async function reread() {
  close();
  soon(tend, 30); // if this fails
  const answer = await fetch(location.pathname + location.search).catch(() => ({}));
  if (story && (answer.status === 410 || answer.status === 404)) {
    clearTimeout(timer); // nothing more is to be heard here
    tellOfStory({ kind: answer.status === 410 ? "kill" : "withhold" });
  }
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = fresh.body.dataset;
  since = Number(new URL(now.live, location.origin).searchParams.get("since"));
  if (Number(now.version) > Number(version)) tellOfNewer(fresh);
  const whole = PARTS.map((part) => swap($(part), $(part, fresh))).every(Boolean);
  tend();
  if (whole) clearTimeout(timer);
  else soon(reread, 30);
}

function tellOfNewer(fresh) {
  const [newest, ...older] = $$(".correction__note", fresh);
  const corrected = older.length >= $$(".correction__note").length && newest;
  tellOfStory({
    kind: corrected ? "correction" : "update",
    path: location.pathname,
    released_at: $(".story-head__version time", fresh).dateTime,
    note: corrected?.textContent,
  });
}

function swap(old, fresh) {
  if (!old || !fresh || old.innerHTML === fresh.innerHTML) return true;
  if (old.dataset.most && isRead(old)) return false;
  old.replaceChildren(...fresh.childNodes);
  if (waiting.has(old)) offer(old, []);
  return true;
}
