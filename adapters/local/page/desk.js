// The right column: what the desk sees. It only shows; alerts are answered in the messages.

import { by, button, make } from "./dom.js";
import { open, page, send } from "./main.js";

export function drawDesk(desk) {
  const title = make("h2", { id: "desk-head", text: "What the desk sees" });
  if (desk === null) {
    by("desk").replaceChildren(title, make("p", { text: "You are a member, and members do not see the desk. Open a window as Aino to see it." }));
    return;
  }
  if (desk === undefined) {
    by("desk").replaceChildren(title, make("p", { text: "One moment …" }));
    return;
  }
  const had = by("desk").contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const mine = `@${[page.hello.me, "waymark"].sort().join("+")}`;
  by("desk").replaceChildren(
    title,
    make("p", { class: "quiet", text: `${desk.desk}. It is ${desk.clock}.` }),
    make("h3", { text: desk.queue.length === 1 ? "1 alert is open" : `${desk.queue.length} alerts are open` }),
    desk.queue.length ? make("ol", { class: "queue" }, ...desk.queue.map(waiting)) : make("p", { text: "Nothing waits." }),
    desk.queue.length ? make("p", {}, button("Answer them in your messages from Waymark", () => open(mine), { "data-key": "mine" })) : null,
    make("h3", { text: "On duty" }),
    desk.on_duty.length ? make("ol", { class: "reasons" }, ...desk.on_duty.map((text) => make("li", { text }))) : make("p", { text: "Nobody. The last resort is called." }),
    make("h3", { text: "The ledger" }),
    make("dl", {}, ...desk.ledger.flatMap(([name, n]) => [make("dt", { text: name }), make("dd", { text: String(n) })])),
    make("p", { class: "quiet", text: desk.sums_up ? "It adds up: every message seen is accounted for." : "Some messages are still being read." }));
  if (had) by("desk").querySelector(`[data-key="${CSS.escape(had)}"]`)?.focus();
}

// As if one had typed it: the answer comes where one is, for one's own eyes.
function take(key) {
  send({ do: "command", name: "case take", where: page.where, thread: page.thread, options: { key } });
}

function waiting(one) {
  return make("li", { "data-message": one.message },
    make("p", {}, make("span", { class: `priority ${one.priority}`, text: one.name })),
    make("p", { text: one.state }),
    make("ul", { "aria-label": "Why" }, ...one.because.map((text) => make("li", { text }))),
    one.next_step ? make("p", { class: "quiet", text: `Next step, if nothing is done: ${one.next_step}` }) : null,
    make("p", { class: "buttons" },
      one.take ? button("Take this case", () => take(one.take), { "data-key": `take-${one.message}` }) : null,
      button(`Open it in #${one.channel}`, () => open(one.channel, one.thread, one.message), { class: "link", "data-key": one.message })));
}
