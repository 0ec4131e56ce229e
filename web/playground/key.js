// The API key: where it is kept, and how it arrives by a link.

const slot = "daybook.apiKey";

export const storedKey = () => localStorage.getItem(slot) ?? "";

export function storeKey(key) {
  if (key) localStorage.setItem(slot, key);
  else localStorage.removeItem(slot);
}

// A key goes into an HTTP header as it is, so it can only be visible ASCII. (The field
// checks what is typed into it by a pattern.)
const isKey = (text) => /^[!-~]+$/.test(text);

// takeKeyFromAddress returns the key of an address that ends in #key=..., or "", and
// removes it from the address bar and from this entry of the history.
export function takeKeyFromAddress() {
  const match = /^#key=(.*)$/.exec(location.hash);
  if (!match) return "";
  history.replaceState(history.state, "", location.pathname + location.search);
  const key = decode(match[1]);
  return isKey(key) ? key : "";
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign of the key's own, not an escape
  }
}
