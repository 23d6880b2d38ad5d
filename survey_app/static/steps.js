/* One question a step, with the way on and back, for the page of a form. Which questions
   are asked follows from the same rules as on the server. */
import { holds, route } from "./routing.js";

const CONSENT = "dong-y";
const CONFIRMED = "__confirmed";

export const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));

export function made(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

export function button(className, text, press) {
  const element = made("button", className, text);
  element.type = "button";
  element.addEventListener("click", press);
  return element;
}

export const put = (text, values) =>
  Object.keys(values).reduce((said, name) => said.replace(`{${name}}`, values[name]), text);

function valuesOf(form) {
  const values = {};
  new FormData(form).forEach((value, name) => {
    values[name] = (values[name] || []).concat(value);
  });
  return values;
}

/* ---- what is wrong with an answer, before the server is asked ---- */

const MISSING = { multiple: "multiple", number: "number", date: "date", text: "text" };

function faultOf(step, values, words) {
  if (!step.id) return values[CONSENT] ? "" : words.consent;
  const given = (values[step.id] || []).map((value) => value.trim()).filter(Boolean);
  const { kind, required, range, low, high } = step.box.dataset;
  if (given.length === 0) return required === undefined ? "" : words[MISSING[kind] || kind];
  if (!words[`not_${kind}`] || /^(na|dk|ref)$/.test(given[0])) return "";
  const value = route([{ id: step.id, kind }], { [step.id]: given }).answers[step.id];
  if (value === undefined) return words[`not_${kind}`];
  const bound = kind === "number" ? Number : String;
  const isOut = (low && value < bound(low)) || (high && value > bound(high));
  return isOut ? range : "";
}

const askedIn = (part) => {
  if (Array.isArray(part)) return part.flatMap(askedIn);
  return part && part.answer ? [part.answer] : [];
};

/* ---- steps ---- */

export class Steps {
  constructor(form, words, keep) {
    Object.assign(this, { form, words, keep });
    this.intro = all(".intro");
    this.heading = document.querySelector("h1");
    this.steps = all("fieldset[data-kind], section[data-last]", form).map((box) => ({
      box, id: box.matches("fieldset") ? box.id.slice(4) : "",
    }));
    this.questions = this.steps.filter((step) => step.id).map(({ box, id }) => ({
      id, kind: box.dataset.kind, show_if: box.dataset.if && JSON.parse(box.dataset.if),
    }));
    this.checks = JSON.parse(form.dataset.checks || "[]");
    this.current = 0;
    this.pushed = 0;
    this.build();
  }

  build() {
    const { form, words } = this;
    this.place = made("p", "progress");
    this.bar = made("progress", "");
    this.bar.max = this.steps.length;
    this.bar.setAttribute("aria-hidden", "true");
    this.place.append(made("span", ""), this.bar);
    form.prepend(this.place);
    this.back = button("second", words.back, () => this.goBack());
    this.next = button("", words.next, () => this.goOn());
    this.row = made("div", "row");
    this.row.append(this.back, this.next);
    form.append(this.row);
    document.documentElement.classList.add("steps");
    form.addEventListener("input", (event) => { this.keepApart(event.target); this.refresh(); });
    addEventListener("popstate", (event) => {
      if (!event.state) return; // an anchor of the page
      this.pushed = event.state.depth;
      this.show(event.state.step);
    });
    all("a[href^='#']").forEach((link) => link.addEventListener("click", (event) => {
      const id = link.hash.slice(1);
      const found = this.steps.findIndex(({ box }) => box.id === id || box.querySelector(`#${id}`));
      if (found < 0) return;
      event.preventDefault();
      this.move(found);
    }));
  }

  /* Where to begin: what is to be put right, where the answering stopped, the top. */
  begin(kept) {
    const { form, steps } = this;
    const at = (test) => Math.max(0, steps.findIndex(test));
    const end = steps.length - 1;
    const isReturned = "returned" in form.dataset;
    if (isReturned) {
      this.entry = all(".wrong", form).length ? at(({ box }) =>
        box.matches(".wrong") || box.querySelector(".wrong")) : end;
    } else if (kept && kept.step !== undefined) {
      this.entry = kept.step ? at(({ id }) => id === kept.step) : end;
    } else {
      const values = valuesOf(form);
      this.entry = at(({ id }) => id && !(values[id] || []).join(""));
      if (!steps.some(({ id }) => id && (values[id] || []).join(""))) this.entry = 0;
    }
    this.wrong = isReturned ? steps.filter(({ box }) =>
      box.matches(".wrong") || box.querySelector(".wrong")) : [];
    this.show(this.entry, true);
  }

  asked() {
    const found = route(this.questions, valuesOf(this.form));
    this.answers = found.answers;
    return found.asked;
  }

  isAsked(index, asked) {
    const { id } = this.steps[index];
    return !id || asked.includes(id);
  }

  /* The next step on the route; of a returned form the next one that is wrong. */
  after(index, asked) {
    for (let next = index + 1; next < this.steps.length - 1; next += 1) {
      const step = this.steps[next];
      if (!this.isAsked(next, asked)) continue;
      const isOpen = step.box.dataset.required !== undefined
        && faultOf(step, valuesOf(this.form), this.words);
      if (!this.wrong.length || this.wrong.includes(step) || isOpen) return next;
    }
    return this.steps.length - 1;
  }

  before(index, asked) {
    let found = index - 1;
    while (found > 0 && !this.isAsked(found, asked)) found -= 1;
    return Math.max(0, found);
  }

  goOn() {
    const asked = this.asked();
    if (this.stops(asked)) return;
    this.wrong = this.wrong.filter((step) => step !== this.steps[this.current]);
    this.move(this.after(this.current, asked));
  }

  goBack() {
    if (this.pushed > 0) history.back();
    else this.show(this.before(this.current, this.asked()));
  }

  move(index) {
    this.pushed += 1;
    if (this.pushed === 1) history.replaceState({ step: this.current, depth: 0 }, "");
    history.pushState({ step: index, depth: this.pushed }, "");
    this.show(index);
  }

  /* Whether something here has to be put right first, or is in doubt. */
  stops(asked) {
    const step = this.steps[this.current];
    const fault = faultOf(step, valuesOf(this.form), this.words);
    if (fault) {
      this.say(step, fault);
      return true;
    }
    this.unsay(step);
    const order = this.questions.map(({ id }) => id);
    const confirmed = valuesOf(this.form)[CONFIRMED] || [];
    const doubt = this.checks.find((check) => (check.hard || !confirmed.includes(check.id))
      && asked.includes(check.where)
      && askedIn(check.rule).every((id) => order.indexOf(id) <= this.current)
      && holds(check.rule, this.answers));
    if (!doubt) return false;
    const where = order.indexOf(doubt.where);
    if (where !== this.current) this.move(where);
    this.say(this.steps[where], doubt.text, doubt.hard ? "" : doubt.id);
    return true;
  }

  /* Whether an earlier step, or this last one, keeps the form from being sent. */
  isOpen() {
    const asked = this.asked();
    const values = valuesOf(this.form);
    const open = this.steps.findIndex((step, index) =>
      this.isAsked(index, asked) && faultOf(step, values, this.words));
    if (open >= 0 && open < this.current) this.move(open);
    return this.stops(asked);
  }

  say(step, sentence, confirm = "") {
    this.unsay(step);
    const box = step.id ? step.box : document.getElementById(CONSENT);
    const problem = made("p", "problem");
    problem.id = `loi-${step.id || CONSENT}`;
    problem.innerHTML = sentence; // ours, escaped by the server
    problem.setAttribute("role", "alert");
    const legend = box.querySelector("legend");
    legend.after(problem);
    if (confirm) {
      const label = made("label", "", this.words.confirm);
      const tick = made("input", "");
      Object.assign(tick, { type: "checkbox", name: CONFIRMED, value: confirm });
      label.prepend(tick);
      problem.after(label);
    }
    box.classList.add("wrong");
    box.setAttribute("aria-describedby", problem.id);
    const field = box.querySelector("input, textarea");
    field.focus({ preventScroll: true });
    box.scrollIntoView();
    this.refresh();
  }

  unsay(step) {
    const box = step.id ? step.box : document.getElementById(CONSENT);
    all(".problem", box).forEach((problem) => problem.remove());
    box.classList.remove("wrong");
    box.removeAttribute("aria-describedby");
    all("[aria-invalid]", box).forEach((field) => {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    });
  }

  /* What stands alone is not chosen together with anything else. */
  keepApart(field) {
    const box = field.closest("fieldset[data-kind]");
    if (!box || field.name !== box.id.slice(4) || !box.querySelector("[data-alone]")) return;
    const isChosen = field.type === "checkbox" ? field.checked : field.value.trim();
    if (!isChosen) return;
    const isAlone = "alone" in field.dataset;
    all(`[name="${field.name}"]`, box).forEach((other) => {
      if (other === field || (!isAlone && !("alone" in other.dataset))) return;
      if (other.type === "checkbox") other.checked = false;
      else other.value = "";
    });
  }

  /* Everything that follows from the answers: words filled in, boxes that open. */
  refresh() {
    this.asked();
    all("[data-answer]").forEach((element) => {
      element.textContent = this.spoken(element.dataset.answer) || element.dataset.else;
    });
    all("[data-specify]", this.form).forEach((element) => {
      const id = element.closest("fieldset").id.slice(4);
      const chosen = [].concat(this.answers[id]);
      element.hidden = !chosen.includes(element.dataset.specify);
    });
  }

  spoken(id) {
    const value = this.answers[id];
    if (value === undefined || /^(na|dk|ref)$/.test(value)) return "";
    const fields = all(`[name="${id}"]`, this.form);
    const chosen = fields.filter((field) => field.checked);
    if (!chosen.length) return fields.map((field) => field.value.trim())[0];
    return chosen.map((field) => field.parentNode.textContent.trim()).join(", ");
  }

  show(index, isFirst = false) {
    const { steps, words } = this;
    const count = steps.length - 1;
    const isLast = index === count;
    const { box } = steps[index];
    const section = box.closest("section");
    const isSame = section === steps[this.current].box.closest("section");
    all("section", this.form).forEach((other) => { other.hidden = other !== section; });
    steps.forEach((step) => { if (step.id) step.box.hidden = step.box !== box; });
    all("section > p", this.form).forEach((note) => {
      note.hidden = !(isFirst || isLast || section.querySelector("fieldset") === box);
    });
    this.current = index;
    const isTop = index === 0 || (isFirst && "returned" in this.form.dataset);
    this.intro.forEach((part) => { part.hidden = index !== 0; });
    all(".problems, .once").forEach((part) => { part.hidden = !isFirst; });
    this.heading.classList.toggle("unseen", !isTop);
    this.place.firstChild.textContent = isLast ? words.last_step
      : put(words.progress, { number: index + 1, count });
    this.bar.value = index + 1;
    this.back.hidden = index === 0;
    this.next.hidden = isLast;
    this.refresh();
    this.keep(steps[index].id);
    if (isFirst) return;
    const heading = isSame && !isLast ? box.querySelector("legend") : section.querySelector("h2");
    const target = heading || box.querySelector("legend");
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    this.place.scrollIntoView();
  }
}
