// Starts GraphiQL on /graphql of this origin, with the API key of the field above it.

import { storedKey, storeKey, takeKeyFromAddress } from "./key.js";
import { PanelOpener, readyQueriesPlugin } from "./ready.js";

const { React, ReactDOM, GraphiQL } = window;
const endpoint = "/graphql";

const welcome = `# Choose a ready query on the left, or write your own here.
# Ctrl+Enter runs it, Ctrl+Space completes; the book on the far left opens the schema.
query WhoAmI {
  viewer {
    name
    organization { name }
    scopes
  }
}
`;

const field = document.getElementById("key");
const note = document.getElementById("access-note");
const root = ReactDOM.createRoot(document.getElementById("graphiql"));
let currentKey = "";

function say(text, isProblem) {
  if (note.textContent === text) return; // or screen readers would read it out again
  note.textContent = text;
  note.classList.toggle("problem", isProblem);
}

function showAnswer(response, key) {
  if (key !== currentKey) return;
  if (response.status === 401) {
    say(key
      ? "This server refuses the API key: it is mistyped, expired or revoked."
      : "This server needs an API key. Paste one above; the server printed it when it first started.", true);
  } else if (response.ok) {
    say(key ? "Key accepted." : "", false);
  }
}

// createFetcher makes what GraphiQL sends its requests with. A new one makes GraphiQL
// fetch the schema again, which is what a new key calls for; a late answer to the key
// before is an error, or GraphiQL would take it for an answer to this one.
function createFetcher(key) {
  const send = GraphiQL.createFetcher({
    url: endpoint,
    enableIncrementalDelivery: false,
    headers: {
      accept: "application/graphql-response+json, application/json",
      ...(key && { authorization: `Bearer ${key}` }),
    },
    fetch: (url, options) => fetchAndShow(url, options, key),
  });
  return async (query, options) => {
    const answer = await send(query, options);
    if (key !== currentKey) throw new Error("The API key was changed meanwhile.");
    return answer;
  };
}

async function fetchAndShow(url, options, key) {
  try {
    const response = await fetch(url, options);
    showAnswer(response, key);
    return response;
  } catch (problem) {
    say("The server does not answer.", true);
    throw problem;
  }
}

function render(key, plugins) {
  root.render(React.createElement(GraphiQL, {
    fetcher: createFetcher(key),
    plugins,
    defaultTabs: [{ query: welcome }],
    defaultQuery: "",
    defaultEditorToolsVisibility: "variables",
    isHeadersEditorEnabled: false, // the key has its own field
    shouldPersistHeaders: false,
  }, React.createElement(PanelOpener)));
}

function useKey(key, plugins) {
  currentKey = key;
  storeKey(key);
  field.value = key;
  say("", false);
  render(key, plugins);
}

const plugins = [readyQueriesPlugin(await (await fetch("/playground/queries.json")).json())];

useKey(takeKeyFromAddress() || storedKey(), plugins);

document.getElementById("access").addEventListener("submit", (event) => {
  event.preventDefault();
  useKey(field.value.trim(), plugins);
});
document.getElementById("forget").addEventListener("click", () => useKey("", plugins));
window.addEventListener("hashchange", () => {
  const key = takeKeyFromAddress();
  if (key) useKey(key, plugins);
});
