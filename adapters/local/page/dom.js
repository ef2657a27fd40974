// Everything on the page is made here. Text goes in as text: there is no way to put in markup.

export function make(tag, options = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") made.textContent = value;
    else if (name === "on") for (const [event, then] of Object.entries(value)) made.addEventListener(event, then);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside.filter((one) => one !== null && one !== undefined));
  return made;
}

export const by = (id) => document.getElementById(id);

export function button(text, then, options = {}) {
  return make("button", { type: "button", text, on: { click: then }, ...options });
}

export function option(value, text, chosen = false) {
  return make("option", { value, text, selected: chosen });
}
