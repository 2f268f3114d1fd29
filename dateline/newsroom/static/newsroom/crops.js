// Crops of a picture, moved by hand or by keys, with what each will show beside it.
//
// A part is kept as Python keeps it (`crops.py`): left and upper edge and width, as shares of the
// picture. One that was never moved is not kept: it follows the focal point, here too as it is drawn.

const SMALLEST = 0.1;
const editor = document.querySelector("[data-crops-editor]");
const field = document.querySelector("[data-crops]");


function limits(use) {
  const most = Math.min(1, use.shape);
  return { most, least: Math.min(SMALLEST, most) };
}

function heightOf(use, part) {
  return part.width / use.shape;
}

function held(use, part) {
  const { most, least } = limits(use);
  const width = Math.min(Math.max(part.width, least), most);
  const height = width / use.shape;
  return {
    width,
    x: Math.min(Math.max(part.x, 0), Math.max(0, 1 - width)),
    y: Math.min(Math.max(part.y, 0), Math.max(0, 1 - height)),
  };
}

function focus() {
  const [x, y] = ["x", "y"].map((axis) => document.querySelector(`.focal_point_${axis}`)?.value);
  const image = document.querySelector(".focal-point-chooser img");
  if (!x || !y || !image) return { x: 0.5, y: 0.5 };
  return { x: x / image.dataset.originalWidth, y: y / image.dataset.originalHeight };
}

function around(use) {
  const { most } = limits(use);
  const middle = focus();
  return held(use, { width: most, x: middle.x - most / 2, y: middle.y - most / use.shape / 2 });
}

function draw(use) {
  const { part } = use;
  const height = heightOf(use, part);
  use.image.style.width = `${100 / part.width}%`;
  use.image.style.left = `${(-100 * part.x) / part.width}%`;
  use.image.style.top = `${(-100 * part.y) / height}%`;
  const { most, least } = limits(use);
  use.zoom.value = most > least ? (100 * (most - part.width)) / (most - least) : 0;
  slide(use.across, part.x, 1 - part.width);
  slide(use.down, part.y, 1 - height);
  use.auto.disabled = !use.chosen;
}

function slide(range, at, room) {
  range.disabled = room < 0.001;
  range.value = room < 0.001 ? 50 : (100 * at) / room;
}

function keep(uses) {
  const chosen = uses.filter((use) => use.chosen);
  const parts = chosen.map(({ name, part }) => [name, [part.x, part.y, part.width]]);
  field.value = JSON.stringify(Object.fromEntries(parts));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function set(use, part, uses) {
  use.part = held(use, part);
  use.chosen = true;
  draw(use);
  keep(uses);
}

function zoomed(use) {
  const { most, least } = limits(use);
  const width = most - (use.zoom.value / 100) * (most - least);
  // Closer to its own middle.
  const x = use.part.x + (use.part.width - width) / 2;
  const y = use.part.y + (heightOf(use, use.part) - width / use.shape) / 2;
  return { x, y, width };
}

function watch(use, uses) {
  use.zoom.addEventListener("input", () => set(use, zoomed(use), uses));
  use.across.addEventListener("input", () => {
    set(use, { ...use.part, x: (use.across.value / 100) * (1 - use.part.width) }, uses);
  });
  use.down.addEventListener("input", () => {
    const room = 1 - heightOf(use, use.part);
    set(use, { ...use.part, y: (use.down.value / 100) * room }, uses);
  });
  use.auto.addEventListener("click", () => {
    use.chosen = false;
    use.part = around(use);
    draw(use);
    keep(uses);
  });
  drag(use, uses);
}

function drag(use, uses) {
  let from = null;
  use.box.addEventListener("pointerdown", (event) => {
    from = { x: event.clientX, y: event.clientY, part: use.part };
    use.box.setPointerCapture(event.pointerId);
  });
  use.box.addEventListener("pointermove", (event) => {
    if (!from) return;
    const box = use.box.getBoundingClientRect();
    const x = from.part.x - ((event.clientX - from.x) / box.width) * from.part.width;
    const y = from.part.y - ((event.clientY - from.y) / box.height) * heightOf(use, from.part);
    set(use, { ...from.part, x, y }, uses);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    use.box.addEventListener(end, () => { from = null; });
  }
}

function begin() {
  // Beside the picture that they are cut from, under its focal point.
  document.querySelector(".focal-point-chooser")?.parentElement.append(editor);
  const kept = JSON.parse(field.value || "{}");
  const sides = editor.dataset.height / editor.dataset.width;
  const uses = [...editor.querySelectorAll("[data-use]")].map((element) => ({
    name: element.dataset.use,
    shape: element.dataset.ratio * sides,
    box: element.querySelector("[data-crop-box]"),
    image: element.querySelector("img"),
    zoom: element.querySelector("[data-crop-zoom]"),
    across: element.querySelector("[data-crop-x]"),
    down: element.querySelector("[data-crop-y]"),
    auto: element.querySelector("[data-crop-auto]"),
  }));
  for (const use of uses) {
    const part = kept[use.name];
    use.chosen = Boolean(part);
    use.part = part ? held(use, { x: part[0], y: part[1], width: part[2] }) : around(use);
    draw(use);
    watch(use, uses);
  }
  follow(uses);
}

// Wagtail's chooser of the focal point tells nobody: it is looked at after each move of a pointer.
function follow(uses) {
  const look = () => {
    for (const use of uses.filter((each) => !each.chosen)) {
      use.part = around(use);
      draw(use);
    }
  };
  for (const kind of ["pointerup", "pointermove", "click"]) {
    document.addEventListener(kind, (event) => {
      if (event.target.closest?.(".focal-point-chooser, .jcrop-holder, .remove-focal-point")) setTimeout(look, 60);
    });
  }
}

if (editor && field) begin();
