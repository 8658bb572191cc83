// Uploads: how much has been sent, then what is going on. The form works without this.

const EVERY = 1000;
const form = document.querySelector("[data-upload]");
const job = document.querySelector('[data-job][data-state="working"]');

if (form) form.addEventListener("submit", send);
if (job) setTimeout(look, EVERY);

function send(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.hasAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  form.querySelector("[data-failed]").hidden = true;
  form.querySelector("[data-sending]").hidden = false;
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (told) => showSent(told.loaded, told.total));
  request.addEventListener("load", () => answered(request));
  request.addEventListener("error", () => failed("The documents did not arrive.", "Send them again."));
  request.open("POST", "/api/library");
  request.responseType = "json";
  request.send(new FormData(form));
}

function showSent(sent, total) {
  form.querySelector("progress").value = total ? (100 * sent) / total : 0;
  const told = `${Math.ceil(sent / 1024)} of ${Math.ceil(total / 1024)} KB sent`;
  form.querySelector("[data-sent]").textContent = told;
}

function answered(request) {
  if (request.status === 202) {
    location.assign(`/library?upload=${encodeURIComponent(request.response.id)}`);
    return;
  }
  const error = request.response?.error;
  failed(error?.message ?? "The documents were not taken.", error?.remedy ?? "Try again in a moment.");
}

function failed(message, remedy) {
  const box = form.querySelector("[data-failed]");
  box.textContent = `${message} ${remedy}`;
  box.hidden = false;
  form.querySelector("[data-sending]").hidden = true;
  form.querySelector("button").removeAttribute("aria-disabled");
}

async function look() {
  const response = await fetch(`/api/uploads/${encodeURIComponent(job.dataset.job)}`).catch(() => null);
  if (response?.status === 404) return location.reload();
  if (response?.ok) {
    const now = await response.json();
    if (now.state !== "working") return location.reload();
    const doing = job.querySelector("[data-doing]");
    if (doing.textContent !== now.doing) doing.textContent = now.doing;
  }
  setTimeout(look, EVERY);
}
