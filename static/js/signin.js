/* 签到码到时自己换：取同一页，换下 #signin。取不到就过三秒再取，并说一声；没有脚本时由页头的刷新代劳。 */
(() => {
  "use strict";
  async function renew(box) {
    const answer = await fetch(location.pathname, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) {
      if (!box.querySelector("[data-late]")) {
        const words = document.createElement("p");
        words.dataset.late = "";
        words.setAttribute("role", "status");
        words.textContent = "连不上网，码没有换成。连上以后自己会换；着急就去签到处说姓名，用纸质签到表。";
        box.firstElementChild.append(words);
      }
      setTimeout(() => renew(box), 3000);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("signin");
    if (!fresh) return;
    box.replaceWith(fresh);
    wait(fresh);
  }
  function wait(box) {
    if (!box || !box.dataset.renew) return;
    setTimeout(() => renew(box), Number(box.dataset.renew) * 1000 + 200);
  }
  wait(document.getElementById("signin"));
})();
