// What asks or explains in front of the page: forms, commands with their options, reasons.

import { by, button, make, option } from "./dom.js";
import { page, send } from "./main.js";

let typing = 0;

function openDialog(id, ...inside) {
  const dialog = by(id);
  dialog.replaceChildren(...inside);
  if (!dialog.open) dialog.showModal();
  return dialog;
}

const close = (id) => button("Cancel", () => by(id).close());

function field(line, prefix) {
  const id = `${prefix}-${line.name}`;
  const about = line.help ? `${id}-help` : null;
  const shared = { id, name: line.name, required: line.required, "aria-describedby": about };
  let input;
  if (line.choices.length) {
    input = make("select", shared, ...(line.required && line.value ? [] : [option("", line.required ? "Choose one" : "None")]),
      ...line.choices.map(([value, label]) => option(value, label, value === line.value)));
  } else if (line.long) {
    input = make("textarea", { ...shared, rows: "4", maxlength: line.most });
    input.value = line.value;
  } else {
    input = make("input", { ...shared, type: "text", maxlength: line.most, value: line.value, autocomplete: "off" });
  }
  return make("div", { class: "row" },
    make("label", { for: id, text: line.required ? line.label : `${line.label} (if you like)` }),
    line.help ? make("p", { id: about, class: "quiet", text: line.help }) : null, input);
}

export function openForm(form) {
  const values = () => Object.fromEntries(form.lines.map((one) => [one.name, by(`line-${one.name}`).value]));
  openDialog("form",
    make("h2", { id: "form-title", text: form.title }),
    make("form", { on: { submit: (event) => {
      event.preventDefault();
      send({ do: "submit", form: form.token, values: values() });
    } } },
    ...form.lines.map((one) => field(one, "line")),
    make("p", { class: "alert", id: "form-wrong", role: "alert" }),
    make("p", { class: "buttons" }, make("button", { type: "submit", class: "main", text: form.send }), close("form"))));
}

export function wrong(text) {
  const shown = by("form-wrong");
  if (shown) shown.textContent = text;
}

export function done() {
  by("form").close();
}

export function pickCommand() {
  const commands = page.hello.table.commands;
  const list = make("ul", { class: "choices" });
  const draw = (typed) => {
    const wanted = typed.toLowerCase().replace(/^\//, "");
    const found = commands.filter((one) => one.name.includes(wanted) || one.help.toLowerCase().includes(wanted));
    list.replaceChildren(...found.map((one) => make("li", {}, button(`/${one.name}: ${one.help}`, () => chosen(one)))));
    if (!found.length) list.replaceChildren(make("li", { text: commands.length ? "No command is called that." : "There are no commands for you here." }));
  };
  const search = make("input", { id: "pick-search", type: "text", autocomplete: "off", on: {
    input: () => draw(search.value),
    keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); list.querySelector("button")?.click(); } },
  } });
  openDialog("pick",
    make("h2", { id: "pick-title", text: "Commands" }),
    make("label", { for: "pick-search", text: "Find a command" }), search, list,
    make("p", {}, close("pick")));
  draw("");
  search.focus();
}

// A command that was typed or pasted whole is asked for, and is no message. What stands behind its name is asked for again.
export function typedCommand(text) {
  const typed = `${text.trim().toLowerCase()} `;
  const found = page.hello.table.commands
    .filter((one) => typed.startsWith(`/${one.name} `))
    .sort((one, other) => other.name.length - one.name.length);
  if (found.length) chosen(found[0]);
  return found.length > 0;
}

function chosen(command) {
  if (command.form || !command.options.length) {
    if (by("pick").open) by("pick").close();
    send({ do: "command", name: command.name, where: page.where, thread: page.thread, options: {} });
    return;
  }
  openDialog("pick",
    make("h2", { id: "pick-title", text: `/${command.name}` }),
    make("p", { text: command.help }),
    make("form", { on: { submit: (event) => {
      event.preventDefault();
      const options = {};
      for (const one of command.options) {
        const input = by(`option-${one.name}`);
        const value = input.known?.get(input.value) ?? input.value;
        if (value) options[one.name] = value;
      }
      by("pick").close();
      send({ do: "command", name: command.name, where: page.where, thread: page.thread, options });
    } } },
    ...command.options.map((one) => optionField(command, one)),
    make("p", { class: "buttons" }, make("button", { type: "submit", class: "main", text: "Send" }), close("pick"))));
  by("pick").querySelector("input, select, textarea")?.focus();
}

function optionField(command, one) {
  const people = page.hello.people.map((each) => [each.id, each.name]);
  const channels = page.hello.channels.map((each) => [each.id, `#${each.id}`]);
  const given = { person: people, channel: channels }[one.kind] ?? one.choices;
  const shown = field({
    name: one.name, label: one.name, help: one.help, required: one.required, value: "", most: 1000,
    choices: one.suggests ? [] : given,
  }, "option");
  const input = shown.querySelector("input");
  if (input && one.kind === "number") input.setAttribute("inputmode", "numeric");
  if (input && one.suggests) {
    const list = make("datalist", { id: `choices-${one.name}` });
    input.setAttribute("list", list.id);
    input.known = new Map();
    input.addEventListener("input", () => suggest(command, one, input));
    input.addEventListener("focus", () => suggest(command, one, input));
    shown.append(list);
  }
  return shown;
}

function suggest(command, one, input) {
  typing += 1;
  input.dataset.number = typing;
  send({ do: "suggest", number: typing, name: command.name, option: one.name, typed: input.value, where: page.where });
}

export function suggested(number, choices) {
  const input = document.querySelector(`[data-number="${Number(number)}"]`);
  if (!input) return;
  for (const [value, label] of choices) input.known.set(label, value);
  by(input.getAttribute("list")).replaceChildren(...choices.map(([, label]) => option(label, label)));
}

export function explain(explained) {
  openDialog("why",
    make("h2", { id: "why-title", text: "What Waymark makes of it" }),
    ...reasons(explained),
    make("p", { class: "quiet", text: "It is read here by itself. In the channel it is read with what was said before." }),
    make("p", {}, button("Close", () => by("why").close(), { class: "main" })));
}

export function reasons(explained) {
  return [
    make("p", {}, make("strong", { text: explained.headline })),
    explained.because.length ? make("ul", { class: "reasons" }, ...explained.because.map((text) => make("li", { text }))) : null,
    explained.follows ? make("p", { text: `Who hears of it: ${explained.follows}` }) : null,
    explained.details.length ? make("details", {}, make("summary", { text: "All that it found" }), make("pre", { text: explained.details.join("\n"), tabindex: "0" })) : null,
  ].filter(Boolean);
}
