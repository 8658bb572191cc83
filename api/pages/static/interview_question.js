/* The questions on the page: the open one stays findable, an earlier one has a short name. */

const PUT = new Set(["question", "follow_up", "clarification"]);
const LEAST_SEEN = 32; // pixels
const FEWEST_WORDS = 4;
const MOST_WORDS = 16;

/** The message that put a question last; undefined where it is not on the page. */
function message(number) {
  const said = [...document.querySelectorAll(`#log .said[data-question="${number}"]`)];
  return said.filter(({ dataset }) => PUT.has(dataset.purpose)).at(-1);
}

/** What a question asks, in a few words: its last sentence. */
export function inShort(number) {
  const text = message(number)?.querySelector(".text").innerText.trim() ?? "";
  const sentences = text.split(/(?<=[.?!])\s+/);
  let words = [];
  while (sentences.length && words.length < FEWEST_WORDS) words = [...sentences.pop().split(/\s+/), ...words];
  return words.length > MOST_WORDS ? `… ${words.slice(-MOST_WORDS).join(" ")}` : words.join(" ");
}

/** A line above the dock with the open question, while the question itself is out of view.
 *
 * It is no live region: the question was read out when it came.
 */
export class OpenQuestion {
  #line = document.querySelector("#open-question");
  #dock = document.querySelector("#dock");
  #where = document.querySelector(".where");
  #node;
  #watcher;

  constructor(goTo) {
    this.#line.addEventListener("click", () => {
      this.#node.tabIndex = -1;
      this.#node.focus({ preventScroll: true });
      goTo(this.#node);
    });
    const sizes = new ResizeObserver(() => this.#watch());
    for (const part of [this.#dock, this.#where, document.documentElement]) sizes.observe(part);
  }

  /** `question` is the one that waits for an answer, or null. */
  show(question) {
    const node = question ? message(question.number) : undefined;
    if (node === this.#node) return;
    this.#node = node;
    if (node) {
      this.#line.querySelector(".which").textContent = `Question ${question.number}`;
      this.#line.querySelector(".what").textContent = question.text;
    }
    this.#watch();
  }

  #watch() {
    this.#watcher?.disconnect();
    if (!this.#node) {
      this.#line.hidden = true;
      return;
    }
    const below = covered(this.#dock);
    this.#line.style.bottom = `${below}px`;
    const margins = [covered(this.#where), 0, below, 0].map((edge) => `${edge && -edge}px`);
    this.#watcher = new IntersectionObserver(([seen]) => this.#hide(seen.intersectionRect.height >= LEAST_SEEN), {
      rootMargin: margins.join(" "),
      threshold: Array.from({ length: 21 }, (_, step) => step / 20),
    });
    this.#watcher.observe(this.#node);
  }

  #hide(hidden) {
    if (hidden && document.activeElement === this.#line) document.querySelector("#words").focus({ preventScroll: true });
    this.#line.hidden = hidden;
  }
}

/** How much of the window's edge a part that sticks to it takes. */
function covered(part) {
  return getComputedStyle(part).position === "sticky" ? Math.round(part.getBoundingClientRect().height) : 0;
}
