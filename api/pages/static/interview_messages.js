/* Messages as they stand on the page. Everything said or heard becomes text, never markup. */

const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/;
const INDENTED = /^(?: {4}|\t)/;

/** Paragraphs and code blocks of a text: fenced ones, and those indented after an empty line. */
export function blocks(text) {
  const found = [];
  let fence = null;
  let before = "";
  const add = (code, line) => {
    const last = found.at(-1);
    if (last?.open && last.code === code) last.lines.push(line);
    else found.push({ code, lines: [line], open: true });
  };
  const close = () => {
    if (found.length) found.at(-1).open = false;
  };
  for (const line of text.split("\n")) {
    const inCode = found.at(-1)?.open && found.at(-1).code;
    if (fence) {
      if (line.trim().startsWith(fence) && !line.trim().replaceAll(fence[0], "")) {
        fence = null;
        close();
      } else add(true, line);
    } else if (FENCE.test(line)) {
      fence = line.match(FENCE)[1];
      found.push({ code: true, lines: [], open: true });
    } else if (INDENTED.test(line) && (inCode || !before.trim())) add(true, line.replace(INDENTED, ""));
    else if (line.trim()) add(false, line);
    else if (inCode) add(true, "");
    else close();
    before = line;
  }
  return found.map(({ code, lines }) => ({ code, text: lines.join("\n").replace(/\s+$/, "") }));
}

/** Show a text in a box: paragraphs, and code in blocks that the keyboard can scroll. */
export function dress(box, text) {
  box.replaceChildren(
    ...blocks(text).map((block) => {
      const element = document.createElement(block.code ? "pre" : "p");
      const inner = block.code ? element.appendChild(document.createElement("code")) : element;
      inner.textContent = block.text;
      if (block.code) element.tabIndex = 0;
      return element;
    }),
  );
}

/** The line that shows an event, or null where another event says the same. */
export function line(event, labels) {
  const what = { said: `said.${event.purpose}`, heard: `heard.${event.action ?? "answer"}` };
  const name = what[event.type] ?? event.type;
  const label = labels[name] === undefined ? "" : labels[name];
  if (label === null) return null;
  const spoken = event.type === "said" || name === "heard.answer" || name === "heard.amend";
  return filled(spoken ? event.type : "note", label.replace("{}", event.question ?? ""), event);
}

/** A line made from a template of the page: `said`, `heard` or `note`. */
export function filled(kind, label, { text, turn, seq, stage, purpose, question, amends }) {
  const node = document.querySelector(`#template-${kind}`).content.firstElementChild.cloneNode(true);
  for (const [name, value] of Object.entries({ turn, seq, stage, purpose, question, amends })) {
    if (value !== null && value !== undefined) node.dataset[name] = value;
  }
  node.querySelector(".what").textContent = label;
  const box = node.querySelector(".text");
  if (box) dress(box, text ?? "");
  return node;
}
