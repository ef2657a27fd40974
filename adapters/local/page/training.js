// Training: what there is to train on, how it goes, and the summary when it is over.

import { by, button, make, option } from "./dom.js";
import { become, page, send } from "./main.js";

const SPEEDS = { 1: "as in life", 4: "4 times as fast", 10: "10 times as fast" };
const wanted = new URLSearchParams(location.hash.slice(1)).get("scenario");
let known = null; // what was drawn last
let wasOn = false; // it went on while this page looked

const move = (name, more = {}) => send({ do: "practise", move: name, ...more });

export function drawTraining(training) {
  if (!training.scenarios.length) return;
  const now = training.now;
  const mode = now === null ? "none" : now.over ? "over" : "on";
  by("training").hidden = false;
  by("training").className = mode === "on" ? "on" : "";
  if (known?.mode !== mode || known.id !== now?.id) build(training, mode);
  known = { mode, id: now?.id };
  if (mode === "on") follow(now);
  if (mode === "over" && wasOn && now.by === page.hello.me) showSummary(training.debrief);
  wasOn = mode === "on";
}

function build(training, mode) {
  const hadFocus = by("training").contains(document.activeElement);
  const head = make("h2", { id: "training-head", tabindex: "-1", text: "Training" });
  by("training").replaceChildren(head, ...(mode === "on" ? running(training.now) : choosing(training, mode)));
  if (hadFocus) head.focus();
}

function choosing(training, mode) {
  const { scenarios, speeds, now, debrief } = training;
  const chosen = scenarios.find((one) => one.id === (now?.id ?? wanted)) ?? scenarios[0];
  const about = make("div", { id: "training-about" });
  const scenario = make("select", { id: "training-scenario", on: { change: () => describe(about, scenarios, scenario.value) } },
    ...scenarios.map((one) => option(one.id, one.title, one === chosen)));
  const speed = make("select", { id: "training-speed" }, ...speeds.map((n) => option(String(n), SPEEDS[n] ?? String(n), n === 4)));
  describe(about, scenarios, chosen.id);
  return [
    mode === "over" ? make("p", {}, button("Show the summary", () => showSummary(debrief), { class: "main" })) : null,
    make("p", { text: "Be the practitioner on duty while a scenario plays. At the end you see how it went." }),
    make("p", {}, make("label", { for: "training-scenario", text: "Scenario " }), scenario),
    about,
    make("p", {}, make("label", { for: "training-speed", text: "Speed " }), speed),
    make("p", {}, button("Start", () => start(scenario.value, Number(speed.value)), { class: mode === "over" ? null : "main" })),
  ].filter(Boolean);
}

function describe(about, scenarios, id) {
  const one = scenarios.find((each) => each.id === id);
  about.replaceChildren(
    make("p", { class: "quiet", text: `${one.way}. ${one.messages} messages in ${one.minutes} minutes of the desk's clock.` }),
    make("p", { text: one.goal }));
}

function start(scenario, to) {
  if (page.hello.role === "member") become("aino");
  wasOn = false;
  move("start", { scenario, to });
}

function running(now) {
  return [
    make("p", {}, make("strong", { text: now.title })),
    make("p", { text: now.goal }),
    make("p", { id: "training-count", class: "quiet" }),
    make("p", { class: "buttons" },
      button("Stop for a while", (event) => move(event.target.dataset.playing ? "pause" : "play"), { id: "training-play" }),
      button("Next message now", () => move("next"), { id: "training-next" }),
      button("I am done", () => move("end"), { class: "main" })),
    make("p", {}, make("label", { for: "training-pace", text: "Speed " }),
      make("select", { id: "training-pace", on: { change: (event) => move("speed", { to: Number(event.target.value) }) } },
        ...Object.entries(SPEEDS).map(([n, name]) => option(n, name)))),
    make("p", { class: "quiet", text: "The desk's clock runs as fast as the scenario. Take alerts in your messages from Waymark, and read along in the channels." }),
  ];
}

function follow(now) {
  const rest = now.said === now.length ? "All is said. Finish what is open." : `Minute ${now.minute} of ${now.minutes}.`;
  const words = `${now.name} is on duty. ${now.said} of ${now.length} messages. ${rest}`;
  if (by("training-count").textContent !== words) by("training-count").textContent = words;
  by("training-play").textContent = now.playing ? "Stop for a while" : "Go on";
  by("training-play").dataset.playing = now.playing ? "yes" : "";
  const next = by("training-next");
  if (now.said === now.length && document.activeElement === next) by("training-head").focus();
  next.hidden = now.said === now.length;
  by("training-pace").value = String(now.speed);
}

function showSummary(debrief) {
  if (!debrief) return;
  const dialog = by("summary");
  const columns = ["Result", "Message", "Needed", "What you did", "After", "Waymark said", "Why"];
  dialog.replaceChildren(
    make("h2", { id: "summary-title", tabindex: "-1", autofocus: true, text: `Summary: ${debrief.title}` }),
    make("p", {}, make("strong", { text: debrief.headline })),
    make("p", { text: `The goal: ${debrief.goal}` }),
    make("div", { class: "wide", role: "region", "aria-label": "Message by message", tabindex: "0" },
      make("table", {},
        make("thead", {}, make("tr", {}, ...columns.map((text) => make("th", { scope: "col", text })))),
        make("tbody", {}, ...debrief.rows.map(row)))),
    make("h3", { text: "In numbers" }),
    make("ul", { class: "reasons" }, ...debrief.counts.map(([name, n]) => make("li", { text: `${name}: ${n}` }))),
    make("h3", { text: "To think about" }),
    make("p", { text: debrief.debrief }),
    make("p", { text: debrief.theory }),
    make("p", { class: "quiet", text: "A time runs from the message until you answered it, by the desk's clock." }),
    make("p", { class: "buttons not-printed" },
      button("Close", () => dialog.close(), { class: "main" }),
      button("Print", () => window.print()),
      make("a", { href: "summary.html", download: "waymark-training.html", text: "Save as a file" })));
  if (!dialog.open) dialog.showModal();
}

function row(one) {
  return make("tr", { "data-verdict": one.verdict },
    make("td", { class: "result" }, make("span", { "aria-hidden": "true", text: one.sign }), ` ${one.result}`),
    make("td", { class: "said" }, make("span", { class: "quiet", text: `${one.who}, ${one.where}: ` }), one.text),
    ...[one.expected, one.did, one.after, one.rung, one.why].map((text) => make("td", { text })));
}
