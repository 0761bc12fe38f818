/* 汉滨智慧政协 · 页面上的小动作。没有它，每一页照样能读、能登录、能提交、能答复，只是多点几下。
   每个动作由元素上的 data-* 属性引出，见 docs/frames.md；没有内联脚本，不连别的主机。 */
(() => {
  "use strict";
  const root = document.documentElement;
  const body = document.body;
  const all = (selector, scope = document) => Array.from(scope.querySelectorAll(selector));
  const clock = (when = new Date()) => when.toTimeString().slice(0, 5);
  const text = (tag, words, attributes = {}) => {
    const element = document.createElement(tag);
    element.textContent = words;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  root.classList.add("js");

  /* —— 右下角的一句话：读屏也会念 —— */
  let toasts;
  function toast(kind, words, ...controls) {
    if (!toasts) {
      toasts = text("div", "", { class: "toast-area no-print" });
      body.append(toasts);
    }
    const box = text("div", "", { class: `alert alert-${kind}`, role: kind === "warning" || kind === "danger" ? "alert" : "status" });
    toasts.append(box);
    box.append(text("p", words));
    if (controls.length) {
      const row = text("div", "", { class: "btn-row" });
      row.append(...controls);
      box.append(row);
    }
    return box;
  }
  function button(words, act, link = false) {
    const element = text("button", words, { type: "button", class: link ? "btn btn-link btn-sm" : "btn btn-sm" });
    element.addEventListener("click", act);
    return element;
  }

  /* —— 本机留底：服务器还没收到的字，留在这台设备上，七天作废 —— */
  const WEEK = 7 * 24 * 3600 * 1000;
  const keep = {
    read(key) {
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
    write(key, value) {
      try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* 隐私模式或已满：只是没有留底 */ }
    },
    drop(key) {
      try { localStorage.removeItem(key); } catch { /* 同上 */ }
    },
    sweep() {
      try {
        for (const key of Object.keys(localStorage)) {
          if (key.startsWith("draft:") && Date.now() - ((keep.read(key) || {}).at || 0) > WEEK) keep.drop(key);
        }
      } catch { /* 同上 */ }
    },
  };
  const draftKey = (form) => `draft:${body.dataset.user || ""}:${form.dataset.key || location.pathname}:${form.id || all("form").indexOf(form)}`;
  const skipped = new Set(["file", "password", "submit", "button", "reset", "hidden"]);
  const written = (form) => Array.from(form.elements)
    .filter((field) => field.name && !skipped.has(field.type) && !(/^(checkbox|radio)$/.test(field.type) && !field.checked))
    .flatMap((field) => field.multiple && field.options ? Array.from(field.selectedOptions, (option) => [field.name, option.value]) : [[field.name, field.value]]);
  function restore(form, pairs) {
    const rows = form.querySelector("[data-rows]");
    const wanted = new Map();
    for (const [name, value] of pairs) wanted.set(name, [...(wanted.get(name) || []), value]);
    const missing = () => Array.from(wanted).some(([name, values]) => values.length > all(`[name="${CSS.escape(name)}"]`, form).length && !/^(checkbox|radio)$/.test((form.elements[name] || {}).type || ""));
    for (let guard = 0; rows && missing() && guard < 30; guard += 1) if (!addRow(rows)) break;
    const seen = new Map();
    for (const field of Array.from(form.elements)) {
      if (!field.name || skipped.has(field.type)) continue;
      const values = wanted.get(field.name) || [];
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = values.includes(field.value);
      else if (field.multiple && field.options) for (const option of field.options) option.selected = values.includes(option.value);
      else {
        const place = seen.get(field.name) || 0;
        seen.set(field.name, place + 1);
        if (values[place] !== undefined) field.value = values[place];
      }
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* —— 会话：快到时间先问，过了也不丢字 —— */
  const idle = Number(body.dataset.idleSeconds || 0) * 1000;
  const SEEN = "seen:server";
  function seen() { keep.write(SEEN, Date.now()); }
  async function ping() {
    const answer = await fetch(body.dataset.pingUrl, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token() } }).catch(() => null);
    if (!answer || !answer.ok) return null;
    seen();
    const data = await answer.json();
    for (const field of all("input[name=csrfmiddlewaretoken]")) field.value = data.token;
    return data;
  }
  const token = () => (document.querySelector("input[name=csrfmiddlewaretoken]") || {}).value || "";
  function loginLink(words) {
    return text("a", words, { class: "btn btn-sm", href: `${body.dataset.loginUrl}?next=${encodeURIComponent(location.pathname + location.search)}` });
  }
  function watchSession() {
    if (!idle || !body.dataset.pingUrl) return;
    const warnAt = idle - Math.min(120000, idle / 4);
    let typed = false;
    let box = null;
    let gone = false;
    seen();
    document.addEventListener("input", () => { typed = true; });
    const stay = async () => {
      const answer = await ping();
      if (answer && box) { box.remove(); box = null; }
    };
    setInterval(async () => {
      const still = Date.now() - (keep.read(SEEN) || Date.now());
      if (gone) return;
      if (typed && still > Math.min(300000, idle / 3)) { typed = false; await stay(); return; }
      if (still >= idle) {
        gone = true;
        if (box) box.remove();
        box = toast("warning", "离开太久，为了稳妥先退出了。正写的字留在这台设备上，一个没丢；登录后回到这里。", loginLink("登录，接着写"));
      } else if (still >= warnAt && !box) {
        const minutes = Math.max(1, Math.round((idle - still) / 60000));
        box = toast("warning", `还有${minutes}分钟就要退出。还在用，就点一下；写的会存好。`, button("我还在", stay));
      } else if (still < warnAt && box) {
        box.remove();
        box = null;
      }
    }, Math.min(10000, idle / 20));
  }

  /* —— 自动保存 —— */
  function autosave(form) {
    const key = draftKey(form);
    const url = () => form.dataset.autosave;
    const note = form.querySelector("[data-saved]");
    const original = JSON.stringify(written(form));
    const copy = keep.read(key);
    let timer = 0;
    let dirty = false;
    let busy = false;
    const say = (words) => { if (note) { note.textContent = words; note.hidden = false; } };
    const settled = document.querySelector(".alert-success[role=status]");
    if (copy && settled) keep.drop(key);
    else if (copy && JSON.stringify(copy.pairs) !== original) {
      const box = toast("info", `这台设备上留着${clock(new Date(copy.at))}没有交上去的内容。`,
        button("恢复", () => { restore(form, copy.pairs); box.remove(); }),
        button("不要了", () => { keep.drop(key); box.remove(); }, true));
    }
    async function send() {
      if (busy || !dirty) return;
      busy = true;
      dirty = false;
      const data = new FormData(form);
      for (const field of all("input[type=file]", form)) data.delete(field.name);
      const post = () => fetch(url(), { method: "POST", body: data, credentials: "same-origin", headers: { Accept: "application/json", "X-Requested-With": "fetch", "X-CSRFToken": token() } });
      try {
        let answer = await post();
        if (answer.status === 403 && await ping()) { data.set("csrfmiddlewaretoken", token()); answer = await post(); }
        if (answer.redirected || answer.status === 401 || answer.status === 403) {
          dirty = true;
          say("还没有存上，字留在这台设备上；请重新登录");
        } else if (answer.ok) {
          const saved = await answer.json();
          seen();
          if (saved.url) form.dataset.autosave = saved.url;
          if (saved.version && form.elements.version) form.elements.version.value = saved.version;
          const beside = document.querySelector("[data-beside]");
          if (beside && saved.beside !== undefined) beside.innerHTML = saved.beside;
          say(`已保存 ${saved.saved_at || clock()}`);
          if (!dirty) keep.drop(key);
        } else {
          dirty = true;
          const told = await answer.json().catch(() => ({}));
          say(told.error || "还没有存上，字留在这台设备上");
        }
      } catch {
        dirty = true;
        say("连不上网，字留在这台设备上，有网再存");
      }
      busy = false;
      if (dirty) { clearTimeout(timer); timer = setTimeout(send, 15000); }
    }
    form.addEventListener("input", () => {
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(() => {
        keep.write(key, { at: Date.now(), pairs: written(form) });
        if (url()) { clearTimeout(timer); timer = setTimeout(send, 1500); }
      }, 500);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      keep.write(key, { at: Date.now(), pairs: written(form) });
      try { sessionStorage.setItem("submitted", JSON.stringify({ key, path: location.pathname })); } catch { /* 同上 */ }
    });
  }
  function forgetSubmitted() {   // 交上去并且换了页，本机的留底就不用了
    try {
      const sent = JSON.parse(sessionStorage.getItem("submitted"));
      if (!sent || !body.dataset.user) return;
      if (sent.path !== location.pathname || document.querySelector(".alert-success[role=status]")) keep.drop(sent.key);
      sessionStorage.removeItem("submitted");
    } catch { /* 同上 */ }
  }

  /* —— 交一次就够 —— */
  function once(form) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      const pressed = event.submitter;
      if (pressed) setTimeout(() => pressed.setAttribute("aria-disabled", "true"), 0);
      setTimeout(() => release(form), 15000);
    });
  }
  function release(form) {
    delete form.dataset.sent;
    for (const pressed of all("[aria-disabled=true][type=submit]", form)) pressed.removeAttribute("aria-disabled");
  }

  /* —— 不能撤回的，问一次 —— */
  function confirmFirst(opener) {
    const dialog = document.getElementById(opener.dataset.confirm);
    if (!dialog || !dialog.showModal) return;
    opener.addEventListener("click", (event) => {
      if (opener.dataset.sure) return;
      if (opener.form && !opener.form.noValidate && !opener.form.reportValidity()) { event.preventDefault(); return; }
      event.preventDefault();
      dialog.showModal();
    });
    const go = dialog.querySelector("[data-go]");
    if (go) go.addEventListener("click", () => {
      opener.dataset.sure = "1";
      opener.form.append(text("input", "", { type: "hidden", name: "confirmed", value: "1" }));
      dialog.close();
      opener.form.requestSubmit(opener);
      delete opener.dataset.sure;
    });
  }

  /* —— 多选和批量 —— */
  function batch(form) {
    const picks = () => all("input[name=pick]", form);
    const every = form.querySelector("[data-pick-all]");
    const bar = form.querySelector("[data-batch-count]");
    const verbs = all(".batchbar button[type=submit]", form);
    const unit = form.dataset.unit || "件";
    const refresh = () => {
      const chosen = picks().filter((pick) => pick.checked).length;
      if (bar) bar.textContent = chosen ? `已选${chosen}${unit}` : "还没有选";
      for (const verb of verbs) verb.disabled = !chosen;
      if (every) {
        every.checked = chosen > 0 && chosen === picks().length;
        every.indeterminate = chosen > 0 && !every.checked;
      }
    };
    if (every) every.addEventListener("change", () => { for (const pick of picks()) pick.checked = every.checked; refresh(); });
    form.addEventListener("change", refresh);
    form.addEventListener("reset", () => setTimeout(refresh, 0));
    refresh();
  }

  /* —— 字数 —— */
  const length = (field) => Array.from(field.value.replace(/\s+/g, "")).length;
  function counted(field) {
    const most = Number(field.dataset.count);
    const line = text("p", "", { class: "field-foot" });
    const words = text("span", "");
    line.append(words);
    field.after(line);
    const refresh = () => {
      const now = length(field);
      words.textContent = now > most ? `现在${now}字，请删去${now - most}字` : `${now}字，不超过${most}字`;
      words.classList.toggle("over-limit", now > most);
      if (now > most) words.setAttribute("role", "status"); else words.removeAttribute("role");
    };
    field.addEventListener("input", refresh);
    refresh();
  }
  function countedTogether(form) {
    const most = Number(form.dataset.countTotal);
    const words = form.querySelector("[data-count-sum]");
    if (!words) return;
    const refresh = () => {
      const now = all("[data-count-part]", form).reduce((sum, field) => sum + length(field), 0);
      words.textContent = now > most ? `正文合计${now}字，请删去${now - most}字` : `正文合计${now}字，不超过${most}字`;
      words.classList.toggle("over-limit", now > most);
    };
    form.addEventListener("input", refresh);
    refresh();
  }

  /* —— 一条一条的建议：加、删、重编号 —— */
  const digits = "零一二三四五六七八九";
  function chinese(n) {
    if (n < 10) return digits[n];
    const tens = Math.floor(n / 10);
    return `${tens > 1 ? digits[tens] : ""}十${n % 10 ? digits[n % 10] : ""}`;
  }
  function renumber(list) {
    const rows = all(":scope > li:not([hidden])", list);
    rows.forEach((row, index) => {
      const no = row.querySelector(".no");
      if (no) no.textContent = `（${chinese(index + 1)}）`;
      const label = row.querySelector("label.visually-hidden[data-name]");
      if (label) label.textContent = `第${chinese(index + 1)}条${label.dataset.name}`;
    });
    const remove = all("[data-remove]", list);
    for (const control of remove) control.disabled = rows.length < 2;
    const more = list.parentElement.querySelector("[data-add]");
    if (more) more.disabled = rows.length >= Number(list.dataset.max || 50);
  }
  function addRow(list) {
    const rows = all(":scope > li", list);
    const last = rows[rows.length - 1];
    if (!last || all(":scope > li:not([hidden])", list).length >= Number(list.dataset.max || 50)) return null;
    const fresh = last.cloneNode(true);
    fresh.hidden = false;
    const total = list.parentElement.querySelector("input[name$=-TOTAL_FORMS]") || (list.closest("form") || list).querySelector("input[name$=-TOTAL_FORMS]");
    const used = all("[id]", list).map((element) => Number((element.id.match(/\d+(?=(-[a-z_]+)*$)/) || [-1])[0]));
    const serial = total ? Number(total.value) : Math.max(rows.length - 1, ...used) + 1;
    for (const element of [fresh, ...all("*", fresh)]) {
      for (const name of ["id", "name", "for", "aria-describedby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, name === "name" ? value.replace(/-\d+(-|$)/, `-${serial}$1`) : value.replace(/-?\d+(?=(-[a-z_]+)*$)/, (found) => (found.startsWith("-") ? `-${serial}` : `${serial}`)));
      }
      if (element.matches("input, textarea, select")) {
        if (/^(checkbox|radio)$/.test(element.type)) element.checked = false;
        else element.value = "";
        element.classList.remove("is-invalid");
        element.removeAttribute("aria-invalid");
      }
    }
    for (const complaint of all(".invalid-feedback", fresh)) complaint.remove();
    list.append(fresh);
    if (total) total.value = String(serial + 1);
    renumber(list);
    return fresh;
  }
  function editable(list) {
    const holder = list.parentElement;
    holder.addEventListener("click", (event) => {
      const add = event.target.closest("[data-add]");
      const remove = event.target.closest("[data-remove]");
      if (add) {
        event.preventDefault();
        const fresh = addRow(list);
        if (fresh) { const field = fresh.querySelector("textarea, input:not([type=hidden])"); if (field) field.focus(); }
      } else if (remove && list.contains(remove)) {
        event.preventDefault();
        const row = remove.closest("li");
        const mark = row.querySelector("input[name$=-DELETE]");
        const next = row.nextElementSibling || row.previousElementSibling;
        if (mark) { mark.checked = true; row.hidden = true; } else row.remove();
        renumber(list);
        const field = next && next.querySelector("textarea, input:not([type=hidden])");
        if (field) field.focus();
      } else return;
      if (list.closest("form")) list.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
    });
    renumber(list);
  }

  /* —— 拖放文件 —— */
  function drop(box) {
    const field = box.querySelector("input[type=file]");
    if (!field) return;
    const chosen = text("p", "", { class: "small", role: "status" });
    box.append(chosen);
    const show = () => {
      chosen.textContent = Array.from(field.files, (file) => `${file.name}（${Math.max(1, Math.round(file.size / 1024))} KB）`).join("、");
    };
    for (const kind of ["dragenter", "dragover"]) box.addEventListener(kind, (event) => { event.preventDefault(); box.classList.add("is-over"); });
    for (const kind of ["dragleave", "drop"]) box.addEventListener(kind, () => box.classList.remove("is-over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      field.files = event.dataTransfer.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    field.addEventListener("change", show);
  }

  /* —— 等一件长活：每两秒看一次，办完为止 —— */
  function poll(element) {
    const again = async () => {
      if (document.hidden) { setTimeout(again, 2000); return; }
      const answer = await fetch(element.dataset.poll, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } }).catch(() => null);
      if (!answer || !answer.ok || answer.redirected) { setTimeout(again, 5000); return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = element.id ? page.getElementById(element.id) : page.body.firstElementChild;
      if (!fresh) return;
      element.replaceWith(fresh);
      if (fresh.dataset.poll) poll(fresh);
    };
    setTimeout(again, 2000);
  }

  /* —— 接上 —— */
  keep.sweep();
  forgetSubmitted();
  all("[data-rows]").forEach(editable);
  all("form[data-autosave], form[data-keep]").forEach(autosave);
  all("[data-confirm]").forEach(confirmFirst);
  all("form[method=post]:not([data-many])").forEach(once);
  all("form[data-batch]").forEach(batch);
  all("[data-count]").forEach(counted);
  all("form[data-count-total]").forEach(countedTogether);
  all("[data-drop]").forEach(drop);
  all("[data-poll]").forEach(poll);
  all("form[data-filters]").forEach((form) => form.addEventListener("submit", () => {
    for (const field of Array.from(form.elements)) if (field.name && !field.value) field.disabled = true;   // 网址里只留有值的条件
  }));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    const close = event.target.closest("[data-close]");
    if (close && close.closest("dialog")) close.closest("dialog").close();
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of all("form")) { release(form); for (const field of Array.from(form.elements)) if (form.dataset.filters !== undefined) field.disabled = false; }
  });
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
  watchSession();
})();
