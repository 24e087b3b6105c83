// @ts-check

(() => {
  document.documentElement.classList.add('js');
  for (const table of document.querySelectorAll('details.as-table')) table.removeAttribute('open');
  theme.start();

  /** @type {Set<number>} Rows that the legend has switched off. */
  const hidden = new Set();
  const data = /** @type {ChartData[]} */ (JSON.parse(document.getElementById('charts')?.textContent ?? '[]'));
  const states = data.flatMap((one) => {
    const figure = document.querySelector(`[data-chart="${one.id}"]`);
    if (!(figure instanceof HTMLElement)) return [];
    const view = one.series.find((series) => series.view !== undefined)?.view;
    return [/** @type {ChartState} */ ({ figure, data: one, hidden, view })];
  });

  const drawAll = () => {
    for (const state of states) charts.draw(state);
  };

  const switchRows = () => {
    for (const button of document.querySelectorAll('[data-switch]')) {
      if (!(button instanceof HTMLElement)) continue;
      button.setAttribute('aria-pressed', String(!hidden.has(Number(button.dataset.switch))));
    }
    for (const row of document.querySelectorAll('[data-row]')) {
      if (row instanceof HTMLElement) row.hidden = hidden.has(Number(row.dataset.row));
    }
    drawAll();
  };

  for (const button of document.querySelectorAll('[data-switch]')) {
    if (!(button instanceof HTMLElement)) continue;
    const row = Number(button.dataset.switch);
    if (button.getAttribute('aria-pressed') === 'false') hidden.add(row);
    button.addEventListener('click', () => {
      if (!hidden.delete(row)) hidden.add(row);
      switchRows();
    });
  }

  for (const state of states) {
    charts.addKeys(state);
    const buttons = [...state.figure.querySelectorAll('[data-view]')];
    for (const button of buttons) {
      button.addEventListener('click', () => {
        state.view = button.getAttribute('data-view') ?? undefined;
        for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
        charts.draw(state);
      });
    }
  }

  let width = document.body.clientWidth;
  addEventListener('resize', () => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    drawAll();
  });
  theme.onChange(drawAll);
  addEventListener('beforeprint', drawAll);
  addEventListener('afterprint', drawAll);
  switchRows();
})();
