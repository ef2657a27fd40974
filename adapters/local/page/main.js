// The window: one connection, one person, one conversation in the middle.

import { by, make, option } from "./dom.js";
import { draw as drawPlaces, count, seenNow } from "./places.js";
import * as talk from "./talk.js";
import * as compose from "./compose.js";
import * as dialogs from "./dialogs.js";
import { drawDesk } from "./desk.js";
import { drawTour } from "./tour.js";
import { drawTraining } from "./training.js";

export const page = { hello: null, where: "", thread: null, send };
const EXAMPLE = "i cant see a way out any more. i dont want to be here. nobody would notice anyway";
const NOTED = 5000; // milliseconds: time enough to read some words twice
let socket = null;
let wait = 500;
let noted = 0;

function hash() {
  return new URLSearchParams(location.hash.slice(1));
}

function remember() {
  const now = new URLSearchParams({ as: page.hello?.me ?? hash().get("as") ?? "mina", in: page.where });
  if (page.thread) now.set("thread", page.thread);
  history.replaceState(null, "", `#${now}`);
}

// Tells whether it was sent.
export function send(ask) {
  const isOpen = socket?.readyState === WebSocket.OPEN;
  if (isOpen) socket.send(JSON.stringify(ask));
  else say("Not connected. Try again in a moment.");
  return isOpen;
}

export function say(text) {
  by("said").textContent = text;
}

// Says it for some seconds, over the status and not beside it: nothing on the page moves.
function note(text) {
  clearTimeout(noted);
  by("note").textContent = text;
  noted = setTimeout(() => { by("note").textContent = ""; }, NOTED);
}

// Opens a conversation. `upto` is a message that has to be among what is shown.
export function open(where, thread = null, upto = "") {
  page.where = where;
  page.thread = thread;
  remember();
  say("");
  talk.open(where, thread, upto);
  drawPlaces();
}

function connect() {
  const at = new URL("socket", location.href.split("#")[0]);
  at.protocol = "ws:";
  socket = new WebSocket(at);
  socket.addEventListener("open", () => {
    wait = 500;
    send({ do: "hello", who: hash().get("as") ?? "mina" });
  });
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    by("status").textContent = "Not connected. Trying again …";
    by("status").className = "lost";
    setTimeout(connect, wait);
    wait = Math.min(wait * 1.5, 3000);
  });
}

function hear(news) {
  if (news.hello) greet(news.hello);
  else if (news.message) arrive(news.message);
  else if (news.gone) talk.remove(news.gone);
  else if (news.page) talk.show(news);
  else if (news.desk) drawDesk(news.desk);
  else if (news.tour) drawTour(news.tour);
  else if (news.training) drawTraining(news.training);
  else if (news.form) dialogs.openForm(news.form);
  else if (news.form_wrong) dialogs.wrong(news.form_wrong);
  else if (news.form_done) dialogs.done();
  else if (news.choices) dialogs.suggested(news.number, news.choices);
  else if (news.why) dialogs.explain(news.explained);
  else if ("cut" in news) drawCut(news.cut);
  else if (news.refused) say(news.refused);
}

function arrive(message) {
  const isHere = talk.add(message);
  if (message.author !== page.hello.me) count(message, isHere);
}

function greet(hello) {
  const isNew = page.hello?.me !== hello.me;
  page.hello = hello;
  by("space").textContent = hello.space;
  by("status").textContent = "Connected";
  by("status").className = "";
  const me = hello.people.find((one) => one.id === hello.me);
  document.title = `${me.name} (${me.role}) – Waymark practice`;
  by("first-me").textContent = me.name;
  fillPeople(hello);
  const asked = hash();
  const places = [...hello.channels, ...hello.talks].map((one) => one.id);
  if (isNew || !page.where) {
    const wanted = asked.get("in") ?? "";
    const mine = wanted.startsWith("@") ? wanted.slice(1).split("+").includes(hello.me) : places.includes(wanted);
    page.where = mine ? wanted : hello.channels[0].id;
    page.thread = mine ? asked.get("thread") : null;
  }
  document.body.className = hello.role === "member" ? "" : "staff";
  drawDesk(hello.role === "member" ? null : undefined);
  by("first").hidden = localStorage.getItem("first") === "done" || hello.role !== "member";
  drawCut(hello.cut);
  if (hello.tour) drawTour(hello.tour);
  if (hello.training) drawTraining(hello.training);
  open(page.where, page.thread);
}

function fillPeople(hello) {
  const others = hello.people.filter((one) => one.id !== hello.me);
  by("who").replaceChildren(...grouped(hello.people, hello.me));
  by("other").replaceChildren(...grouped(others, others.some((o) => o.id === "aino") ? "aino" : "mina"));
  by("partner").replaceChildren(...others.map((one) => option(one.id, one.name)));
}

function grouped(people, chosen) {
  const roles = [...new Set(people.map((one) => one.role))];
  return roles.map((role) =>
    make("optgroup", { label: `A ${role}` },
      ...people.filter((one) => one.role === role).map((one) => option(one.id, `${one.name} (${role})`, one.id === chosen))));
}

function drawCut(on) {
  by("cut").textContent = on ? "Mend Waymark's connection" : "Cut Waymark's connection";
  by("cut").dataset.on = on ? "yes" : "";
  by("cut-state").textContent = on ? "It is cut. What is said now is read when it is mended." : "";
}

function beside(who) {
  window.open(`${location.href.split("#")[0]}#as=${encodeURIComponent(who)}`, "_blank", "noopener");
}

// Somebody else sits down before this window.
export function become(who) {
  page.where = "";
  history.replaceState(null, "", `#as=${encodeURIComponent(who)}`);
  send({ do: "hello", who });
}

by("who").addEventListener("change", (event) => become(event.target.value));
by("open-other").addEventListener("click", () => beside(by("other").value));
by("open-aino").addEventListener("click", () => beside("aino"));
by("open-talk").addEventListener("click", () => open(`@${[page.hello.me, by("partner").value].sort().join("+")}`));
by("example").addEventListener("click", () => {
  // Waymark reads channels alone: what is sent between two people would reach nobody on duty.
  if (page.where.startsWith("@")) open(page.hello.channels[0].id);
  send({ do: "say", where: page.where, thread: page.thread, text: EXAMPLE });
});
by("first-done").addEventListener("click", () => {
  localStorage.setItem("first", "done");
  by("first").hidden = true;
  by("text").focus();
});
by("cut").addEventListener("click", (event) => send({ do: "cut", on: !event.target.dataset.on }));
for (const one of document.querySelectorAll("[data-minutes]")) {
  one.addEventListener("click", () => {
    say("");
    const words = one.textContent.replace("Let ", "").replace("an ", "An ").replace(" pass", "");
    if (send({ do: "skip", minutes: Number(one.dataset.minutes) })) note(`${words} went by.`);
  });
}
window.addEventListener("hashchange", () => {
  if (page.hello && hash().get("as") !== page.hello.me) {
    page.where = "";
    send({ do: "hello", who: hash().get("as") ?? "mina" });
  }
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) seenNow(); });
connect();
