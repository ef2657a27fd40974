// The middle: one conversation. Only a window of it is on the page, however long it is.

import { by, button, make } from "./dom.js";
import { open as openPlace, page, say } from "./main.js";
import { card } from "./card.js";
import { seenNow } from "./places.js";
import * as compose from "./compose.js";

const MOST = 150; // messages on the page
let rows = []; // what is shown, oldest first
let isWhole = true; // nothing is before the first one
let isAtEnd = true; // nothing is after the last one
let target = "";
let asked = "";

export const newestId = () => (isAtEnd && rows.length ? rows[rows.length - 1].id : "");

export function open(where, thread, upto) {
  rows = [];
  isWhole = isAtEnd = true;
  target = upto;
  by("messages").replaceChildren();
  drawHead(where, thread);
  ask("", upto);
}

function ask(before, upto = "") {
  asked = before;
  page.send({ do: "page", where: page.where, thread: page.thread, before, upto });
}

function drawHead(where, thread) {
  const { channels, talks } = page.hello;
  const channel = channels.find((one) => one.id === where);
  const name = channel ? `#${channel.id}` : talks.find((one) => one.id === where)?.name ?? otherName(where);
  by("place").textContent = thread ? `${name}, a thread` : name;
  by("about").textContent = channel?.about ?? (where.includes("waymark") ? "What Waymark tells you alone." : "Between the two of you. Waymark does not read this.");
  by("leave-thread").hidden = !thread;
  const isBots = where.includes("waymark");
  by("compose").classList.toggle("commands-only", isBots);
  by("text-label").textContent = isBots ? "Waymark reads no direct messages. Press a button above, or choose a command." : `Write in ${by("place").textContent}`;
}

function otherName(where) {
  const id = where.slice(1).split("+").find((one) => one !== page.hello.me);
  return page.hello.people.find((one) => one.id === id)?.name ?? "Waymark";
}

// A page of messages has come.
export function show(news) {
  if (news.where !== page.where || news.thread !== page.thread || news.before !== asked) return;
  const root = news.root && news.whole && !rows.some((one) => one.id === news.root.id) ? [news.root] : [];
  if (!news.before) {
    rows = [...root, ...news.page];
    isAtEnd = true;
    isWhole = news.whole;
    render();
    if (target) jump(target);
    else toEnd();
  } else {
    const log = by("log");
    const below = log.scrollHeight - log.scrollTop;
    rows = [...root, ...news.page, ...rows];
    isWhole = news.whole;
    if (rows.length > MOST) {
      rows = rows.slice(0, MOST);
      isAtEnd = false;
    }
    render();
    log.scrollTop = log.scrollHeight - below;
    if (!isAtEnd) by("messages").children[news.page.length]?.scrollIntoView({ block: "start" });
  }
  asked = "";
  seenNow();
  // Where what has come does not fill the window there is nothing to scroll.
  if (rows.length < MOST) fillUp();
}

// Adds a message, or draws one again. Tells whether its place is the one in the middle.
export function add(message) {
  const isThisPlace = message.where === page.where;
  const at = rows.findIndex((one) => one.id === message.id);
  if (at >= 0) {
    rows[at] = message;
    replace(message);
    return isThisPlace;
  }
  if (!isThisPlace || (message.thread ?? null) !== page.thread || !isAtEnd) return isThisPlace && message.thread !== null;
  if (rows.length && message.id < rows[rows.length - 1].id) return true;
  const follow = isNearEnd() || message.author === page.hello.me;
  rows.push(message);
  by("messages").append(row(message));
  while (rows.length > MOST && follow) {
    rows.shift();
    by("messages").firstElementChild.remove();
    isWhole = false;
  }
  drawEdges();
  if (follow) toEnd();
  return true;
}

export function remove(id) {
  rows = rows.filter((one) => one.id !== id);
  by(`m-${id}`)?.remove();
}

function replace(message) {
  const old = by(`m-${message.id}`);
  if (!old) return;
  const had = old.contains(document.activeElement);
  const follow = isNearEnd();
  const fresh = row(message);
  old.replaceWith(fresh);
  if (had) (fresh.querySelector(".card button") ?? fresh).focus();
  if (follow) toEnd();
}

function render() {
  by("messages").replaceChildren(...rows.map(row));
  drawEdges();
}

function drawEdges() {
  by("earlier").hidden = isWhole;
  by("newest").hidden = isAtEnd;
}

const isNearEnd = () => {
  const log = by("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < 120;
};

// Near the top, what was said before is asked for.
function fillUp() {
  if (by("log").scrollTop < 40 && !isWhole && !asked && rows.length) ask(firstId());
}

function toEnd() {
  by("log").scrollTop = by("log").scrollHeight;
}

function jump(id) {
  const found = by(`m-${id}`);
  target = "";
  if (!found) {
    toEnd();
    say("That message is gone, or far back.");
    return;
  }
  found.classList.add("target");
  found.scrollIntoView({ block: "center" });
  found.focus({ preventScroll: true });
}

function row(message) {
  const when = new Date(message.at);
  const marks = [];
  if (message.bot) marks.push(make("span", { class: "badge", text: "Bot" }));
  if (message.private) marks.push(make("span", { class: "badge", text: "Only you see this" }));
  if (message.edited) marks.push(make("span", { class: "quiet", text: "changed" }));
  const head = make("p", { class: "head" },
    make("strong", { text: message.name }), ...marks,
    make("time", { datetime: message.at, title: when.toLocaleString(), text: when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) }));
  const shown = make("li", { class: message.private ? "message private" : "message", id: `m-${message.id}`, tabindex: "-1" },
    make("div", { class: "head" }, head, menu(message, when)),
    message.card ? card(message) : make("p", { class: "text", text: message.text }));
  if (message.replies) {
    const words = message.replies === 1 ? "1 answer in a thread" : `${message.replies} answers in a thread`;
    shown.append(button(words, () => openPlace(message.where, message.id), { class: "link" }));
  }
  if (message.private) shown.append(button("Put away", () => page.send({ do: "dismiss", id: message.id }), { class: "link" }));
  return shown;
}

// Filled when it is opened: most never are.
function menu(message, when) {
  if (message.private || message.where.startsWith("@")) {
    if (message.author !== page.hello.me) return null;
  }
  const list = make("ul");
  const shown = make("details", { class: "menu" },
    make("summary", { "aria-label": `What to do with the message of ${message.name} at ${when.toLocaleTimeString()}`, text: "⋯" }), list);
  const entry = (text, then) => make("li", {}, button(text, () => { shown.open = false; then(); }));
  shown.addEventListener("toggle", () => {
    if (!shown.open) return;
    for (const other of document.querySelectorAll("details.menu[open]")) if (other !== shown) other.open = false;
    list.replaceChildren(...entries(message, entry));
  });
  shown.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      shown.open = false;
      shown.querySelector("summary").focus();
    }
  });
  return shown;
}

function entries(message, entry) {
  const mine = message.author === page.hello.me;
  const isPublic = !message.where.startsWith("@");
  const moderates = ["moderator", "supervisor", "owner"].includes(page.hello.role);
  const found = [];
  if (isPublic) found.push(entry("Why? What Waymark makes of it", () => page.send({ do: "why", id: message.id })));
  if (isPublic && !message.thread && !page.thread) found.push(entry("Answer in a thread", () => openPlace(message.where, message.id)));
  if (isPublic && !message.bot) {
    for (const one of page.hello.table.menus) found.push(entry(one.label, () => page.send({ do: "choose", menu: one.id, on: message.id })));
  }
  if (mine) found.push(entry("Change it", () => compose.change(message)));
  if (mine || (moderates && isPublic)) found.push(entry("Delete it", () => page.send({ do: "delete", id: message.id })));
  return found;
}

by("earlier").addEventListener("click", () => rows.length && ask(firstId()));
by("newest").addEventListener("click", () => open(page.where, page.thread, ""));
by("leave-thread").addEventListener("click", () => openPlace(page.where, null, page.thread));
by("log").addEventListener("scroll", fillUp);
document.addEventListener("click", (event) => {
  for (const one of document.querySelectorAll("details.menu[open]")) if (!one.contains(event.target)) one.open = false;
});

const firstId = () => rows.find((one) => (one.thread ?? null) === page.thread)?.id ?? rows[0].id;
