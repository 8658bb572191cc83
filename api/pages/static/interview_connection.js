/* The stream of an interview, and what to do when it breaks: say so, try again, lose nothing. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 4000;
const NO_WORD_FOR = 4000;

/** The line to the server. `page` says where it stands and is told what comes. */
export class Connection {
  down = false;
  #source = null;
  #wait = FIRST_WAIT;
  #retry = 0;
  #heard = 0;

  constructor(api, page) {
    Object.assign(this, { api, page });
    addEventListener("offline", () => this.lost());
    addEventListener("online", () => this.#again());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#again());
  }

  /** Listen from the last event the page has. */
  open() {
    const { page } = this;
    this.close();
    this.#source = new EventSource(`${this.api}/events?after=${page.after()}`);
    this.#source.addEventListener("open", () => page.sync().then(() => this.#back(), () => this.lost()));
    this.#source.addEventListener("error", () => this.lost());
    this.#on("event", page.take);
    this.#on("token", page.speak);
    this.#on("reset", page.forget);
    this.#on("done", page.done);
  }

  #on(name, work) {
    this.#source.addEventListener(name, (message) => {
      this.#heard = performance.now();
      work(JSON.parse(message.data));
    });
  }

  close() {
    clearTimeout(this.#retry);
    this.#source?.close();
  }

  /** The interview is over: nothing more is to come, and nothing is lost. */
  finish() {
    this.close();
    this.down = false;
  }

  /** Whether no word has come for a while though the line seems to stand. */
  silent() {
    return !this.down && performance.now() - this.#heard > NO_WORD_FOR;
  }

  /** Something did not get through: try again soon, and then less often. */
  lost() {
    this.close();
    if (this.page.over()) return;
    const wasUp = !this.down;
    this.down = true;
    if (wasUp) this.page.lost();
    this.#retry = setTimeout(() => this.#again(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  #back() {
    const wasLost = this.down;
    this.down = false;
    this.#wait = FIRST_WAIT;
    this.#heard = performance.now();
    this.page.back(wasLost);
  }

  /** An interview that has ended meanwhile has no stream any more, only its last events. */
  async #again() {
    try {
      await this.page.sync();
      if (!this.page.over()) return this.open();
      const path = `${this.api}/events?after=${this.page.after()}`;
      const response = await fetch(path, { headers: { Accept: "application/json" } });
      (await response.json()).events.forEach(this.page.take);
      this.#back();
    } catch {
      this.lost();
    }
  }
}
