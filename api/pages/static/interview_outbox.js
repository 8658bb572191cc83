/* What the candidate writes stays in the browser until the server has committed it.
 *
 * A message is kept with an id before it is sent, and sent again under that id until an answer
 * comes: however often the network or the server fails, it arrives, and it arrives once.
 */

const FIRST_WAIT = 800;
const LONGEST_WAIT = 4000;

/** Texts kept in the browser under a prefix; in memory where the browser keeps nothing. */
export function shelf(prefix) {
  const memory = new Map();
  const kept = (inBrowser, otherwise) => {
    try {
      return inBrowser(localStorage);
    } catch {
      return otherwise();
    }
  };
  return {
    get: (name) => memory.get(name) ?? kept((browser) => browser.getItem(prefix + name), () => null),
    set(name, text) {
      kept((browser) => browser.setItem(prefix + name, text), () => memory.set(name, text));
    },
    remove(name) {
      memory.delete(name);
      kept((browser) => browser.removeItem(prefix + name), () => null);
    },
    names(start) {
      const stored = kept((browser) => Object.keys(browser), () => []);
      const ours = stored.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
      return [...new Set([...ours, ...memory.keys()])].filter((name) => name.startsWith(start));
    },
  };
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // not a secure context
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const passes = (status) => status === 408 || status === 425 || status === 429 || status >= 500;

/** Messages on their way; `changed`, `refused(entry, problem)` and `waiting` tell the page. */
export class Outbox {
  constructor(api, texts, { changed, refused, waiting }) {
    Object.assign(this, { api, texts, changed, refused, waiting, wait: FIRST_WAIT });
  }

  /** Every entry that is not known to be committed, oldest first. */
  entries() {
    const all = this.texts.names("out.").map((name) => JSON.parse(this.texts.get(name)));
    return all.sort((one, other) => one.made - other.made);
  }

  /** Keep a message and send it. `about` is the turn of the answer that it adds to. */
  put({ question, message = null, action = null, about = null }) {
    this.#keep({ turn_id: newId(), made: Date.now(), turn: null, question, message, action, about });
    this.changed();
    this.flush();
  }

  /** What was sent in turns that are committed need not be kept any more. */
  settle(committed) {
    for (const entry of this.entries()) if (committed.has(entry.turn)) this.#drop(entry);
  }

  /** Send what has not been accepted yet; again later if nobody answers. */
  async flush() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timer);
    try {
      for (const entry of this.entries().filter((each) => each.turn === null)) await this.#send(entry);
      this.wait = FIRST_WAIT;
    } catch {
      this.waiting();
      this.timer = setTimeout(() => this.flush(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    } finally {
      this.sending = false;
    }
  }

  async #send(entry) {
    const { turn_id, question, message, action, about } = entry;
    const words = message === null ? { question, action } : { question, message };
    const [path, body] = about === null ? ["turns", words] : ["amend", { turn: about, message }];
    const response = await fetch(`${this.api}/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ turn_id, ...body }),
    });
    if (passes(response.status)) throw new Error(`status ${response.status}`);
    const answer = await response.json().catch(() => ({}));
    if (response.ok) this.#keep({ ...entry, turn: answer.turn });
    else {
      this.#drop(entry);
      this.refused(entry, answer.error ?? { message: "It was not accepted.", remedy: "Load the page again." });
    }
    this.changed();
  }

  #keep(entry) {
    this.texts.set(`out.${entry.turn_id}`, JSON.stringify(entry));
  }

  #drop(entry) {
    this.texts.remove(`out.${entry.turn_id}`);
  }
}
