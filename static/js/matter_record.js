/* 登记来访：先存在这台设备上，再发出；没有信号、发到一半断了、登录过期，都不丢也不重。
   每条登记的键在这里生成，同一个键服务器只存一次；服务器答应了，才从这台设备上删去。 */
(() => {
  "use strict";
  const form = document.getElementById("visit-form");
  if (!form) return;
  const $ = (id) => document.getElementById(id);
  const user = document.body.dataset.user || "";
  const login = document.body.dataset.loginUrl;
  const ENTRY = `matter:${user}:`;
  const DRAFT = `matter-draft:${user}`;
  const STAYS = new Set(["studio", "received_on", "host"]);   // 登记完一位，这几样留着
  const AGAIN = 30000;
  const LIMIT = 20000;
  let why = "";
  let busy = false;

  /* —— 存在这台设备上的 —— */
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
  function write(name, value) {
    try { localStorage.setItem(name, JSON.stringify(value)); return true; } catch { return false; }
  }
  const drop = (name) => { try { localStorage.removeItem(name); } catch { /* 没有存过 */ } };
  function entries() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(ENTRY)).map(read).filter(Boolean).sort((a, b) => a.at - b.at);
    } catch { return []; }
  }
  const keep = (entry) => write(ENTRY + entry.key, entry);
  const forget = (entry) => drop(ENTRY + entry.key);

  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }
  function today() {
    const now = new Date();
    return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
  }

  /* —— 表单 —— */
  const fields = () => Array.from(form.elements).filter((field) => field.name && field.name !== "csrfmiddlewaretoken");
  const value = (name) => (new FormData(form).get(name) || "").toString().trim();
  const written = () => Array.from(new FormData(form)).filter(([name]) => name !== "csrfmiddlewaretoken");
  function fill(pairs) {
    const wanted = new Map(pairs);
    for (const field of fields()) {
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = wanted.has(field.name) && (field.type === "checkbox" || wanted.get(field.name) === field.value);
      else if (wanted.has(field.name)) field.value = wanted.get(field.name);
    }
    where();
  }
  function next() {
    for (const field of fields()) {
      if (STAYS.has(field.name)) continue;
      if (field.type === "radio") field.checked = field.defaultChecked;
      else if (field.type === "checkbox") field.checked = false;
      else field.value = "";
    }
    form.elements.key.value = newKey();
    drop(DRAFT);
    where();
  }
  function where() {
    const chosen = (name) => { const field = form.elements[name]; return field && field.value ? field.options[field.selectedIndex].text : ""; };
    $("where-words").textContent = [chosen("studio"), form.elements.received_on.value, chosen("host")].filter(Boolean).join("　");
  }

  /* —— 毛病就地说 —— */
  function problems() {
    const found = [];
    if (!value("studio")) found.push(["studio", "请选工作室。"]);
    if (!value("received_on")) found.push(["received_on", "请填接待日期。"]);
    if (!value("text")) found.push(["text", "请写来访人反映的事。"]);
    if ((value("visitor_name") || value("visitor_phone")) && !form.elements.consent.checked) found.push(["consent", "记了姓名或电话，要先征得来访人同意，并打勾。"]);
    if (value("route") === "on_spot") {
      if (!value("answer")) found.push(["answer", "请写当场怎样答复的。"]);
    } else {
      if (!value("visitor_name")) found.push(["visitor_name", "还要往下办的事，请记来访人怎样称呼。"]);
      if (!value("visitor_phone") && !value("village")) found.push(["visitor_phone", "请记电话，没有电话的记住哪个村（社区）。"]);
    }
    if (value("route") === "to_unit" && !value("unit")) found.push(["unit", "请选转给哪个单位。"]);
    return found;
  }
  function tell(found) {
    const box = $("visit-wrong");
    box.replaceChildren();
    for (const field of fields()) { field.classList.remove("is-invalid"); field.removeAttribute("aria-invalid"); }
    if (!found.length) return;
    const alert = document.createElement("div");
    alert.className = "alert alert-danger";
    alert.setAttribute("role", "alert");
    const list = document.createElement("ul");
    for (const [name, words] of found) {
      const row = document.createElement("li");
      const field = form.elements[name];
      if (field && field.id) {
        const link = document.createElement("a");
        link.href = `#${field.id}`;
        link.textContent = words;
        row.append(link);
        field.classList.add("is-invalid");
        field.setAttribute("aria-invalid", "true");
      } else row.textContent = words;
      list.append(row);
    }
    const title = document.createElement("p");
    title.textContent = "写的内容都在，还有这几处：";
    alert.append(title, list);
    box.append(alert);
    const first = form.elements[found[0][0]];
    const closed = first && first.closest && first.closest("details");
    if (closed) closed.open = true;
    if (first && first.focus) first.focus();
  }

  /* —— 清单 —— */
  function button(words, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "btn btn-sm";
    element.textContent = words;
    element.addEventListener("click", act);
    return element;
  }
  function show() {
    const rows = entries();
    $("unsent").hidden = !rows.length;
    $("unsent-title").textContent = rows.length ? `未发出${rows.length}条` : "";
    $("unsent-why").textContent = why;
    if (why && login && why.includes("登录")) {
      const link = document.createElement("a");
      link.className = "text-link";
      link.href = `${login}?next=${encodeURIComponent(form.dataset.page)}`;
      link.textContent = "去登录";
      $("unsent-why").append(" ", link);
    }
    $("unsent-list").replaceChildren(...rows.map((entry) => {
      const row = document.createElement("li");
      const words = document.createElement("p");
      const text = (entry.pairs.find(([name]) => name === "text") || ["", ""])[1];
      words.textContent = `${new Date(entry.at).toTimeString().slice(0, 5)}　${text.slice(0, 24)}`;
      if (entry.wrong) {
        const note = document.createElement("span");
        note.className = "sub visit-wrong";
        note.textContent = `要改：${entry.wrong}`;
        words.append(note);
      }
      const actions = document.createElement("div");
      actions.className = "btn-row";
      if (entry.wrong) actions.append(button("改", () => change(entry)));
      row.append(words, actions);
      return row;
    }));
  }
  function change(entry) {
    if (value("text")) { $("visit-saved").textContent = "先把正写的这一条登记了，再改那一条。"; return; }
    fill(entry.pairs);
    write(DRAFT, { pairs: written() });
    forget(entry);
    show();
    form.elements.text.focus();
  }
  function arrived(saved) {
    const row = document.createElement("li");
    const words = document.createElement("p");
    const code = document.createElement("span");
    code.className = "visit-code";
    code.textContent = saved.code;
    words.append("回执号 ", code);
    if (saved.note) {
      const note = document.createElement("span");
      note.className = "sub visit-wrong";
      note.textContent = saved.note;
      words.append(note);
    }
    const actions = document.createElement("div");
    actions.className = "btn-row";
    for (const [label, url] of [["打印回执", saved.receipt_url], ["看这件事", saved.url]]) {
      const link = document.createElement("a");
      link.className = "btn btn-sm";
      link.href = url;
      link.textContent = label;
      actions.append(link);
    }
    row.append(words, actions);
    $("sent-list").prepend(row);
    $("sent").hidden = false;
    $("sent-title").textContent = `已登记${$("sent-list").children.length}条，把回执号告诉来访人`;
  }

  /* —— 发出 —— */
  async function ask(url, options = {}) {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), LIMIT);
    try {
      return await fetch(url, { credentials: "same-origin", cache: "no-store", signal: cut.signal, ...options });
    } finally { clearTimeout(timer); }
  }
  const isJson = (answer) => !answer.redirected && (answer.headers.get("Content-Type") || "").includes("json");
  async function token() {
    const answer = await ask(form.dataset.token, { headers: { Accept: "application/json" } });
    if (answer.status === 401 || !isJson(answer)) { why = "登录已过期，登记都留在这台设备上，登录后自动发出。"; return null; }
    const facts = await answer.json();
    if (facts.user !== user) { why = "现在登录的是另一个账号，登记留在这台设备上；请换回原来的账号登录。"; return null; }
    return facts.token;
  }
  async function send(entry, mark) {
    const data = new FormData();
    for (const [name, words] of entry.pairs) data.append(name, words);
    const answer = await ask(form.dataset.sync, { method: "POST", body: data, headers: { Accept: "application/json", "X-Requested-With": "fetch", "X-CSRFToken": mark } });
    if (answer.status === 200 && isJson(answer)) {
      const saved = await answer.json();
      if (saved.key !== entry.key) return false;
      forget(entry);
      arrived(saved);
      return true;
    }
    if (answer.status === 422 && isJson(answer)) {
      const { errors } = await answer.json();
      keep({ ...entry, wrong: Object.values(errors).flat().join("") });
      return true;
    }
    why = answer.status === 401 ? "登录已过期，登记都留在这台设备上，登录后自动发出。" : "服务器这会儿收不了，登记留在这台设备上，过一会儿自动再发。";
    return false;
  }
  async function sendAll() {
    const waiting = entries().filter((entry) => !entry.wrong);
    if (busy || !waiting.length) { show(); return; }
    busy = true;
    why = "";
    try {
      const mark = await token();
      for (const entry of mark ? waiting : []) if (!await send(entry, mark)) break;
    } catch {
      why = "没有信号，登记留在这台设备上，有信号时自动发出。";
    }
    busy = false;
    show();
  }
  const alone = () => navigator.locks ? navigator.locks.request("matters-send", { ifAvailable: true }, (lock) => lock ? sendAll() : show()) : sendAll();

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const found = problems();
    tell(found);
    if (found.length) return;
    const entry = { key: form.elements.key.value, at: Date.now(), pairs: written() };
    if (!keep(entry)) { form.submit(); return; }   // 这台设备存不下：照常提交
    $("visit-saved").textContent = "已存在这台设备上。";
    next();
    show();
    await alone();
    if (!entries().some((row) => row.key === entry.key)) $("visit-saved").textContent = "已登记，可以记下一位。";
    form.elements.text.focus();
  });
  form.addEventListener("input", () => { write(DRAFT, { pairs: written() }); where(); });
  $("send-now").addEventListener("click", alone);
  window.addEventListener("online", alone);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) alone(); });
  setInterval(alone, AGAIN);

  /* —— 打开这一页 —— */
  const draft = read(DRAFT);
  const fresh = !document.querySelector("#visit-wrong .alert") && !location.search;
  if (draft && fresh && (draft.pairs.find(([name]) => name === "text") || ["", ""])[1]) fill(draft.pairs);
  else if (fresh) {
    form.elements.key.value = newKey();   // 存着的页可能打开过多次，键要新的
    form.elements.received_on.value = today();
  }
  where();
  show();
  alone();
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.page }).catch(() => { /* 浏览器不让：照常联网用 */ });
})();
