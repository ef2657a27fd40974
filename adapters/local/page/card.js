// A card of Waymark's: title, words, facts, links and buttons.

import { button, make } from "./dom.js";
import { open, page, say } from "./main.js";

export function card(message) {
  const { title, paragraphs, fields, links, buttons, footer } = message.card;
  const facts = make("dl", {}, ...fields.flatMap(([name, value]) => [make("dt", { text: name }), make("dd", { text: value })]));
  return make("div", { class: "card" },
    make("p", { class: "title", text: title }),
    ...paragraphs.map((text) => make("p", { class: "text", text })),
    fields.length ? facts : null,
    ...links.map(link),
    buttons.length ? make("div", { class: "buttons" }, ...buttons.map((one) => pressed(message, one))) : null,
    footer ? make("p", { class: "quiet", text: footer }) : null);
}

function link(one) {
  if (one.where) return make("p", {}, button(one.label, () => open(one.where, one.thread, one.message), { class: "link" }));
  if (one.url) return make("p", {}, make("a", { href: one.url, target: "_blank", rel: "noopener noreferrer", text: `${one.label} (opens a new window)` }));
  return make("p", { text: one.label });
}

// A second press while the first is on its way would be a second wish.
function pressed(message, one) {
  return button(one.label, (event) => {
    const here = event.currentTarget;
    if (here.getAttribute("aria-disabled") === "true") return;
    here.setAttribute("aria-disabled", "true");
    setTimeout(() => here.removeAttribute("aria-disabled"), 1500);
    say("");
    page.send({ do: "press", on: message.id, button: one.id });
  }, { "data-button": one.id });
}
