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
// How far an upload is, where its page shows it; data-then is where the page goes once the upload is done.
function follow(place, shown) {
  const says = shown.querySelector("p"), bar = shown.querySelector("progress");
  const events = new EventSource(place.dataset.events);
  const end = (pause) => {
    events.close();
    if (place.dataset.then) setTimeout(() => location.replace(place.dataset.then), pause);
  };
  events.addEventListener("read", (e) => {
    const [read, percent] = e.data.split(" ");
    says.textContent = `${place.dataset.reading} ${read} MB` + (percent !== "0" ? ` (${percent} %)` : "");
    if (percent !== "0") bar.value = Number(percent);
  });
  events.addEventListener("done", () => end(0));
  events.onerror = () => end(2000);
}
for (const form of document.querySelectorAll("form[data-events]")) {
  form.addEventListener("submit", () => {
    const shown = form.querySelector("[data-progress]");
    shown.hidden = false;
    follow(form, shown);
  });
}
for (const place of document.querySelectorAll("[data-then]")) follow(place, place);
