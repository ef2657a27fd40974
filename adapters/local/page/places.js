// The left column: channels and conversations, with how much of each is new.

import { by, make } from "./dom.js";
import { open, page } from "./main.js";
import { newestId } from "./talk.js";

export function draw() {
  const { channels, talks } = page.hello;
  if (page.where.startsWith("@") && !talks.some((one) => one.id === page.where)) talks.push(talkWith(page.where));
  // Whoever goes through the list by keyboard goes on from where they are.
  const had = document.activeElement?.dataset.place;
  by("channels").replaceChildren(...channels.map((one) => row(one, `#${one.id}`)));
  by("talks").replaceChildren(...talks.map((one) => row(one, one.name)));
  if (had) document.querySelector(`nav [data-place="${CSS.escape(had)}"]`)?.focus({ preventScroll: true });
}

function row(place, name) {
  const isHere = place.id === page.where;
  const fresh = place.unread > 0 && !isHere;
  const badge = fresh ? make("span", { class: "badge", text: `${place.unread > 99 ? "99+" : place.unread} new` }) : null;
  const shown = make("button", {
    type: "button", class: fresh ? "fresh" : null, "aria-current": isHere ? "page" : null,
    "data-place": place.id, on: { click: () => open(place.id) },
  }, make("span", { text: name }), badge);
  return make("li", {}, shown);
}

function talkWith(where) {
  const other = where.slice(1).split("+").find((one) => one !== page.hello.me);
  const person = page.hello.people.find((one) => one.id === other);
  return { id: where, name: person?.name ?? (other === "waymark" ? "Waymark" : other), unread: 0 };
}

// A message of somebody else has come, or has changed.
export function count(message, isHere) {
  const { channels, talks } = page.hello;
  if (message.where.startsWith("@") && !talks.some((one) => one.id === message.where)) talks.push(talkWith(message.where));
  const place = [...channels, ...talks].find((one) => one.id === message.where);
  if (!place || message.id <= (place.newest ?? "")) return;
  place.newest = message.id;
  if (isHere && !document.hidden) seenNow();
  else {
    place.unread += 1;
    draw();
  }
}

// What stands in the middle has been seen, if somebody looks.
export function seenNow() {
  const place = [...(page.hello?.channels ?? []), ...(page.hello?.talks ?? [])].find((one) => one.id === page.where);
  if (!place || !newestId() || document.hidden) return;
  const id = newestId() > (place.newest ?? "") ? newestId() : place.newest;
  place.unread = 0;
  place.newest = id;
  if (id > (place.told ?? "")) {
    place.told = id;
    page.send({ do: "seen", where: page.where, id });
  }
  draw();
}
