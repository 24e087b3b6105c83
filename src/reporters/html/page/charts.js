// @ts-check

/** @typedef {import('../chart-shape.js').ChartData} ChartData */
/** @typedef {import('../chart-shape.js').ChartSeries} ChartSeries */
/** @typedef {{ figure: HTMLElement, data: ChartData, hidden: ReadonlySet<number>, view: string | undefined }} ChartState */

/** Draws the charts of the page with uPlot. */
const charts = (() => {
  const DASHES = [[], [9, 4], [2, 3], [9, 3, 2, 3], [14, 4]];
  const TICK_WIDTH = 46;
  const FONT = '12px system-ui, sans-serif';
  const KEYS = new Map([
    ['ArrowLeft', -1],
    ['ArrowRight', 1],
    ['PageUp', -10],
    ['PageDown', 10],
    ['Home', -Infinity],
    ['End', Infinity],
  ]);

  /**
   * Draws a chart anew in its figure; the one that was there goes.
   * @param {ChartState} state
   */
  function draw(state) {
    const place = /** @type {HTMLElement & { uplot?: uPlot }} */ (state.figure.querySelector('.plot'));
    place.uplot?.destroy();
    const { data } = state;
    const values = /** @type {uPlot.AlignedData} */ ([data.x.values, ...data.series.map((one) => one.values)]);
    place.uplot = new uPlot(optionsOf(state, place), values, place);
    place.dataset.drawn = String(data.series.length);
  }

  /**
   * @param {ChartState} state
   * @param {HTMLElement} place
   * @returns {uPlot.Options}
   */
  function optionsOf(state, place) {
    const { data } = state;
    const width = place.clientWidth;
    return {
      width,
      height: width < 500 ? 280 : 360,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 7 } },
      focus: { alpha: 1 },
      scales: {
        x: { time: false, distr: data.x.log === true ? 3 : 1, range: [data.x.min, data.x.max] },
        y: { distr: data.y.log ? 3 : 1, range: (_plot, low, high) => rangeOf(data, low, high) },
      },
      axes: [xAxis(data), yAxis(data)],
      series: [{}, ...data.series.map((one) => seriesOf(one, state))],
      hooks: {
        draw: [(plot) => drawAcross(plot, data), (plot) => drawMarks(plot, state)],
        ready: [(plot) => addTooltip(plot, data)],
      },
    };
  }

  /**
   * @param {ChartSeries} series
   * @param {ChartState} state
   * @returns {uPlot.Series}
   */
  function seriesOf(series, state) {
    const { color, dash } = series.tone;
    const stroke = theme.color(color === null ? '--row-control' : `--row-${color}`);
    return {
      label: series.label,
      stroke,
      width: 2,
      spanGaps: series.joined === true,
      dash: DASHES[dash % DASHES.length] ?? [],
      points: { show: series.look === 'points', size: 8, fill: stroke },
      show: isShown(series, state),
    };
  }

  /**
   * @param {ChartSeries} series
   * @param {ChartState} state
   */
  function isShown({ row, view }, { hidden, view: chosen }) {
    return !hidden.has(row) && (view === undefined || view === chosen);
  }

  /**
   * @param {ChartData} data
   * @returns {uPlot.Axis}
   */
  function xAxis({ x }) {
    return {
      ...lines(),
      size: 30,
      label: x.title,
      labelFont: FONT,
      labelSize: 22,
      splits: (plot) => spaced(plot, x.ticks),
      values: (_plot, splits) => splits.map((split) => x.ticks.find(({ at }) => at === split)?.text ?? ''),
      filter: (_plot, splits) => splits,
    };
  }

  /**
   * @param {ChartData} data
   * @returns {uPlot.Axis}
   */
  function yAxis({ y }) {
    return {
      ...lines(),
      size: 56,
      label: y.title,
      labelFont: FONT,
      labelSize: 20,
      ...(y.log ? { splits: (_plot, _axis, low, high) => decades(low, high), filter: (_plot, splits) => splits } : {}),
      values: (_plot, splits) => splits.map((value) => plain(value)),
    };
  }

  function lines() {
    const grid = { stroke: theme.color('--grid'), width: 1 };
    return { stroke: theme.color('--muted'), font: FONT, grid, ticks: { ...grid, size: 4 } };
  }

  /**
   * The places of ticks whose texts do not touch, from the last one on.
   * @param {uPlot} plot
   * @param {ChartData['x']['ticks']} ticks
   */
  function spaced(plot, ticks) {
    let next = Infinity;
    const kept = [];
    for (const { at } of ticks.toReversed()) {
      const left = plot.valToPos(at, 'x');
      if (left > next) continue;
      kept.push(at);
      next = left - TICK_WIDTH;
    }
    return kept.reverse();
  }

  /**
   * @param {ChartData} data
   * @param {number | null} low
   * @param {number | null} high
   * @returns {[number, number]}
   */
  function rangeOf({ y, across }, low, high) {
    const [from, to] = [low ?? (y.log ? 1 : 0), high ?? 10];
    // Near enough to be worth the room: a line far above all values would flatten them.
    const limit = across !== null && across.at <= (y.log ? 30 : 3) * to ? across.at : to;
    if (!y.log) return [0, Math.max(to, limit) * 1.08 || 1];
    return [Math.min(from, limit) / 1.25, Math.max(to, limit) * 1.25];
  }

  /**
   * 1, 2 and 5 of each power of ten in the range; fewer where that is too many, more where it is too few.
   * @param {number} low
   * @param {number} high
   */
  function decades(low, high) {
    const powers = Math.log10(high / low);
    const steps = powers > 4.5 ? [1] : powers > 2.8 ? [1, 3] : powers > 0.7 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      for (const step of steps) {
        const value = Number((step * 10 ** power).toPrecision(2));
        if (value >= low && value <= high) found.push(value);
      }
    }
    return found;
  }

  /** @param {number} value */
  function plain(value) {
    return value.toLocaleString('en-US', { maximumSignificantDigits: 6 });
  }

  /**
   * @param {uPlot} plot
   * @param {ChartData} data
   */
  function drawAcross(plot, { across }) {
    if (across === null) return;
    const { ctx, bbox } = plot;
    const y = plot.valToPos(across.at, 'y', true);
    if (y < bbox.top || y > bbox.top + bbox.height) return;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = theme.color('--limit');
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'bottom';
    ctx.fillText(across.text, bbox.left + 6 * devicePixelRatio, y - 3 * devicePixelRatio);
    ctx.restore();
  }

  /**
   * Lines down, their texts one below the other so that they do not touch.
   * @param {uPlot} plot
   * @param {ChartState} state
   */
  function drawMarks(plot, { data, hidden }) {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const shown = (data.marks ?? []).filter(({ rows }) => !rows.some((row) => hidden.has(row)));
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = theme.color('--muted');
    ctx.lineWidth = ratio;
    ctx.font = `${12 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'top';
    for (const [index, { at, text }] of shown.entries()) {
      const x = plot.valToPos(at, 'x', true);
      ctx.setLineDash([3 * ratio, 3 * ratio]);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const rightmost = bbox.left + bbox.width - ctx.measureText(text).width;
      const left = Math.max(bbox.left, Math.min(x + 5 * ratio, rightmost));
      ctx.fillText(text, left, bbox.top + (3 + 15 * index) * ratio, bbox.width);
    }
    ctx.restore();
  }

  /**
   * @param {uPlot} plot
   * @param {ChartData} data
   */
  function addTooltip(plot, data) {
    const box = document.createElement('div');
    box.className = 'tooltip';
    box.hidden = true;
    plot.over.append(box);
    const show = () => {
      const { idx } = plot.cursor;
      const values = typeof idx === 'number' ? tooltip.valuesAt(plot, data.series, idx) : [];
      box.hidden = values.length === 0;
      if (box.hidden || typeof idx !== 'number') return;
      tooltip.fill(box, data.x.names[idx] ?? '', values, data.y.unit);
      tooltip.place(plot, box);
    };
    plot.hooks.setCursor = [show];
  }

  /**
   * Lets arrow keys read the values of a chart, one place of its x axis after the other.
   * @param {ChartState} state
   */
  function addKeys({ figure, data }) {
    const place = /** @type {HTMLElement & { uplot?: uPlot }} */ (figure.querySelector('.plot'));
    const readout = /** @type {HTMLElement} */ (figure.querySelector('.readout'));
    let index = -1;
    place.addEventListener('keydown', (event) => {
      const step = KEYS.get(event.key);
      const plot = place.uplot;
      if (step === undefined || plot === undefined) return;
      event.preventDefault();
      const last = data.x.values.findLastIndex((value) => value <= data.x.max);
      index = Math.max(0, Math.min(last, index + step));
      const values = tooltip.valuesAt(plot, data.series, index);
      plot.setCursor({ left: plot.valToPos(data.x.values[index] ?? 0, 'x'), top: plot.over.clientHeight / 3 });
      const spoken = values.map(({ label, value }) => `${label} ${tooltip.figure(value)} ${data.y.unit}`);
      readout.textContent = `${data.x.names[index] ?? ''}: ${spoken.join(', ') || 'not measured'}`;
    });
    place.addEventListener('blur', () => {
      readout.textContent = '';
      place.uplot?.setCursor({ left: -10, top: -10 });
    });
  }

  return { draw, addKeys };
})();
