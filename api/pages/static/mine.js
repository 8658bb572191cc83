/* The link's secret stands behind its #, where no server, log or referrer sees it: it goes from
 * there into the form, and out of the address. Without this the link can be pasted into the form. */

const form = document.querySelector("#invite");
const opening = document.querySelector("#opening");

function open() {
  const token = location.hash.slice(1);
  if (!token) return;
  history.replaceState(null, "", location.pathname);
  form.querySelector("#link").value = `#${token}`;
  form.hidden = true;
  opening.hidden = false;
  form.submit();
}

// Back from the next page, or after a broken connection, the form is there to be used.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  form.hidden = false;
  opening.hidden = true;
});
addEventListener("hashchange", open);
open();
