// The month grid: keys, paste, undo, drafts saved as they are typed, details of the open cell.
// The server renders and checks everything; without this script the same form saves by its button.
import { blockOf } from "./block.js";

const root = document.getElementById("mg");
if (root) start(root);

function start(root) {
  const form = document.getElementById("mg-form");
  const panel = document.getElementById("mg-panel");
  const status = root.querySelector(".mg-status");
  const token = form.elements.csrfmiddlewaretoken.value;
  const isWide = matchMedia("(min-width: 48.01rem)");
  const pending = new Map();
  const undone = [];
  let saving = null, timer = 0, failures = 0, opened = "", wanted = "", before = "", panelTimer = 0, panelCall = null;

  root.classList.add("has-script");
  for (const hint of root.querySelectorAll(".mg-keys")) hint.hidden = false;
  find();

  const keyOf = (field) => field.id.slice(2);
  const fieldOf = (key) => document.getElementById(`c-${key}`);
  const isOpen = (field) => field && !field.readOnly;
  const lines = () => [...root.querySelectorAll(".mg-line:not([hidden])")];
  const urlOf = (key) => {
    const [line, ...month] = key.split("-");
    return `${root.dataset.base}${month.join("-")}/${line}/`;
  };

  // ---- saving: one request at a time, what is typed meanwhile goes with the next
  function changed(field, soon = true) {
    pending.set(keyOf(field), field);
    clearTimeout(timer);
    timer = setTimeout(flush, soon ? 600 : 0);
  }

  function tell(text, isBad = false) {
    status.textContent = text;
    status.classList.toggle("is-bad", isBad);
  }

  async function flush() {
    clearTimeout(timer);
    if (saving) return saving.then(flush);
    if (!pending.size) return;
    saving = save().finally(() => { saving = null; });
    return saving;
  }

  async function save() {
    const batch = [...pending.values()];
    pending.clear();
    const sent = new Map(batch.map((field) => [keyOf(field), field.value]));
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, year: root.dataset.year, month: form.elements.month.value });
    for (const field of batch) body.append(field.name, field.value);
    tell(root.dataset.saving);
    try {
      const answer = await post(form.action, body);
      if (!answer) throw new Error("refused");
      apply(answer, sent);
      failures = 0;
      const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      tell(root.dataset.saved.replace("{time}", time));
    } catch (error) {
      for (const field of batch) if (!pending.has(keyOf(field))) pending.set(keyOf(field), field);
      if (error.message === "refused") return;
      tell(root.dataset.failed, true);
      failures += 1;
      timer = setTimeout(flush, Math.min(60000, 2500 * 2 ** failures));
    }
  }

  // Gives what the server tells; null and a message where it takes nothing from this reader.
  async function post(url, body, options = {}) {
    const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token }, ...options });
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (isJson) return answer.json();
    if (answer.status >= 500) throw new Error("server");
    tell(answer.redirected || answer.status === 401 ? root.dataset.signedOut : root.dataset.refused, true);
    return null;
  }

  function apply(told, sent = new Map()) {
    for (const cell of told.cells || []) {
      const field = fieldOf(cell.key);
      if (!field) continue;
      const box = field.closest("td"), aside = box.querySelector(".mg-aside");
      const isUntouched = !sent.has(cell.key) ? !pending.has(cell.key) : field.value === sent.get(cell.key);
      const isStale = cell.outcome === "stale";
      field.name = cell.name;
      aside.innerHTML = cell.aside;
      if (isUntouched && !isStale) {
        if (field === document.activeElement && before === field.value) before = cell.text;
        field.value = cell.text;
      }
      box.className = `mg-cell ${cell.classes}`;
      box.classList.toggle("is-chosen", box.dataset.m === form.elements.month.value);
      field.toggleAttribute("aria-invalid", box.classList.contains("is-bad"));
      if (isStale) ask(field, aside, cell);
      if (cell.key === wanted && !isStale && sent.has(cell.key)) details(cell.key, 0);
    }
    for (const [month, head] of Object.entries(told.months || {})) {
      const th = document.getElementById(`m-${month}`);
      const bar = root.querySelector(`.mg-bar[data-m="${month}"]`);
      if (th) {
        th.querySelector(".mg-count").textContent = head.count;
        th.querySelector(".mg-state").innerHTML = head.badge;
      }
      if (bar) {
        const isHidden = bar.hidden;
        bar.insertAdjacentHTML("afterend", head.bar);
        bar.nextElementSibling.hidden = isHidden;
        bar.remove();
      }
    }
  }

  // Two people wrote one cell: show the difference and let the reader choose.
  function ask(field, aside, cell) {
    const bubble = document.createElement("span");
    bubble.className = "mg-bubble mg-stale";
    bubble.setAttribute("role", "alert");
    bubble.append(root.dataset.stale.replace("{by}", cell.by || "–").replace("{theirs}", cell.theirs || "–"));
    const buttons = document.createElement("span");
    buttons.className = "buttons";
    for (const [label, choose] of [[root.dataset.mine, () => changed(field, false)], [root.dataset.theirs, () => { field.value = cell.theirs; bubble.remove(); }]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn";
      button.textContent = label;
      button.addEventListener("click", () => { bubble.remove(); choose(); field.focus(); });
      buttons.append(button);
    }
    bubble.append(buttons);
    aside.append(bubble);
  }

  // ---- moving and undoing
  function move(field, down, across) {
    const rows = lines(), row = rows.indexOf(field.closest("tr"));
    const cells = [...field.closest("tr").children], at = cells.indexOf(field.closest("td"));
    let next = null;
    if (down) {
      for (let r = row + down; r >= 0 && r < rows.length && !next; r += down) next = rows[r].children[at].querySelector(".mg-in");
    } else {
      for (let c = at + across; c > 0 && c < cells.length && !next; c += across) next = cells[c].querySelector(".mg-in");
    }
    if (next) go(next);
    return Boolean(next);
  }

  function go(field) {
    field.focus();
    field.select();
    field.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function commit(field) {
    if (field.value !== before) undone.push([{ field, from: before }]);
    if (undone.length > 200) undone.shift();
    before = field.value;
  }

  function undo() {
    const group = undone.pop();
    if (!group) return;
    for (const { field, from } of group) {
      field.value = from;
      changed(field, false);
    }
    before = group[0].from;
    go(group[0].field);
    tell(root.dataset.undone);
  }

  root.addEventListener("focusin", (event) => {
    const field = event.target.closest(".mg-in");
    if (!field) return;
    before = field.value;
    choose(field.closest("td").dataset.m);
    details(keyOf(field), 180);
  });
  root.addEventListener("focusout", (event) => {
    const field = event.target.closest(".mg-in");
    if (field && isOpen(field)) {
      commit(field);
      if (pending.has(keyOf(field))) flush();
    }
  });
  root.addEventListener("input", (event) => {
    if (event.target.matches(".mg-in")) changed(event.target);
  });
  root.addEventListener("keydown", (event) => {
    const field = event.target.closest(".mg-in");
    if (!field || event.isComposing) return;
    const isAll = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const isAtStart = isAll || field.selectionEnd === 0;
    const isAtEnd = isAll || field.selectionStart === field.value.length;
    const isPlain = !event.altKey && !event.ctrlKey && !event.metaKey;
    let isDone = true;
    if (isPlain && (event.key === "Enter" || event.key === "ArrowDown" || event.key === "ArrowUp")) {
      if (isOpen(field)) commit(field);
      move(field, event.key === "ArrowUp" || event.shiftKey ? -1 : 1, 0);
    } else if (isPlain && event.key === "ArrowLeft" && isAtStart && !event.shiftKey) isDone = move(field, 0, -1);
    else if (isPlain && event.key === "ArrowRight" && isAtEnd && !event.shiftKey) isDone = move(field, 0, 1);
    else if (event.key === "Escape" && isOpen(field) && field.value !== before) {
      field.value = before;
      changed(field, false);
      field.select();
    } else if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z" && field.value === before) undo();
    else if (event.key === "F2") toDetails(keyOf(field));
    else isDone = false;
    if (isDone) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    flush();
  });

  // ---- a block from a spreadsheet
  root.addEventListener("paste", (event) => {
    const first = event.target.closest(".mg-in");
    const text = event.clipboardData.getData("text/plain");
    if (!first || !/[\t\n\r]/.test(text.replace(/[\r\n]+$/, ""))) return;
    event.preventDefault();
    const rows = lines(), row = rows.indexOf(first.closest("tr"));
    const at = [...first.closest("tr").children].indexOf(first.closest("td"));
    const group = [];
    let outside = 0;
    blockOf(text).forEach((values, down) => values.forEach((value, across) => {
      const field = rows[row + down]?.children[at + across]?.querySelector(".mg-in");
      if (!isOpen(field)) {
        if (value) outside += 1;
        return;
      }
      if (field.value === value) return;
      group.push({ field, from: field.value });
      field.value = value;
      changed(field, false);
    }));
    if (group.length) undone.push(group);
    before = first.value;
    flush().then(() => { if (outside) tell(root.dataset.outside.replace("{count}", outside)); });
  });

  // ---- the month that is open, the line that is looked for
  function choose(month) {
    if (form.elements.month.value === month) return;
    form.elements.month.value = month;
    for (const cell of root.querySelectorAll(".is-chosen")) cell.classList.remove("is-chosen");
    for (const cell of root.querySelectorAll(`.mg-table [data-m="${month}"]`)) cell.classList.add("is-chosen");
    for (const bar of root.querySelectorAll(".mg-bar")) bar.hidden = bar.dataset.m !== month;
    const url = new URL(location.href);
    url.searchParams.delete("year");
    url.searchParams.set("month", month);
    history.replaceState(null, "", url);
  }

  root.addEventListener("click", (event) => {
    const asks = event.target.closest(".mg-asks");
    if (asks && isWide.matches) {
      event.preventDefault();
      return toDetails(keyOf(asks.closest("td").querySelector(".mg-in")));
    }
    const link = event.target.closest("[data-month]");
    if (!link || !document.getElementById(`m-${link.dataset.month}`) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(link.dataset.month);
    if (link.closest(".mg-bar")) root.querySelector(`.mg-bar:not([hidden]) [rel="${link.rel}"]`)?.focus();
    else root.querySelector(`td[data-m="${link.dataset.month}"] .mg-in`)?.focus();
  });

  function find() {
    const box = root.querySelector(".mg-find"), search = box.querySelector("input");
    box.hidden = root.querySelectorAll(".mg-line").length < 12;
    search.addEventListener("input", () => {
      const wanted = search.value.trim().toLowerCase();
      for (const line of root.querySelectorAll(".mg-line")) line.hidden = !line.firstElementChild.textContent.toLowerCase().includes(wanted);
      for (const body of root.querySelectorAll("tbody")) body.hidden = !body.querySelector(".mg-line:not([hidden])");
    });
  }

  // ---- submitting waits for what is being saved
  root.addEventListener("submit", async (event) => {
    const asked = event.target.closest(".mg-submit");
    if (!asked || (!pending.size && !saving)) return;
    event.preventDefault();
    await flush();
    if (!pending.size) root.querySelector(".mg-bar:not([hidden]) .mg-submit")?.requestSubmit();
  });
  addEventListener("pagehide", () => {
    if (!pending.size) return;
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, year: root.dataset.year });
    for (const field of pending.values()) body.append(field.name, field.value);
    fetch(form.action, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
  });
  addEventListener("beforeunload", (event) => { if (failures && pending.size) event.preventDefault(); });

  // ---- details of the wanted cell; what was asked for before is older and is never shown
  function want(key) {
    clearTimeout(panelTimer);
    panelCall?.abort();
    wanted = key;
  }

  function details(key, wait) {
    want(key);
    if (!isWide.matches) return;
    if (key === opened && wait) return;
    panelTimer = setTimeout(() => load(key), wait);
  }

  async function load(key) {
    want(key);
    panelCall = new AbortController();
    try {
      const answer = await fetch(urlOf(key), { headers: { "HX-Request": "true" }, signal: panelCall.signal });
      if (answer.ok) show(key, await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") tell(root.dataset.failed, true);
    }
  }

  function show(key, html) {
    if (panel.contains(document.activeElement) && key === opened) {
      const fresh = new DOMParser().parseFromString(html, "text/html");
      for (const part of [".mg-panel-head", ".mg-panel-facts", ".mg-evidence ul"]) {
        const here = panel.querySelector(part), there = fresh.querySelector(part);
        if (here && there) here.replaceWith(there);
      }
      panel.querySelector("[name=token]").value = fresh.querySelector("[name=token]").value;
      return;
    }
    opened = key;
    panel.innerHTML = html;
    panel.hidden = false;
  }

  async function toDetails(key) {
    if (!isWide.matches) return location.assign(urlOf(key));
    await flush();
    await load(key);
    (panel.querySelector("textarea:not([readonly])") || panel.querySelector("textarea, a, button"))?.focus();
  }

  async function send(key, action, body) {
    tell(root.dataset.saving);
    try {
      const told = await post(action, body);
      if (!told) return;
      apply(told);
      if (key === wanted) {
        want(key);
        show(key, told.panel);
      }
      tell(told.error || root.dataset.saved.replace("{time}", ""), Boolean(told.error));
    } catch {
      tell(root.dataset.failed, true);
    }
  }

  let detailTimer = 0;
  panel.addEventListener("input", (event) => {
    const part = event.target.closest(".mg-details");
    if (!part) return;
    clearTimeout(detailTimer);
    const key = opened;
    detailTimer = setTimeout(() => send(key, part.action, new FormData(part)), event.target.matches("select") ? 0 : 600);
  });
  panel.addEventListener("change", (event) => {
    const part = event.target.closest(".mg-drop");
    if (part && event.target.files.length) send(opened, part.action, new FormData(part));
  });
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    send(opened, event.target.action, new FormData(event.target));
    if (event.target.matches(".mg-return")) event.target.reset();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" || event.key === "F2") {
      event.preventDefault();
      fieldOf(opened)?.focus();
    }
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    root.addEventListener(kind, (event) => {
      const box = event.target.closest(".mg-cell");
      if (!box || !event.dataTransfer?.types.includes("Files")) return;
      const field = box.querySelector(".mg-in");
      event.preventDefault();
      box.classList.toggle("is-over", kind === "dragover" && isOpen(field));
      if (kind !== "drop" || !isOpen(field)) return;
      const body = new FormData();
      for (const file of event.dataTransfer.files) body.append("files", file);
      want(keyOf(field));
      send(wanted, `${urlOf(wanted)}evidence/`, body);
    });
  }

  const focused = document.activeElement?.closest(".mg-in") || document.querySelector(".mg-in[autofocus]");
  if (focused) {
    go(focused);
    details(keyOf(focused), 180);
  } else {
    root.querySelector("th.is-chosen")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  document.getElementById("mg-refused")?.focus();
}
