// Marking by keys, and drafts that survive a reload. The form works without it.

const POINTS = "fieldset.mark-one";
const KEY = "viva.marking.keys";
const QUIET = 700;

const form = document.querySelector("form[data-draft]");
const points = [...document.querySelectorAll(POINTS)];
const toggle = document.querySelector("[data-keys]");
let last = null;

const radios = (point) => [...point.querySelectorAll("input[type=radio]")];
const chosen = (point) => radios(point).find((each) => each.checked);

function go(point) {
  if (!point) return;
  last = point;
  (chosen(point) ?? radios(point)[0])?.focus({ preventScroll: true });
  point.scrollIntoView({ block: "nearest" });
}

function here() {
  return document.activeElement?.closest?.(POINTS) ?? null;
}

function choose(point, number) {
  const radio = radios(point)[number - 1];
  if (!radio) return;
  radio.focus();
  radio.click();
}

/** The words of a point: what is selected of an answer goes into them. */
function words(point) {
  const field = point.querySelector(".mark-words input");
  const selection = getSelection();
  const block = selection.anchorNode?.parentElement?.closest(".answer-block");
  const text = block ? selection.toString().trim() : "";
  if (text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  } else {
    field.focus();
  }
}

function onKey(event) {
  if (!toggle?.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  const point = here();
  const typing = event.target.matches?.("input[type=text], textarea, select");
  if (event.key === "Escape" && typing && point) return go(point);
  if (typing) return;
  const known = point ?? last;
  const at = points.indexOf(known);
  const acts = {
    j: () => go(points[at + 1] ?? points.at(-1)),
    k: () => go(points[Math.max(at - 1, 0)]),
    u: () => go([...points.slice(at + 1), ...points].find((each) => !chosen(each))),
    w: () => known && words(known),
  };
  if (known && /^[1-9]$/.test(event.key)) choose(known, Number(event.key));
  else if (event.key in acts) acts[event.key]();
  else return;
  event.preventDefault();
}

function count() {
  const left = points.filter((each) => !chosen(each)).length;
  const told = form?.querySelector("[data-left]");
  if (told) told.textContent = left ? `${left} of ${points.length} points are open.` : "Every point is marked.";
}

let waiting;
async function save() {
  const told = form.querySelector("[data-saved]");
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.draft, { method: "POST", body, keepalive: true });
    told.textContent = answer.ok ? "Draft kept." : "The draft could not be kept.";
  } catch {
    told.textContent = "The draft could not be kept: no connection.";
  }
}

function changed() {
  count();
  clearTimeout(waiting);
  waiting = setTimeout(save, QUIET);
}

document.addEventListener("keydown", onKey);
document.addEventListener("focusin", () => { last = here() ?? last; });
if (toggle) {
  document.querySelector("[data-keys-help]").hidden = false;
  toggle.checked = localStorage.getItem(KEY) !== "off";
  toggle.addEventListener("change", () => localStorage.setItem(KEY, toggle.checked ? "on" : "off"));
}
if (form) {
  count();
  form.addEventListener("input", changed);
  form.addEventListener("submit", () => clearTimeout(waiting));
  addEventListener("pagehide", () => {
    if (waiting && !form.querySelector("[aria-disabled]")) save();
  });
}
