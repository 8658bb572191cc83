/* One interview, live. What is said streams in; what is written goes out by the outbox.
 *
 * `view` and `round` are where the interview stands, as the server told it last. Only committed
 * events enter the log; speech ahead of its commit and answers on their way stand below it.
 */

import { Connection } from "./interview_connection.js";
import { dress, filled, line } from "./interview_messages.js";
import { Outbox, shelf } from "./interview_outbox.js";
import { OpenQuestion, inShort } from "./interview_question.js";
import { Clock, showRound, showStages, showWork } from "./interview_status.js";

const find = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];

const page = find("#interview");
const { id } = page.dataset;
const api = `/api/interviews/${id}`;
const labels = JSON.parse(page.dataset.labels);
const longest = Number(page.dataset.longest);
const texts = shelf(`viva.${id}.`);
const log = find("#log");
const box = find("#words");

const LOST = "Connection lost. What you wrote is kept; trying again…";
const BACK = "Back. Nothing was lost.";
const BUSY = "One moment: Viva is still at work on your last message.";
const COMMAND = /^\s*\/(hint|skip|pause|resume|clarify|end)\s*$/i; // as in the terminal
const LOOK_EVERY = 4000;

let { view, round } = JSON.parse(page.dataset.now);
let last = Number(page.dataset.last);
let speech = null; // what is said ahead of its commit: { turn, attempt, text }
let adding = null; // the turn of the answer that is being added to
let leaving = false; // this question is being skipped, whatever stands in the box
let pressed = null; // the button whose reply is awaited
let isShut = false; // nothing more is taken here
let ending = false; // the end is wished for, and waits for the turn under way
const committed = new Set(all("#log .heard").map((answer) => Number(answer.dataset.turn)));
let firstNew = null; // the first message that has come since the page was scrolled

const clock = new Clock(view.seconds_left);
const openQuestion = new OpenQuestion(follow);
const outbox = new Outbox(api, texts, { changed: show, refused, waiting: () => lost() });

/* ---- Where the interview stands ---- */

const ended = () => view.status === "ended";
const paused = () => view.status === "paused";
const busy = () => !view.question || view.pending !== null || outbox.entries().length > 0;

let asked = 0;
async function sync() {
  const mine = ++asked;
  const response = await fetch(`/interviews/${id}/now`, { headers: { Accept: "application/json" } });
  if (response.status === 403) return shut();
  if (!response.ok) throw new Error(`status ${response.status}`);
  const now = await response.json();
  if (mine !== asked) return;
  if (now.view.turns < Math.max(0, ...committed)) return sync(); // looked up before what we know
  const before = view.question?.number;
  ({ view, round } = now);
  clock.set(view.seconds_left);
  for (const { turn } of outbox.entries()) {
    if (turn !== null && turn !== view.pending && turn <= view.turns) committed.add(turn);
  }
  if (before !== view.question?.number) carryDraft(before);
  show();
}

/** The invite was withdrawn, or the like: say so and ask no more; the box keeps what is in it. */
async function shut() {
  const { error } = await (await fetch(api)).json();
  isShut = true;
  connection.finish();
  for (const button of all(".dock button")) disable(button, true);
  say(`${error.message} ${error.remedy}`);
}

function show() {
  if (isShut) return;
  outbox.settle(committed);
  page.dataset.stage = view.stage;
  page.dataset.status = view.status;
  showStages(view);
  showRound(round, ended() || paused());
  showAhead();
  clock.run(view.status === "running" && !busy());
  tick();
  find("#trouble").textContent = view.trouble ?? "";
  find("#trouble").hidden = !view.trouble;
  hide("#over", !ended(), null);
  hide("#paused", !paused(), box);
  hide("#composer", ended(), find("#over-heading"));
  hide("#tools", ended() || paused(), ended() ? find("#over-heading") : find("#paused .button"));
  for (const action of ["hint", "skip"]) hide(`#tools [data-action=${action}]`, view.stage === "wrap_up", box);
  for (const button of [...all("#tools button:not([data-ends])"), find("#send")]) disable(button, busy());
  disable(find("#amend"), busy() || !lastAnswer());
  showSecondThoughts();
  showLabel();
  openQuestion.show(ended() || paused() || busy() ? null : view.question);
}

/** Hide or show a part; what had the focus in it hands it on. */
function hide(selector, hidden, heir) {
  const part = find(selector);
  const had = hidden && part.contains(document.activeElement);
  part.hidden = hidden;
  if (had && heir) requestAnimationFrame(() => heir.focus());
}

function disable(button, disabled) {
  if (disabled) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

function say(text) {
  find("#line").textContent = text;
}

function tick() {
  const text = ended() ? "" : paused() ? `${clock.text()}, clock stopped` : clock.text();
  if (find("#time").textContent !== text) find("#time").textContent = text;
}

/* ---- The conversation ---- */

function take(event) {
  if (event.seq <= last) return;
  last = event.seq;
  const reading = atTheEnd();
  if (event.type === "heard") {
    view.pending = event.turn; // until its turn is done
    committed.add(event.turn);
    outbox.settle(committed);
  }
  if (event.action === "skip" && leaving) clearDraft();
  if (speech?.turn === event.turn) speech = null;
  const node = line(event, labels);
  if (node) log.append(node);
  if (event.type === "said") {
    announce(event.text);
    if (reading) firstNew ??= node;
  }
  showAhead();
}

function showAhead() {
  const ahead = find("#ahead");
  const coming = outbox.entries().filter((entry) => entry.message !== null);
  const nodes = coming.map((entry) => {
    const node = filled("heard", "", { text: entry.message });
    node.classList.add("coming");
    node.querySelector(".fate").textContent = entry.turn === null ? (connection.down ? "Not sent yet" : "Sending…") : "";
    return node;
  });
  if (speech) nodes.push(filled("said", "", { text: speech.text }));
  ahead.replaceChildren(...nodes);
  const working = view.pending !== null || outbox.entries().some((entry) => entry.turn !== null);
  const silent = speech === null && !connection.down && !ended();
  showWork(silent && (working || !view.question), view.question ? "Viva is reading" : "Viva is getting ready");
}

const atTheEnd = () => innerHeight + scrollY > document.documentElement.scrollHeight - 240;

const toTheEnd = () => scrollTo({ top: document.documentElement.scrollHeight });

/** Scroll so that what is new can be read from its start. */
function follow(node) {
  const above = find(".where").getBoundingClientRect().height + 24;
  scrollTo({ top: node.getBoundingClientRect().top + scrollY - above });
}

/** Tell a screen reader a whole message, once. */
function announce(text) {
  const told = document.createElement("p");
  told.textContent = `Viva: ${text}`;
  find("#announcer").append(told);
  setTimeout(() => told.remove(), 30000);
}

/* ---- The line to the server ---- */

const connection = new Connection(api, {
  after: () => last,
  over: () => ended() || isShut,
  sync,
  take,
  speak({ turn, attempt, text }) {
    const goesOn = speech?.turn === turn && speech.attempt === attempt;
    speech = { turn, attempt, text: goesOn ? speech.text + text : text };
    showAhead();
  },
  forget() {
    speech = null;
    showAhead();
  },
  done,
  lost() {
    say(LOST);
    showAhead();
  },
  back(wasLost) {
    if (wasLost) say(BACK);
    outbox.flush();
    show();
  },
});
const lost = () => connection.lost();

async function done({ turn, status, stage, question }) {
  committed.add(turn);
  leaving = false;
  if (find("#line").textContent === BUSY) say("");
  if (status === "ended") return over({ status, stage, question, pending: null });
  await sync().catch(lost);
  giveFocusBack();
  if (ending && !busy()) press("end");
  showNew();
}

/** The end is taken over at once: the server closes the stream with it, and nothing was lost. */
function over(now) {
  view = { ...view, ...now };
  connection.finish();
  if (find("#line").textContent === LOST) say("");
  show();
  showNew();
}

function showNew() {
  if (firstNew) follow(firstNew);
  firstNew = null;
}

/** A button's reply is there: one writes on, unless the focus has gone elsewhere meanwhile. */
function giveFocusBack() {
  const here = document.activeElement;
  const left = here === pressed || here === document.body;
  if (pressed && left && view.status === "running" && matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true });
  pressed = null;
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !ended()) sync().catch(lost);
});
setInterval(async () => {
  if (isShut || !busy() || ended() || !connection.silent()) return;
  await sync().catch(lost);
  if (!busy()) connection.open(); // its turn is over, and the stream has not told
}, LOOK_EVERY);

/* ---- Writing ---- */

const draftName = (question) => (adding === null ? `draft.${question ?? 0}` : `draft.add.${adding}`);
const number = () => view.question?.number ?? 0;

function keepDraft() {
  if (box.value) texts.set(draftName(number()), box.value);
  else texts.remove(draftName(number()));
}

function clearDraft() {
  box.value = "";
  keepDraft();
  count();
}

/** The question has changed under a draft: the draft goes with it. */
function carryDraft(before) {
  const old = `draft.${before ?? 0}`;
  const written = adding === null ? box.value : texts.get(old);
  texts.remove(old);
  if (written) texts.set(`draft.${number()}`, written);
  if (adding === null && !written) openDraft();
}

function openDraft() {
  box.value = texts.get(draftName(number())) ?? "";
  count();
}

function count() {
  const length = [...box.value].length;
  const near = length > longest * 0.8;
  find("#count").textContent = near ? `${length.toLocaleString("en")} of ${longest.toLocaleString("en")} characters.` : "";
  find("#count").classList.toggle("over-limit", length > longest);
  return length;
}

function send() {
  if (busy()) return say(BUSY);
  if (!box.value.trim()) return say("Write something first.");
  if (count() > longest) return say(`That is too long to send: at most ${longest.toLocaleString("en")} characters.`);
  const typed = COMMAND.exec(box.value);
  if (typed && adding === null) {
    clearDraft();
    return press(typed[1].toLowerCase());
  }
  const message = box.value;
  const about = adding;
  clearDraft();
  stopAdding();
  say(connection.down ? LOST : "");
  outbox.put({ question: number(), message, about });
  toTheEnd();
  if (matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true });
}

function press(action) {
  if (busy()) return say(BUSY);
  if (action === "skip" && box.value.trim() && !leaving) {
    leaving = true;
    return say("You have written something that is not sent. Press Skip again to leave it behind.");
  }
  leaving = action === "skip";
  say(connection.down ? LOST : "");
  outbox.put({ question: number(), action });
}

/** The server did not take it: the words go back into the box, with its reason. */
function refused(entry, { message, remedy, question }) {
  if (question) view.question = question;
  if (entry.message !== null) {
    if (entry.about !== null) startAdding(entry.about);
    box.value = [entry.message, box.value].filter(Boolean).join("\n\n");
    keepDraft();
  }
  const kept = entry.message === null ? "" : " What you wrote is back in the box.";
  say(`${message} ${remedy}${kept}`);
  sync().catch(lost);
}

/* ---- Adding to an answer ---- */

const answers = () => all("#log .heard:not([data-amends]):not([data-stage='opening'])");
const lastAnswer = () => answers().at(-1);

function showSecondThoughts() {
  const open = view.stage === "probes" && view.status === "running";
  for (const answer of answers()) {
    const { turn, stage } = answer.dataset;
    const amended = find(`#log .heard[data-amends="${turn}"]`);
    answer.querySelector(".again").hidden = !open || stage !== "probes" || amended !== null;
  }
}

function startAdding(turn) {
  const reading = atTheEnd();
  keepDraft();
  adding = Number(turn);
  const { question, stage } = find(`#log .heard[data-turn="${turn}"]`).dataset;
  find("#adding").hidden = false;
  find("#adding .question").textContent = inShort(question);
  find("#adding .counts").textContent = whatCounts(stage);
  showLabel();
  openDraft();
  if (reading) toTheEnd();
  box.focus();
}

/** What becomes of an addition to an answer of this stage, by the rules of the interview. */
function whatCounts(stage) {
  if (stage !== "probes") return "It is kept with that answer and not counted.";
  if (view.stage === "wrap_up") return "It is kept with that answer and not counted: the questions are over.";
  if (view.mode === "practice") return "Both versions are kept. It counts if what was missing has not been told yet.";
  return "Both versions are kept. It counts; an earlier answer can have one second thought.";
}

function showLabel() {
  const own = view.stage === "wrap_up" ? "Your question or reply" : "Your answer";
  find("#words-label").textContent = adding === null ? own : "What you want to add";
  box.setAttribute("aria-describedby", adding === null ? "how" : "adding-about how");
}

function stopAdding() {
  adding = null;
  find("#adding").hidden = true;
  showLabel();
  openDraft();
}

/* ---- The page's own controls ---- */

find("#composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
box.addEventListener("input", () => {
  leaving = false;
  keepDraft();
  count();
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
    event.preventDefault();
    send();
  }
});
page.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.action) {
    pressed = button;
    press(button.dataset.action);
  }
  if (button?.classList.contains("again")) startAdding(button.closest("li").dataset.turn);
  if (button?.dataset.ends !== undefined) find("#ending").showModal();
});
find("#amend").addEventListener("click", () => {
  const answer = lastAnswer();
  if (answer && !busy()) startAdding(answer.dataset.turn);
  else say(answer ? BUSY : "There is no answer to add to yet.");
});
find("#cancel").addEventListener("click", () => {
  stopAdding();
  box.focus();
});
find("#ending").addEventListener("close", () => {
  ending = find("#ending").returnValue === "end";
  if (ending && busy()) say("Viva ends the interview as soon as your last message is in.");
  else if (ending) press("end");
  find("#ending").returnValue = "";
});

setInterval(tick, 1000);
for (const text of all("#log .text")) dress(text, text.textContent);
if (box.value) keepDraft(); // written before this module was there
else openDraft();
show();
if (log.lastElementChild) follow(all("#log .said").at(-1) ?? log.lastElementChild);
if (!ended()) connection.open();
