// The chat without leaving the page: what its forms send is answered into the log. Without this script they lead to a
// page of their own.
"use strict";

const log = document.getElementById("log");
const field = document.getElementById("text");
const kept = `shirube:${log.dataset.thread}`;

function into(log, html) {
  const piece = document.createElement("template");
  piece.innerHTML = html;
  const added = piece.content.firstElementChild;
  log.append(piece.content);
  return added;
}

function keep() {
  try {
    sessionStorage.setItem(kept, log.innerHTML);
  } catch {
    sessionStorage.clear(); // too much to keep: a reload then begins with an empty page
  }
}

async function sent(form, submitter) {
  // form.action would be the field of that name.
  const response = await fetch(form.getAttribute("action"), {
    method: "POST",
    body: new URLSearchParams(new FormData(form, submitter)),
    headers: { "shirube-fragment": "1" },
  });
  if (!response.headers.get("content-type")?.startsWith("text/html")) throw new Error(`no page: ${response.status}`);
  return response.text();
}

async function ask(form, submitter) {
  const typed = form.contains(field);
  document.body.setAttribute("aria-busy", "true");
  let html;
  try {
    html = await sent(form, submitter);
  } catch {
    html = document.getElementById("away").innerHTML;
  }
  document.body.removeAttribute("aria-busy");
  const added = into(log, html);
  if (typed) {
    if (added.matches(".turn")) field.value = "";
  } else {
    added.setAttribute("tabindex", "-1");
    added.focus({ preventScroll: true });
  }
  added.scrollIntoView({ block: "start" });
  keep();
}

async function judge(form, submitter) {
  const place = form.parentElement;
  try {
    place.innerHTML = await sent(form, submitter);
  } catch {
    place.innerHTML = document.getElementById("away").innerHTML;
  }
  keep();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-asks]")) {
    event.preventDefault();
    if (!document.body.hasAttribute("aria-busy")) ask(form, event.submitter);
  } else if (form.matches("[data-judges]")) {
    event.preventDefault();
    judge(form, event.submitter);
  }
});

if (!log.childElementCount) {
  into(log, sessionStorage.getItem(kept) ?? "");
  log.lastElementChild?.scrollIntoView({ block: "start" });
}
