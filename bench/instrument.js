// @ts-check
/**
 * Checks of the instrument on this machine, each by runs of the built command, recorded in reports/bench/<check>.md.
 *
 *     npm run bench:instrument -- lag      how punctual the publisher is with nothing else to do
 *     npm run bench:instrument -- probe    whether a slower crowd moves the headline latency
 *     npm run bench:instrument -- repeat   whether ten default runs say the same
 *     npm run bench:instrument -- scale    5,000 clients of each technique
 *     npm run bench:instrument -- pilot    what the figures that verdicts are made of are on runs that nothing disturbs
 *     npm run bench:instrument -- aa       the same transport twice is not called different, and 10 % more CPU is
 *     npm run bench:instrument -- dashboard  what the live view costs: the same run with it and without, in turns
 *     npm run bench:instrument -- target   whether the bundled server measured as somebody else's gives the same figures
 *
 * The machine should have nothing else to do. `repeat --from FOLDER` reads results that are there: FOLDER/<n>/result.json.
 * `aa` keeps each repeat in reports/bench/aa/ and goes on where it was stopped; `aa --repeats N` does N of each kind.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from 'simple-statistics';
import { conclusions } from '../dist/report/conclusions.js';
import { parseReport } from '../dist/report/report.js';
import { aa } from './aa.js';
import { dashboard } from './dashboard.js';
import { save } from './file.js';
import { target } from './target.js';

/** @typedef {import('../dist/report/schema.js').Report} Report */

const REPEATS = 10;
const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/** @type {Record<string, () => string | Promise<string>>} */
const CHECKS = {
  lag,
  probe,
  repeat,
  scale,
  pilot,
  aa: () => aa(rest),
  dashboard: () => dashboard(rest),
  target: () => target(rest),
};
const [name = '', ...rest] = process.argv.slice(2);
const check = CHECKS[name];
if (!check) {
  console.error(`give one of ${Object.keys(CHECKS).join(', ')}`);
  process.exit(2);
}
const text = await check();
await save(path(`../reports/bench/${name}.md`), text);
console.log(text);

function lag() {
  const idle = ['-t', 'sse', '--no-floor', '--clients', '1', '--probes', '1'];
  const args = [...idle, '--rate', '50/s', '--duration', '6s', '--rounds', '10'];
  const text = readFileSync(path('../scenarios/default.yaml'), 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'rtbench-lag-'));
  const periodic = join(folder, 'periodic.yaml');
  writeFileSync(periodic, text.replace('arrivals: poisson', 'arrivals: periodic'));
  const apart = measure([periodic, ...args]);
  rmSync(folder, { recursive: true });
  const poisson = measure(args);
  return page(apart, args, '# How punctual the publisher is', [
    'One client, 50 messages/s, nothing else running: due → sent, µs.',
    '',
    '## Evenly spaced',
    '',
    'The scenario above with `arrivals: periodic`. Nothing else is to be done when a message falls due; what is left is',
    'the machine.',
    '',
    ...lagTable(apart),
    '',
    '## Poisson arrivals',
    '',
    'One message in some hundred falls due while another is being sent or received, and waits for that.',
    '',
    ...lagTable(poisson),
  ]);
}

/** @param {Report} report */
function lagTable(report) {
  const lags = completedRounds(report, 'sse').map(({ generator }) => generator.scheduleLagUs);
  const p99s = lags.map(({ p99 }) => p99 ?? 0);
  return [
    table(
      ['round', 'p50', 'p99', 'max'],
      lags.map(({ p50, p99, max }, index) => [index + 1, p50, p99, max]),
    ),
    '',
    `p99: median ${median(p99s)} µs, from ${Math.min(...p99s)} to ${Math.max(...p99s)} µs.`,
  ];
}

function probe() {
  const args = ['-t', 'sse', '-t', path('./slow-crowd-sse.js'), '--no-floor', '--rounds', '5'];
  const report = measure(args);
  const ms = (/** @type {number | null} */ us) => (us === null ? '–' : (us / 1_000).toFixed(2));
  const rows = report.transports.map((row) => {
    const rounds = row.rounds.filter((round) => round.state === 'completed');
    const p50s = rounds.map((round) => round.latencyUs.p50 ?? 0);
    return {
      label: row.label,
      p50: median(p50s),
      cells: [
        row.label,
        ms(median(p50s)),
        `${ms(Math.min(...p50s))}–${ms(Math.max(...p50s))}`,
        ms(median(rounds.map((round) => round.crowdLatencyUs.p50 ?? 0))),
        ms(median(rounds.map((round) => round.lastRecipientUs.p50 ?? 0))),
      ],
      range: [Math.min(...p50s), Math.max(...p50s)],
    };
  });
  const [plain, slow] = rows;
  const inside = plain && slow && slow.p50 >= (plain.range[0] ?? 0) && slow.p50 <= (plain.range[1] ?? 0);
  return page(
    report,
    args.map((arg) => arg.replace(/.*\//, 'bench/')),
    '# Whether the crowd moves the headline',
    [
      'The same scenario with SSE as it is and with a crowd whose client burns 15 µs more for each message, about as much',
      "again as it costs. The headline comes from the probe, so it should stay; the crowd's own latency should not.",
      '',
      table(
        ['row', 'headline p50, ms', 'range of rounds', 'crowd p50, ms', 'last recipient p50, ms'],
        rows.map(({ cells }) => cells),
      ),
      '',
      `The slow crowd's headline p50 is ${inside ? 'inside' : 'outside'} the range of the plain one's rounds.`,
    ],
  );
}

function repeat() {
  const at = rest.indexOf('--from');
  const folder = at >= 0 ? rest[at + 1] : undefined;
  const reports = folder
    ? readdirSync(folder)
        .filter((entry) => entry.startsWith('run-'))
        .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)))
        .map((entry) => read(join(folder, entry, 'result.json')))
    : Array.from({ length: REPEATS }, () => measure([]));
  const [first] = reports;
  if (!first) throw new Error('no reports');
  // Figures differ from run to run; what is concluded from them should not.
  const sentences = reports.map((report) =>
    conclusions(report).map((sentence) => sentence.replace(/\d[\d.,–]*/g, '#')),
  );
  const counts = count(sentences.flat());
  const wholes = count(sentences.map((list) => list.join('\n')));
  const same = Math.max(...wholes.values());
  return page(first, [], `# ${reports.length} default runs`, [
    `The conclusions of the first screen, figures left out: ${same} of ${reports.length} runs drew exactly the same ones.`,
    '',
    table(
      ['conclusion', `of ${reports.length}`],
      [...counts].sort((a, b) => b[1] - a[1]),
    ),
    '',
    table(
      ['run', 'seconds', 'verdict', 'suspect or invalid rows', 'lost, repeated, out of order'],
      reports.map((report, index) => [
        index + 1,
        (report.durationMs / 1_000).toFixed(1),
        report.verdict,
        report.transports
          .filter((row) => row.verdict !== 'valid')
          .map((row) => `${row.label} (${row.verdict})`)
          .join(', ') || 'none',
        faults(report),
      ]),
    ),
  ]);
}

function scale() {
  const args = [
    '--clients',
    '5000',
    '--rate',
    '1/s',
    '--duration',
    '10s',
    '--warmup',
    '2s',
    '--rounds',
    '1',
    '--tolerates',
    '1s',
  ];
  for (const spec of ['short-polling:intervalMs=5s', 'long-polling', 'sse', 'websocket', 'grpc']) args.push('-t', spec);
  const report = measure(args);
  const ms = (/** @type {number | null} */ us) => (us === null ? '–' : (us / 1_000).toFixed(1));
  return page(report, args, '# 5,000 clients of each technique', [
    table(
      [
        'row',
        'verdict',
        'delivered of expected',
        'server memory, MB',
        'connect p50, ms',
        'connect p99, ms',
        'connect max, ms',
      ],
      report.transports.map((row) =>
        row.state === 'completed'
          ? [
              row.label,
              row.verdict,
              `${row.delivery.delivered} of ${row.delivery.expected}`,
              ((row.server.rssBytes ?? 0) / 1e6).toFixed(0),
              ms(row.connectUs.p50),
              ms(row.connectUs.p99),
              ms(row.connectUs.max),
            ]
          : [row.label, row.state, row.reasons.join('; ')],
      ),
    ),
  ]);
}

/** What each verdict looks at, by row: whoever moves a threshold sees here what it would have called. */
function pilot() {
  const args = ['--rounds', '6'];
  const report = measure(args);
  const percent = (/** @type {number} */ share) => (100 * share).toFixed(1);
  /** @type {readonly [string, (run: import('../dist/report/schema.js').CompletedRun) => number | null][]} */
  const figures = [
    ['server waits for a core, %', ({ server }) => server.runDelayShare],
    ['load waits for a core, %', ({ generator }) => generator.runDelayShare],
    ['busiest crowd, %', ({ generator }) => generator.eventLoopUtilization],
    ['busy in flight, %', ({ generator }) => generator.busyInFlightShare],
    ['stolen, %', ({ machine }) => machine.stealShare],
  ];
  const rounds = report.transports.flatMap((row) => row.rounds.filter((round) => round.state === 'completed'));
  const verdicts = count(rounds.map(({ verdict }) => verdict));
  const unsteady = rounds.filter(({ steadyState }) => steadyState?.reached === false).length;
  return page(report, args, '# What verdicts are made of, on runs that nothing disturbs', [
    'The default scenario with nothing else running: median, and the highest of the rounds.',
    '',
    table(
      ['row', ...figures.map(([title]) => title)],
      report.transports.map((row) => [
        row.label,
        ...figures.map(([, of]) => {
          const values = row.rounds.flatMap((round) => (round.state === 'completed' ? (of(round) ?? []) : []));
          return values.length === 0 ? '–' : `${percent(median(values))} (${percent(Math.max(...values))})`;
        }),
      ]),
    ),
    '',
    `Of ${rounds.length} rounds ${[...verdicts].map(([verdict, times]) => `${times} were ${verdict}`).join(', ')}; ${unsteady} were called not steady.`,
  ]);
}

/** @param {readonly string[]} args @returns {Report} */
function measure(args) {
  const scratch = mkdtempSync(join(tmpdir(), 'rtbench-instrument-'));
  try {
    const out = join(scratch, 'out');
    const { stderr } = spawnSync(process.execPath, [path('../dist/cli.js'), 'run', ...args, '--no-ui', '--out', out], {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    console.error(stderr.trim());
    return read(join(out, 'result.json'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {string} file */
function read(file) {
  return parseReport(readFileSync(file, 'utf8'), file);
}

/** @param {Report} report @param {string} transport */
function completedRounds(report, transport) {
  const row = report.transports.find((candidate) => candidate.transport === transport);
  return (row?.rounds ?? []).filter((round) => round.state === 'completed');
}

/** @param {Report} report */
function faults(report) {
  const rows = report.transports.filter((row) => row.state === 'completed');
  const sum = (/** @type {'lost' | 'duplicated' | 'reordered'} */ key) =>
    rows.reduce((total, row) => total + (row.delivery[key] ?? 0), 0);
  const failed = report.transports.length - rows.length;
  return `${sum('lost')}, ${sum('duplicated')}, ${sum('reordered')}${failed > 0 ? ` (${failed} rows failed)` : ''}`;
}

/** @param {readonly string[]} items */
function count(items) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** @param {Report} report @param {readonly string[]} args @param {string} title @param {readonly string[]} lines */
function page(report, args, title, lines) {
  const { cpu, cores, node, kernel } = report.environment;
  return [
    title,
    '',
    `Made by \`npm run bench:instrument -- ${name}\` (\`${['rtbench run', ...args].join(' ')}\`), ${report.startedAt.slice(0, 10)}, on ${cpu}, ${cores} cores, Node ${node}, Linux ${kernel}.`,
    '',
    ...lines,
    '',
  ].join('\n');
}

/** @param {readonly string[]} head @param {readonly (readonly unknown[])[]} rows */
function table(head, rows) {
  const line = (/** @type {readonly unknown[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
