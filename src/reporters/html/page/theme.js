// @ts-check

/** The theme that the button of the page chooses: the system's, light or dark. */
const theme = (() => {
  const NAMES = ['system', 'light', 'dark'];
  const KEY = 'rtbench-theme';
  /** @type {(() => void)[]} */
  const listeners = [];

  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      // A page opened from a file may have no storage.
      return null;
    }
  }

  /** @param {string} name */
  function choose(name) {
    if (name === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    for (const button of document.querySelectorAll('[data-theme-button]')) button.textContent = `Theme: ${name}`;
    for (const listener of listeners) listener();
  }

  function next() {
    const now = document.documentElement.dataset.theme ?? 'system';
    const name = NAMES[(NAMES.indexOf(now) + 1) % NAMES.length] ?? 'system';
    try {
      localStorage.setItem(KEY, name);
    } catch {
      // As above: it then holds until the page is left.
    }
    choose(name);
  }

  return {
    /** @param {() => void} listener Called whenever colours have changed. */
    onChange(listener) {
      listeners.push(listener);
    },
    start() {
      const known = NAMES.find((name) => name === stored());
      for (const button of document.querySelectorAll('[data-theme-button]')) button.addEventListener('click', next);
      matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
        for (const listener of listeners) listener();
      });
      choose(known ?? 'system');
    },
    /**
     * The value of a colour of the style sheet in the theme that holds.
     * @param {string} variable
     */
    color(variable) {
      const probe = document.createElement('i');
      probe.style.color = `var(${variable})`;
      document.body.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    },
  };
})();
