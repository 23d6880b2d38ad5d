// Which questions are asked, from the answers given so far: the same rules as
// questionnaires/routing.py, held together by test vectors that Python writes.
// A question is {id, kind, show_if}; an answer is an option id, an array of option ids,
// a number (scale, number), an ISO day, a text, or "na", "dk", "ref".

const SPECIAL = ["na", "dk", "ref"];

// Not Object.hasOwn: older phones lack it.
const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);

const isMissing = (value) => value === undefined || value === null;

function equal(left, right) {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((x, i) => equal(x, right[i]));
  }
  return !isMissing(left) && left === right;
}

function ordered(compare) {
  return (left, right) => {
    if (SPECIAL.includes(left) || SPECIAL.includes(right)) return false;
    const kind = typeof left;
    if (kind !== typeof right || (kind !== "number" && kind !== "string")) return false;
    return compare(left, right);
  };
}

const isIn = (item, list) => Array.isArray(list) && list.some((x) => equal(item, x));

const OPERATORS = {
  "==": equal,
  "!=": (left, right) => !equal(left, right),
  "<": ordered((left, right) => left < right),
  "<=": ordered((left, right) => left <= right),
  ">": ordered((left, right) => left > right),
  ">=": ordered((left, right) => left >= right),
  in: isIn,
  "any-in": (left, right) => Array.isArray(left) && left.some((x) => isIn(x, right)),
  "all-in": (left, right) =>
    Array.isArray(left) && left.length > 0 && left.every((x) => isIn(x, right)),
  and: (...parts) => parts.every(Boolean),
  or: (...parts) => parts.some(Boolean),
  not: (part) => !part,
  count: (value) => (Array.isArray(value) ? value.length : 0),
  answered: (value) =>
    !isMissing(value) &&
    !SPECIAL.includes(value) &&
    !(Array.isArray(value) && value.length === 0),
};

// A list of option ids may begin with a word that is an operator too ("in", "count");
// an operation has an answer or another array among its operands.
const isOperation = (part) =>
  has(OPERATORS, part[0]) &&
  part.slice(1).some((x) => typeof x === "object" && x !== null);

function evaluate(part, answers) {
  if (Array.isArray(part)) return isOperation(part) ? operate(part, answers) : part;
  if (typeof part === "object" && part !== null) {
    return has(answers, part.answer) ? answers[part.answer] : undefined;
  }
  return part;
}

function operate([operator, ...operands], answers) {
  return OPERATORS[operator](...operands.map((part) => evaluate(part, answers)));
}

// Whether a rule is true of the answers given on the route so far.
export function holds(rule, answers) {
  return Boolean(operate(rule, answers));
}

// An ISO day, also of a day written the Vietnamese way; undefined for no such day.
function dayOf(text) {
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  const own = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (!iso && !own) return undefined;
  const parts = iso ? iso.slice(1) : own.slice(1).reverse();
  const day = parts.map((part) => part.padStart(2, "0")).join("-");
  const found = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(found.getTime()) && found.toISOString().startsWith(day) ? day : undefined;
}

// What rules see of the values a form holds for a question; undefined for nothing.
export function seen(question, values) {
  const found = values.map((value) => value.normalize("NFC").trim()).filter(Boolean);
  if (found.length === 0) return undefined;
  if (SPECIAL.includes(found[0]) && question.kind !== "text") return found[0];
  if (question.kind === "multiple") return found;
  if (question.kind === "scale" || question.kind === "number") {
    return /^[0-9]{1,9}$/.test(found[0]) ? Number(found[0]) : undefined;
  }
  if (question.kind === "date") return dayOf(found[0]);
  return found[0];
}

// Walks the page: the ids of the questions asked, and the answers kept on that route.
export function route(questions, form) {
  const asked = [];
  const answers = {};
  for (const question of questions) {
    if (question.show_if && !holds(question.show_if, answers)) continue;
    asked.push(question.id);
    const values = has(form, question.id) ? form[question.id] : [];
    const value = seen(question, values);
    if (value !== undefined) answers[question.id] = value;
  }
  return { asked, answers };
}
