// Moves through an interview without loading the page anew. Links and the form work without this.

const slider = document.getElementById("slider");
const link = document.getElementById("link");
const announce = document.querySelector("[data-announce]");
const last = Number(slider.max);
let wanted = Number(slider.value);
let asked = null;

const address = (turn) => `${location.pathname}?turn=${turn}`;

/** Show a turn; a newer wish takes the place of one that is still on its way. */
async function show(turn) {
  wanted = Math.min(Math.max(turn, 1), last);
  steer(wanted);
  asked?.abort();
  asked = new AbortController();
  let page = null;
  try {
    const response = await fetch(address(wanted), { signal: asked.signal });
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch (error) {
    if (error.name === "AbortError") return;
  }
  const step = page?.getElementById("step");
  if (!step) return location.assign(address(wanted)); // it tells what is wrong
  document.getElementById("step").replaceWith(step);
  document.title = page.title;
  link.value = page.getElementById("link").value;
  history.replaceState(null, "", address(wanted));
  announce.textContent = `Turn ${wanted} of ${last}: ${step.dataset.told}`;
}

/** Have the slider and the links agree with the turn. */
function steer(turn) {
  slider.value = turn;
  document.querySelector("[data-turn-number]").textContent = turn;
  const leads = { first: 1, back: turn - 1, next: turn + 1, last };
  for (const each of document.querySelectorAll("[data-go]")) {
    const to = leads[each.dataset.go];
    const open = to >= 1 && to <= last && to !== turn;
    if (open) {
      each.href = address(to);
      each.removeAttribute("role");
      each.removeAttribute("aria-disabled");
    } else {
      each.removeAttribute("href");
      each.setAttribute("role", "link");
      each.setAttribute("aria-disabled", "true");
    }
  }
}

const KEYS = {
  ArrowLeft: () => wanted - 1,
  ArrowRight: () => wanted + 1,
  Home: () => 1,
  End: () => last,
};
/** Where these keys have a meaning of their own already. */
const OWN_KEYS = "input, textarea, select, [tabindex='0']";

document.addEventListener("keydown", (event) => {
  const turn = KEYS[event.key]?.();
  const free = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
  if (turn === undefined || !free || event.target.closest(OWN_KEYS)) return;
  event.preventDefault();
  if (turn >= 1 && turn <= last && turn !== wanted) show(turn);
});

document.addEventListener("click", (event) => {
  const to = event.target.closest("[data-go][href], [data-turn]");
  if (!to || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(Number(new URL(to.href).searchParams.get("turn")));
});

slider.addEventListener("input", () => show(Number(slider.value)));
document.querySelector("[data-without-script]").hidden = true;

function follow() {
  const named = /^#turn-(\d+)$/.exec(location.hash);
  if (named) show(Number(named[1]));
}
window.addEventListener("hashchange", follow);
follow();
