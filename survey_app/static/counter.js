/* Opens the print dialog over a slip, and notes that it was printed. Without it the
   browser's own print command and the button below it do the same. */

"use strict";

const noted = document.getElementById("printed");
const button = document.getElementById("print");
const undo = document.getElementById("undo");

function note() {
  if (undo) undo.remove();
  fetch(noted.action, { method: "POST", body: new FormData(noted), keepalive: true, redirect: "manual" }).catch(() => {});
}

window.addEventListener("beforeprint", note, { once: true });
window.addEventListener("afterprint", () => noted.querySelector("button").focus());
button.hidden = false;
button.addEventListener("click", () => window.print());
if (document.body.dataset.print === "now") window.setTimeout(() => window.print(), 50);
