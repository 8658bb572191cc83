// A link's secret stands behind the # sign, where no server, log or referrer sees it. It goes into
// its form's field, and out of the address and the history.

const form = document.querySelector("[data-link-form]");
const own = document.querySelector("[data-without-link]");

function take() {
  const secret = location.hash.slice(1);
  form.hidden = !secret && "onlyWithLink" in form.dataset;
  if (!secret) return;
  history.replaceState(null, "", location.pathname);
  form.elements.token.value = secret;
  form.querySelector("[data-link-field]")?.setAttribute("hidden", "");
  if (own) own.hidden = true;
  if ("sendLink" in form.dataset) form.requestSubmit();
}

take();
window.addEventListener("hashchange", take);
