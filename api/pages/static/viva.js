// What the pages around the interview need of a script: all of them work without it.

const KEY = "viva.interviews";
const MOST = 12;
const SHOWN = 6;

/** The ids of interviews held in this browser, newest first. */
export function mine() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** Keep an interview's id in this browser, so that the lobby can offer to go on with it. */
export function remember(id) {
  save([id, ...mine().filter((other) => other !== id)].slice(0, MOST));
}

function forget(id) {
  save(mine().filter((other) => other !== id));
}

function save(ids) {
  try {
    localStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // Storage is closed to this page: the address still leads back.
  }
}

async function look(id) {
  const response = await fetch(`/api/interviews/${encodeURIComponent(id)}`);
  if (response.status === 404) forget(id);
  return response.ok ? response.json() : null;
}

function row(view) {
  const item = document.createElement("li");
  item.className = "mine-row";
  const words = document.createElement("span");
  const title = document.createElement("span");
  title.className = "strong";
  title.textContent = view.title;
  const more = document.createElement("span");
  more.className = "muted small";
  more.textContent = ` ${view.level}, ${view.mode}`;
  words.append(title, more);
  const over = view.status === "ended";
  const link = document.createElement("a");
  link.className = "button quiet";
  link.href = `/interviews/${encodeURIComponent(view.id)}${over ? "/report" : ""}`;
  link.textContent = over ? "Read the report" : "Go on";
  link.setAttribute("aria-label", `${link.textContent}: ${view.title}, interview ${view.id}`);
  item.append(words, link);
  return item;
}

async function offerMine(section) {
  const list = section.querySelector("[data-mine-list]");
  if ("complete" in list.dataset) return;
  const found = await Promise.all(mine().slice(0, SHOWN).map((id) => look(id).catch(() => null)));
  const rows = found.filter(Boolean).map(row);
  list.replaceChildren(...rows);
  section.hidden = rows.length === 0;
}

const held = /^\/interviews\/([^/]+)/.exec(location.pathname);
if (held) remember(decodeURIComponent(held[1]));

const section = document.querySelector("[data-mine]");
if (section) offerMine(section);

// A practice goes on from what this browser was asked before.
for (const field of document.querySelectorAll("[data-known]")) field.value = mine().join(" ");

// A page that answered a form gets the address it can be loaded again from.
const answered = document.querySelector("[data-address]");
if (answered) history.replaceState(null, "", answered.dataset.address);

// A form that takes a while says so, and is sent once.
for (const form of document.querySelectorAll("[data-busy]")) {
  const button = form.querySelector("button");
  const words = button.textContent;
  const rest = () => {
    button.textContent = words;
    button.removeAttribute("aria-disabled");
  };
  form.addEventListener("submit", (event) => {
    if (button.hasAttribute("aria-disabled")) event.preventDefault();
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.busy;
  });
  window.addEventListener("pageshow", rest);
}

// Another level, with everything else as it was chosen.
for (const link of document.querySelectorAll("[data-level]")) {
  link.addEventListener("click", () => {
    const chosen = new URLSearchParams(new FormData(document.querySelector("form.start")));
    chosen.set("level", link.dataset.level);
    link.search = `?${chosen}`;
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
