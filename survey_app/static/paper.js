// Enter goes to the next field, and from the last one sends. Without this script every
// Enter sends, and the page comes back with the cursor at the first empty field.
"use strict";

const form = document.querySelector("[data-entry]");
const fields = form ? [...form.querySelectorAll("input[type=text]")] : [];

form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  const at = fields.indexOf(event.target);
  if (at < 0 || at === fields.length - 1) return;
  event.preventDefault();
  fields[at + 1].focus();
  fields[at + 1].select();
  fields[at + 1].closest(".row").scrollIntoView({ block: "center" });
});
