// What pages do without asking the server: dialogs, menus, rows, files, messages, the palette.
const toasts = document.getElementById("toasts");

export function tell(text, tone = "question") {
  const toast = document.createElement("div");
  toast.className = `toast-part tone-${tone}`;
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.className = "btn btn-quiet";
  close.type = "button";
  close.dataset.dismiss = "";
  close.textContent = toasts.dataset.close;
  toast.append(words, close);
  toasts.append(toast);
}

function open(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  const target = event.target;
  closeMenus(target);
  const opener = target.closest("[data-opens]");
  if (opener) return open(opener.dataset.opens);
  if (target.closest("[data-closes]")) return target.closest("dialog").close();
  if (target.closest("[data-dismiss]")) return target.closest(".toast-part").remove();
  const copier = target.closest("[data-copy]");
  if (copier) {
    navigator.clipboard.writeText(copier.dataset.copy).then(() => tell(toasts.dataset.copied, "good"));
    return;
  }
  if (target instanceof HTMLDialogElement) {
    const box = target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right
      && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) target.close();
    return;
  }
  const row = target.closest("tr[data-href]");
  const isSelecting = String(getSelection()) !== "";
  if (row && !isSelecting && !target.closest("a, button, input, select, label, summary")) {
    row.querySelector(".row-link").click();
  }
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && document.getElementById("palette")) {
    event.preventDefault();
    open("palette");
  } else if (event.key === "Escape") {
    const menu = event.target.closest?.("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else closeMenus(null);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const palette = event.target.closest?.("#palette");
    if (!palette) return;
    const stops = [palette.querySelector("input[type=search]"), ...palette.querySelectorAll(".hit")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = stops.indexOf(document.activeElement);
    event.preventDefault();
    stops[(at + step + stops.length) % stops.length].focus();
  } else if (event.key === "Enter" && event.target.id === "palette-q") {
    const first = document.querySelector("#palette-hits .hit");
    if (first) {
      event.preventDefault();
      first.click();
    }
  }
});

// A menu that would leave the window opens to the other side.
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details.menu[open]")) return;
  const list = menu.querySelector(".menu-list").getBoundingClientRect();
  if (list.right > document.documentElement.clientWidth) menu.classList.add("menu-end");
}, true);

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const area = event.target.closest?.(".filedrop-area");
    if (area) area.classList.toggle("filedrop-over", kind === "dragover");
  });
}
document.addEventListener("change", (event) => {
  const list = event.target.closest?.(".filedrop-area")?.querySelector(".filedrop-files");
  if (!list) return;
  list.replaceChildren(...[...event.target.files].map((file) => {
    const line = document.createElement("li");
    line.textContent = file.name;
    return line;
  }));
});

document.addEventListener("htmx:responseError", () => tell(toasts.dataset.failed, "bad"));
document.addEventListener("htmx:sendError", () => tell(toasts.dataset.offline, "bad"));

// The page that is open is in sight where its row is wider than the window.
for (const open of document.querySelectorAll(".pages [aria-current], .tabs [aria-current]")) {
  const row = open.closest("nav");
  row.scrollLeft = open.offsetLeft + open.offsetWidth / 2 - row.clientWidth / 2;
}

const isWide = "(min-width: 48.01rem)";
matchMedia(isWide).addEventListener("change", () => document.getElementById("more")?.close());

if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register(document.body.dataset.worker);
}
