/* Where the interview stands, as it is shown: stages, the quick round, the time that is left. */

/** The stage, the number of the question and, among the questions, how many are to come. */
export function showStages(view) {
  const stages = [...document.querySelectorAll(".stages li")];
  const here = stages.findIndex((item) => item.dataset.stage === view.stage);
  stages.forEach((item, place) => {
    item.classList.toggle("past", place < here);
    if (place === here) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  });
  const main = view.stage === "probes" ? ` · main ${view.core_asked} of ${view.core}` : "";
  const open = view.question && view.status !== "ended";
  document.querySelector("#number").textContent = open ? `Question ${view.question.number}${main}` : "";
}

const LONG_WAIT = 5000;
let waiting = 0;

/** What Viva is at; a wait that grows long is told not to count. */
export function showWork(at, what) {
  const thinking = document.querySelector("#thinking");
  if (at !== thinking.hidden) return;
  clearTimeout(waiting);
  thinking.hidden = !at;
  const told = thinking.querySelector(".what");
  told.textContent = `${what}…`;
  if (at) waiting = setTimeout(() => (told.textContent = `${what}. Its time does not count.`), LONG_WAIT);
}

/** The quick round's card: a technology and, in practice, what is in the bank. */
export function showRound(round, hidden) {
  const card = document.querySelector("#round");
  card.hidden = !round || hidden;
  if (!round) return;
  const told = round.banked !== null;
  card.querySelector(".round-technology").textContent = round.technology;
  card.querySelector(".round-count").textContent = told
    ? `${round.banked} in your bank`
    : `Question ${round.asked} of this round`;
  const coins = card.querySelector(".coins");
  const count = told ? round.banked : round.asked;
  while (coins.childElementCount > count) coins.lastChild.remove();
  while (coins.childElementCount < count) coins.append(document.createElement("i"));
}

/** The time that is left; it runs only while it is the candidate's turn. */
export class Clock {
  #left;
  #since = null;

  constructor(seconds) {
    this.#left = seconds;
  }

  set(seconds) {
    this.#left = seconds;
    this.#since = null;
  }

  run(runs) {
    this.#left = this.left();
    this.#since = runs ? performance.now() : null;
  }

  left() {
    return this.#left - (this.#since === null ? 0 : (performance.now() - this.#since) / 1000);
  }

  text() {
    const seconds = Math.max(0, Math.round(this.left()));
    if (!seconds) return "Time is up; finish your thought";
    if (seconds > 120) return `${Math.ceil(seconds / 60)} min left`;
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
  }
}
