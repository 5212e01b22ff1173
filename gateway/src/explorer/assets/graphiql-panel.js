/**
 * GraphiQL for one audience at a time. It is made anew for each showing and asks for the schema with the token of its
 * audience, so its docs and its completion know that audience's schema alone.
 */
export class GraphiqlPanel {
  #container;
  #root;
  #editors;
  /** The texts that may be replaced: an editor that holds one of them has nothing to lose. */
  #known = new Set();

  constructor(container) {
    this.#container = container;
  }

  /** Loads GraphiQL's scripts, once: the page is alive before them. */
  prepare() {
    return loadScripts(this.#container.dataset.scripts.split(/\s+/));
  }

  /**
   * After `prepare`. `ask(request)` answers a GraphQL request; `texts` are those of the audience's operations. Resolves
   * when the editors are there.
   */
  async show(audience, ask, texts) {
    this.clear();
    this.#known = new Set(['', ...texts.map((text) => text.trim())]);
    const { React, ReactDOM, GraphiQL } = globalThis;
    const root = ReactDOM.createRoot(this.#container);
    this.#root = root;
    await new Promise((resolve) => {
      const onEditors = (editors) => {
        if (this.#root !== root) return;
        this.#editors = editors;
        resolve();
      };
      root.render(React.createElement(GraphiQL, settings(audience, ask, editorsProbe(onEditors))));
    });
  }

  /** Takes GraphiQL away. */
  clear() {
    this.#root?.unmount();
    this.#root = undefined;
    this.#editors = undefined;
  }

  /** Whether nothing stands in the editor. */
  isEmpty() {
    return this.#editors?.queryEditor.getValue().trim() === '';
  }

  /**
   * Puts an operation into the editor: into a new tab when the present one holds something of the person's own. False
   * while there is no editor yet.
   */
  load(text, variables) {
    if (this.#editors === undefined) return false;
    if (!this.#known.has(this.#editors.queryEditor.getValue().trim())) {
      globalThis.ReactDOM.flushSync(() => this.#editors.addTab());
    }
    this.#editors.queryEditor.setValue(text);
    this.#editors.variableEditor.setValue(JSON.stringify(variables, undefined, 2));
    return true;
  }
}

function settings(audience, ask, additionalComponent) {
  return {
    fetcher: ask,
    defaultQuery: '\n', // an empty text would stand for GraphiQL's own words of welcome
    defaultEditorToolsVisibility: 'variables',
    forcedTheme: 'system',
    isHeadersEditorEnabled: false,
    shouldPersistHeaders: false,
    storage: storageOf(audience),
    toolbar: { additionalComponent },
  };
}

/** A component without looks that gives away GraphiQL's editors once they are there. */
function editorsProbe(onEditors) {
  return () => {
    const { React, GraphiQL } = globalThis;
    const editors = GraphiQL.React.useEditorContext({ nonNull: true });
    React.useEffect(() => {
      if (editors.queryEditor && editors.variableEditor) onEditors(editors);
    });
    return null;
  };
}

/** GraphiQL's tabs and history of an audience, until this browser tab closes. */
function storageOf(audience) {
  const prefix = `fulfillment.explorer.graphiql.${audience}.`;
  const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
  return {
    get length() {
      return keys().length;
    },
    getItem: (key) => sessionStorage.getItem(prefix + key),
    setItem: (key, value) => sessionStorage.setItem(prefix + key, value),
    removeItem: (key) => sessionStorage.removeItem(prefix + key),
    clear: () => keys().forEach((key) => sessionStorage.removeItem(key)),
  };
}

let scripts;

/** One after the other, each once. */
function loadScripts(addresses) {
  scripts ??= addresses.reduce(
    (before, address) => before.then(() => loadScript(address)),
    Promise.resolve(),
  );
  return scripts;
}

function loadScript(src) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => reject(new Error(`${src} cannot be loaded`)));
    script.src = src;
    document.head.append(script);
  });
}
