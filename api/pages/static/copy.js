// A button that copies what stands in a field. Without a script the field can be copied from.

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Over plain http there is no clipboard to write to; the old way may still work.
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copy(field);
    button.textContent = done ? "Copied" : "Copy it by hand";
    const status = button.closest(".field")?.querySelector("[data-copied]");
    if (status) status.textContent = button.textContent;
    setTimeout(() => {
      button.textContent = words;
    }, 3000);
  });
  field.addEventListener("focus", () => field.select());
}
