// Writing: a message, a change of one, or the beginning of a command.

import { by } from "./dom.js";
import { page, say, send } from "./main.js";
import { pickCommand, typedCommand } from "./dialogs.js";

let changed = null;

export function put(text) {
  by("text").value = text;
  by("text").focus();
}

export function change(message) {
  changed = message;
  put(message.text);
  by("send").textContent = "Change it";
}

function write() {
  const text = by("text").value;
  if (!text.trim()) return;
  if (text.length > page.hello.most) {
    say(`That is too long: at most ${page.hello.most} characters.`);
    return;
  }
  say("");
  if (!changed && typedCommand(text)) {
    by("text").value = "";
    return;
  }
  if (changed) send({ do: "edit", id: changed.id, text });
  else send({ do: "say", where: page.where, thread: page.thread, text });
  changed = null;
  by("send").textContent = "Send";
  by("text").value = "";
}

by("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  write();
});
by("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    write();
  } else if (event.key === "Escape" && changed) {
    changed = null;
    put("");
    by("send").textContent = "Send";
  }
});
by("text").addEventListener("input", () => {
  if (by("text").value === "/") {
    by("text").value = "";
    pickCommand();
  }
});
by("commands").addEventListener("click", pickCommand);
