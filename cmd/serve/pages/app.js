// Nothing here is needed: every page works without it.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const file = form.querySelector("input[type=file]");
  form.addEventListener("dragover", (e) => { e.preventDefault(); form.classList.add("dropping"); });
  form.addEventListener("dragleave", () => form.classList.remove("dropping"));
  form.addEventListener("drop", (e) => {
    form.classList.remove("dropping");
    if (!e.dataTransfer.files.length) return;
    e.preventDefault();
    file.files = e.dataTransfer.files;
    file.focus();
  });
}
for (const form of document.querySelectorAll("form[data-events]")) {
  form.addEventListener("submit", () => {
    const shown = form.querySelector("[data-progress]");
    const says = shown.querySelector("p"), bar = shown.querySelector("progress");
    shown.hidden = false;
    const events = new EventSource(form.dataset.events);
    events.addEventListener("read", (e) => {
      const [read, percent] = e.data.split(" ");
      says.textContent = `${form.dataset.reading} ${read} MB`;
      if (percent !== "0") bar.value = Number(percent);
    });
    events.addEventListener("done", () => events.close());
    events.onerror = () => events.close();
  });
}
