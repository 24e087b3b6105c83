// @ts-check

/** The values under the pointer, beside it. */
const tooltip = (() => {
  /** @param {number} value */
  function figure(value) {
    const size = Math.abs(value);
    if (size === 0) return '0';
    if (size < 0.0995) return value.toFixed(3);
    if (size < 9.995) return value.toFixed(2);
    if (size < 99.95) return value.toFixed(1);
    return Math.round(value).toLocaleString('en-US');
  }

  /**
   * The values of the visible series at a place of the x axis, highest first.
   * @param {uPlot} plot
   * @param {readonly import('../chart-shape.js').ChartSeries[]} series
   * @param {number} index
   */
  function valuesAt(plot, series, index) {
    return series
      .flatMap((one, at) => {
        const value = plot.data[at + 1]?.[index];
        return plot.series[at + 1]?.show === true && typeof value === 'number' ? [{ ...one, value }] : [];
      })
      .sort((a, b) => b.value - a.value);
  }

  /**
   * @param {HTMLElement} box
   * @param {string} heading
   * @param {ReturnType<typeof valuesAt>} values
   * @param {string} unit
   */
  function fill(box, heading, values, unit) {
    const title = document.createElement('b');
    title.textContent = heading;
    const lines = values.map(({ label, value, tone }) => {
      const line = document.createElement('span');
      const key = document.createElement('i');
      key.className = tone.dash === 0 ? 'key' : 'key striped';
      key.style.setProperty('--tone', tone.color === null ? 'var(--row-control)' : `var(--row-${tone.color})`);
      const number = document.createElement('em');
      number.textContent = `${figure(value)} ${unit}`;
      line.append(key, label, number);
      return line;
    });
    box.replaceChildren(title, ...lines);
  }

  /**
   * @param {uPlot} plot
   * @param {HTMLElement} box
   */
  function place(plot, box) {
    const { left = 0, top = 0 } = plot.cursor;
    const { clientWidth, clientHeight } = plot.over;
    const right = left > clientWidth / 2;
    box.style.left = `${right ? Math.max(0, left - box.offsetWidth - 14) : Math.min(left + 14, Math.max(0, clientWidth - box.offsetWidth))}px`;
    box.style.top = `${Math.max(0, Math.min(top - 20, clientHeight - box.offsetHeight))}px`;
  }

  return { figure, valuesAt, fill, place };
})();
