// The panel of ready queries, as a GraphiQL plugin: choosing one opens it in a tab and
// runs it.

const { React, GraphiQL } = window;
const h = React.createElement;

const panelTitle = "Ready queries";

export function readyQueriesPlugin(queries) {
  return { title: panelTitle, icon: Icon, content: () => h(Panel, { queries }) };
}

// PanelOpener opens the panel when GraphiQL starts. It presses GraphiQL's own button,
// because the visiblePlugin property selects a panel but leaves it folded away.
export function PanelOpener() {
  const started = GraphiQL.React.usePluginStore().plugins.length > 0;
  React.useEffect(() => {
    if (started) document.querySelector(`[aria-label="Show ${panelTitle}"]`)?.click();
  }, [started]);
  return null;
}

function Icon() {
  return h("svg", { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", strokeWidth: 1.5, strokeLinecap: "round" },
    h("path", { d: "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01" }));
}

function Panel({ queries }) {
  const { tabs, activeTabIndex } = GraphiQL.React.useEditorContext({ nonNull: true });
  const open = useOpen();
  const current = tabs[activeTabIndex]?.query;
  return h("section", { className: "ready", "aria-label": panelTitle },
    h("h2", null, panelTitle),
    h("p", null, "Questions people ask an audit log. Choose one to open it in a tab and run it; then change it as you like."),
    h("ol", null, queries.map((query) => h("li", { key: query.id },
      h("button", { type: "button", "data-query": query.id, "aria-current": query.query === current, onClick: () => open(query) },
        h("strong", null, query.title),
        h("span", null, query.explanation))))));
}

// useOpen returns a function that opens a ready query. GraphiQL offers no single call for
// it: the tab is added first, and once React has rendered it the editors are filled and
// the query is run.
function useOpen() {
  const editor = GraphiQL.React.useEditorContext({ nonNull: true });
  const execution = GraphiQL.React.useExecutionContext({ nonNull: true });
  const [chosen, choose] = React.useState(null);
  React.useEffect(() => {
    if (!chosen) return;
    fill(editor, chosen);
    execution.run();
    choose(null);
  }, [chosen]);
  // After the click, not in it: React puts what a click changes before what was already
  // waiting, and GraphiQL's change of tabs, done over for that, mixes the tabs up.
  return (query) => setTimeout(() => {
    execution.stop();
    const at = editor.tabs.findIndex((tab) => tab.query === query.query);
    if (at < 0) editor.addTab();
    else editor.changeTab(at);
    choose(query);
  });
}

function fill(editor, { query, variables }) {
  const text = JSON.stringify(variables, null, 2);
  const operationName = GraphiQL.GraphQL.getOperationAST(GraphiQL.GraphQL.parse(query)).name.value;
  editor.queryEditor.setValue(query);
  editor.variableEditor.setValue(text);
  editor.updateActiveTabValues({ query, variables: text });
  // GraphiQL finds the name only after a pause, and the query is run at once.
  editor.setOperationName(operationName);
}
