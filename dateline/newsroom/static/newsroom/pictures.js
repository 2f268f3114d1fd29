// Pictures dropped or pasted onto a form or the list, and what a chosen one brings with it.
//
// Each file is a request of its own: one that is refused says why, and the others are in. Dropped on
// the lead place the first is the lead picture; the rest, and all that are dropped on the gallery,
// stand in a gallery of the text. A chosen picture fills in words that are still empty, never others.

const WORDS = ["alt", "caption", "credit"];
const drop = document.querySelector("[data-drop]");
const told = drop?.querySelector("[data-drop-told]");

function say(text, { replace, wrong = false } = {}) {
  const line = replace || told.appendChild(document.createElement("li"));
  line.textContent = text;
  line.classList.toggle("desk-drop__wrong", wrong);
  return line;
}

function written(name, values) {
  return drop.dataset[name].replace(/\{(\w+)\}/g, (_all, key) => values[key]);
}

async function upload(file) {
  const line = say(written("textUploading", { name: file.name }));
  const sent = new FormData();
  sent.append("file", file);
  try {
    const response = await fetch(drop.dataset.dropUrl, {
      method: "POST",
      body: sent,
      headers: { "X-CSRFToken": window.wagtailConfig.CSRF_TOKEN, Accept: "application/json" },
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error || "");
    const twins = answer.twins.join(", ");
    say(written(twins ? "textTwin" : "textDone", { name: file.name, twins }), { replace: line });
    return answer;
  } catch (error) {
    // An answer that is no JSON, or none at all, says nothing that a person could use.
    const known = error instanceof SyntaxError || error instanceof TypeError ? "" : error.message;
    const words = known ? `${file.name}: ${known}` : written("textFailed", { name: file.name });
    say(words, { replace: line, wrong: true });
    return null;
  }
}

// --- the lead picture

function lead() {
  return document.getElementById("id_picture-chooser")?.widget;
}

function fill(field, text) {
  if (!field || !text || field.value.trim()) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function fillLead(answer) {
  for (const word of WORDS) fill(document.getElementById(`id_picture_${word}`), answer.words[word]);
  showCard(answer);
}

function showCard(answer) {
  const place = document.querySelector("[data-picture-cards]");
  if (place) place.innerHTML = answer ? answer.card : "";
}

async function known(number) {
  const address = drop.dataset.cardUrl.replace("/0/", `/${number}/`);
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  return response.ok ? response.json() : null;
}

function choose(answer) {
  const widget = lead();
  const shown = new Set([widget.input]);
  quiet(shown, () => widget.setStateFromModalData(answer.chosen));
  fillLead(answer);
}

// What the script sets itself needs no asking after.
let quietFields = new Set();
function quiet(fields, act) {
  quietFields = fields;
  try {
    act();
  } finally {
    quietFields = new Set();
  }
}

// --- galleries in the text

function wordsOf(answer) {
  return { image: answer.chosen, ...answer.words };
}

function addToGallery(answers) {
  const body = document.getElementById("body-root")?.rootBlock;
  if (!body || !answers.length) return;
  const last = body.children.filter((child) => child.type === "gallery").pop();
  quiet({ has: () => true }, () => {
    if (last) {
      const list = last.block.childBlocks.pictures;
      for (const answer of answers) list.insert(wordsOf(answer), list.children.length, {});
    } else {
      const pictures = answers.map((answer) => ({ value: wordsOf(answer), id: null }));
      body.insert({ type: "gallery", value: { title: "", pictures }, id: null }, body.children.length, {});
    }
  });
}

async function take(files, place) {
  const pictures = [...files].filter((file) => file.type.startsWith("image/") || !file.type);
  told.replaceChildren();
  const answers = [];
  // One after the other, so that they stand in the order in which they were dropped.
  for (const file of pictures) answers.push(await upload(file));
  const arrived = answers.filter(Boolean);
  if (place === "lead" && arrived.length) choose(arrived.shift());
  if (place !== "list") addToGallery(arrived);
  else if (arrived.length === pictures.length) setTimeout(() => location.reload(), 800);
}

function filesOf(event) {
  const data = event.dataTransfer || event.clipboardData;
  return data && [...data.types].includes("Files") ? data.files : null;
}

function watchPlaces() {
  for (const place of drop.querySelectorAll("[data-drop-place]")) {
    const input = place.querySelector("input");
    input.addEventListener("change", () => {
      take([...input.files], place.dataset.dropPlace);
      input.value = "";
    });
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
      place.addEventListener(kind, (event) => {
        event.preventDefault();
        place.classList.toggle("desk-drop__place--over", kind === "dragenter" || kind === "dragover");
        if (kind === "drop" && filesOf(event)?.length) take(filesOf(event), place.dataset.dropPlace);
      });
    }
  }
  // A file dropped beside a place would replace the page, and what was typed with it.
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (filesOf(event) && !event.defaultPrevented) event.preventDefault();
    });
  }
}

function watchPasting() {
  document.addEventListener("paste", (event) => {
    const files = filesOf(event);
    // From an office program a picture comes with text, which is what was meant.
    if (!files?.length || [...event.clipboardData.types].includes("text/plain")) return;
    event.preventDefault();
    const places = [...drop.querySelectorAll("[data-drop-place]")].map((each) => each.dataset.dropPlace);
    take(files, places.includes("list") ? "list" : lead()?.getValue() ? "gallery" : "lead");
  });
}

// --- a picture that was chosen by Wagtail's own window

function watchChoosing() {
  document.addEventListener("change", async (event) => {
    const input = event.target;
    const chooser = input instanceof HTMLInputElement && document.getElementById(`${input.id}-chooser`);
    if (!chooser || !chooser.classList.contains("image-chooser") || quietFields.has(input)) return;
    const number = chooser.widget?.getValue();
    const isLead = input.id === "id_picture";
    if (!number) {
      if (isLead) showCard(null);
      return;
    }
    const answer = await known(number);
    if (!answer) return;
    if (isLead) fillLead(answer);
    else fillBlock(input, answer);
  });
}

function fillBlock(input, answer) {
  // body-3-value-image: beside it stand body-3-value-alt and the others.
  for (const word of WORDS) {
    fill(document.getElementById(input.id.replace(/-image$/, `-${word}`)), answer.words[word]);
  }
}

if (drop && !drop.dataset.watched) {
  drop.dataset.watched = "yes";
  watchPlaces();
  watchPasting();
  watchChoosing();
}
