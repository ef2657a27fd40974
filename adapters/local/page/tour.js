// The guided tour: a script that plays, and what Waymark makes of each line.

import { by, button, make, option } from "./dom.js";
import { open, page } from "./main.js";
import { reasons } from "./dialogs.js";

const SPEEDS = [[1, "slow"], [4, "brisk"], [20, "fast"]];
const move = (name, to = 0) => page.send({ do: "tour", move: name, to });

export function drawTour(tour) {
  const section = by("tour");
  section.hidden = false;
  if (!by("tour-head")) build(section);
  by("tour-play").textContent = tour.playing ? "Pause" : "Play";
  by("tour-play").dataset.playing = tour.playing ? "yes" : "";
  by("tour-speed").value = String(tour.speed);
  by("tour-count").textContent = `${tour.told} of ${tour.length} messages`;
  by("tour-to").max = tour.length;
  by("tour-last").replaceChildren(...(tour.last ? last(tour.last) : [make("p", { text: "Nothing was said yet. You may write, take alerts and press buttons while it plays." })]));
}

function build(section) {
  section.append(
    make("h2", { id: "tour-head", text: "Tour: days in the community" }),
    make("p", { id: "tour-count", class: "quiet" }),
    make("p", { class: "buttons" },
      button("Play", (event) => move(event.target.dataset.playing ? "pause" : "play"), { id: "tour-play", class: "main" }),
      button("One message", () => move("step")),
      button("To the next alert", () => move("next"))),
    make("p", {},
      make("label", { for: "tour-speed", text: "Speed " }),
      make("select", { id: "tour-speed", on: { change: (event) => move("speed", Number(event.target.value)) } },
        ...SPEEDS.map(([n, name]) => option(String(n), name)))),
    make("form", { on: { submit: (event) => {
      event.preventDefault();
      move("jump", Number(by("tour-to").value) || 0);
    } } },
    make("label", { for: "tour-to", text: "Leave out all up to message " }),
    make("input", { id: "tour-to", type: "number", min: "0", value: "100" }), " ",
    make("button", { type: "submit", text: "Jump" })),
    make("div", { id: "tour-last", class: "explained" }));
}

function last(one) {
  return [
    make("p", { class: "quiet", text: `${one.at}, ${one.name} in #${one.where}:` }),
    make("p", { text: one.text.length > 280 ? `${one.text.slice(0, 280)} …` : one.text }),
    ...reasons(one.explained),
    make("p", {}, button(`Open it in #${one.where}`, () => open(one.where, null, one.id), { class: "link" })),
  ];
}
