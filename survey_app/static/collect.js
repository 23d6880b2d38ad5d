/* Keeps answers on the phone until the server has them, and sends again when the network
   drops. The page works without it. */
import { Steps, all, button, made, put } from "./steps.js";

const PREFIX = "sipas:";
const TWO_DAYS = 2 * 864e5;
const PATIENCE = 30;
const NONCE = "so-phieu";
const CHANGE_LANGUAGE = "doi-ngon-ngu";

/* ---- answers kept ----
   What lies on the phone: {at, fields, nonce, step}, by the address of the page. The
   nonce is kept from the first sending on: sent again under it, a ballot counts once. */

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

function restore(form, kept) {
  const wanted = {};
  kept.fields.forEach(([name, value]) => {
    wanted[name] = (wanted[name] || []).concat(value);
  });
  Array.from(form.elements).forEach((field) => {
    const values = wanted[field.name];
    if (!values) return;
    if (field.type === "radio" || field.type === "checkbox") {
      field.checked = values.includes(field.value);
    } else if (field.type !== "hidden" || kept.nonce) { // once sent, again the same
      field.value = values[0];
    }
  });
  if (kept.nonce) form.elements[NONCE].value = kept.nonce;
}

function offerAnew(form, words) {
  const box = made("div", "box once");
  box.append(made("p", "", words.kept), button("second", words.anew, () => {
    shelf.clear();
    location.reload();
  }));
  form.prepend(box);
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

async function send(form, words, say) {
  const body = new URLSearchParams(new FormData(form));
  for (let attempt = 1; ; attempt += 1) {
    say(words.sending);
    let wait = Math.min(PATIENCE, 2 ** attempt);
    let reason = words.no_network;
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
      reason = words.busy;
      wait = Math.max(wait, Number(reply.headers.get("Retry-After")) || 0);
    } catch { /* no network: try again */ }
    say(`${reason} ${put(words.waiting, { seconds: wait })}`);
    await pause(wait);
  }
}

/* ---- the page of a form ---- */

function begin(form) {
  const words = JSON.parse(form.dataset.words);
  const status = form.querySelector("[data-status]");
  const say = (text) => { status.textContent = text; };
  const found = shelf.read();
  const isFilled = "filled" in form.dataset;
  const kept = isFilled ? null : found;
  let isSending = false;
  let isLeaving = false;
  let nonce = kept ? kept.nonce : undefined;
  let step;
  const hasFields = kept && kept.fields && kept.fields.length > 0;
  if (hasFields) restore(form, kept);
  const keep = () => {
    const fields = Array.from(new FormData(form)).filter(([name]) => name !== NONCE);
    shelf.write({ at: Date.now(), fields, nonce, step });
  };
  const steps = new Steps(form, words, (id) => {
    step = id;
    if (shelf.read()) keep();
  });
  if (hasFields) offerAnew(form, words);
  steps.begin(found);
  all(`[name="${CHANGE_LANGUAGE}"]`).forEach((change) => change.addEventListener("click", () => {
    isLeaving = true;
    keep();
  }));
  addEventListener("pageshow", () => { isLeaving = false; });
  form.addEventListener("input", () => { if (!isSending) keep(); });
  form.addEventListener("submit", (event) => {
    if (isLeaving) return;
    if (steps.current < steps.steps.length - 1) { // the Enter key in a box
      event.preventDefault();
      steps.goOn();
      return;
    }
    if (steps.isOpen()) {
      event.preventDefault();
      return;
    }
    nonce = form.elements[NONCE].value;
    keep();
    shelf.write({ at: Date.now(), key: shelf.key }, last);
    if (!window.fetch) return;
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    send(form, words, say);
  });
}

shelf.sweep();
if ("settled" in document.body.dataset) settle();
const form = document.querySelector("form[data-form]");
if (form) begin(form);
