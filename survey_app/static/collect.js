/* Keeps answers on the phone until the server has them, and sends again when the
   network drops. The page works without it. */
(() => {
  "use strict";

  const PREFIX = "sipas:";
  const TWO_DAYS = 2 * 864e5;
  const PATIENCE = 30;
  const NONCE = "so-phieu";

  /* What lies on the phone: {at, fields, nonce}, by the address of the page. The nonce
     is kept from the first sending on: sent again under it, a ballot counts once. */
  const shelf = {
    key: PREFIX + location.pathname.toUpperCase(),
    read(key = this.key) {
      try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
    },
    write(value, key = this.key) {
      try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* no room */ }
    },
    clear(key = this.key) {
      try { localStorage.removeItem(key); } catch { /* not allowed: nothing is there */ }
    },
    sweep() {
      try {
        Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => {
          const value = this.read(key);
          if (!value || !(Date.now() - value.at < TWO_DAYS)) this.clear(key);
        });
      } catch { /* not allowed */ }
    },
  };

  const last = PREFIX + "last";

  function settle() {
    const sent = shelf.read(last);
    if (sent) shelf.clear(sent.key);
    shelf.clear(last);
    shelf.clear();
  }

  /* ---- answers kept ---- */

  function fieldsOf(form) {
    return Array.from(new FormData(form)).filter(([name]) => name !== NONCE);
  }

  function restore(form, kept) {
    const wanted = new Map();
    kept.fields.forEach(([name, value]) => {
      wanted.set(name, (wanted.get(name) || []).concat(value));
    });
    Array.from(form.elements).forEach((field) => {
      const values = wanted.get(field.name);
      if (!values) return;
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = values.includes(field.value);
      } else {
        field.value = values[0];
      }
    });
    if (kept.nonce) form.elements[NONCE].value = kept.nonce;
  }

  function offerAnew(form) {
    const box = document.createElement("div");
    box.className = "box";
    box.innerHTML = "<p>Các câu trả lời đang điền dở trên máy này đã được giữ lại.</p>"
      + "<button type=button class=second>Xóa hết, điền lại từ đầu</button>";
    box.querySelector("button").addEventListener("click", () => {
      shelf.clear();
      location.reload();
    });
    form.before(box);
  }

  /* ---- sending ---- */

  const pause = (seconds) => new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
    addEventListener("online", resolve, { once: true });
  });

  /* The reply, if it came from our server: a page of the café's network has no mark. */
  async function post(body) {
    const late = new Promise((_, reject) => { setTimeout(reject, PATIENCE * 1000); });
    const reply = await Promise.race([fetch(location.href, { method: "POST", body }), late]);
    if (!reply.headers.get("X-Sipas")) throw new Error("not ours");
    return reply;
  }

  async function send(form, say) {
    const body = new URLSearchParams(new FormData(form));
    for (let attempt = 1; ; attempt += 1) {
      say("Đang gửi phiếu…");
      let wait = Math.min(PATIENCE, 2 ** attempt);
      let reason = "Chưa có mạng.";
      try {
        const reply = await post(body);
        if (reply.ok) {
          settle();
          location.replace(reply.url);
          return;
        }
        if (reply.status < 500 && reply.status !== 429) {
          form.submit(); // sent once more, so that the browser shows what the server says
          return;
        }
        reason = "Hệ thống đang bận.";
        wait = Math.max(wait, Number(reply.headers.get("Retry-After")) || 0);
      } catch { /* no network: try again */ }
      say(`${reason} Câu trả lời vẫn được giữ trên máy và sẽ tự gửi lại sau ${wait} giây.`
        + " Xin đừng đóng trang này.");
      await pause(wait);
    }
  }

  function begin(form) {
    const status = form.querySelector("[data-status]");
    const say = (text) => { status.textContent = text; };
    const kept = "returned" in form.dataset ? null : shelf.read();
    let isSending = false;
    if (kept && kept.fields && kept.fields.length) {
      restore(form, kept);
      offerAnew(form);
    }
    const keep = (nonce) => {
      shelf.write({ at: Date.now(), fields: fieldsOf(form), nonce });
    };
    form.addEventListener("input", () => { if (!isSending) keep(kept && kept.nonce); });
    form.addEventListener("submit", (event) => {
      keep(form.elements[NONCE].value);
      shelf.write({ at: Date.now(), key: shelf.key }, last);
      if (!window.fetch) return;
      event.preventDefault();
      if (isSending) return;
      isSending = true;
      send(form, say);
    });
  }

  shelf.sweep();
  if ("settled" in document.body.dataset) settle();
  const form = document.querySelector("form[data-form]");
  if (form) begin(form);
})();
