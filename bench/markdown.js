// @ts-check
import { formatBytes, formatCount, significant } from '../dist/units.js';
import { summarize } from './pairs.js';

/**
 * @typedef {{ state: 'completed', contest: import('./contests.js').Contest, pairs: readonly import('./pairs.js').Pair[] }
 *   | { state: 'failed', contest: import('./contests.js').Contest, reason: string }} ContestResult
 */

/**
 * @typedef {object} Machine
 * @property {Date} date
 * @property {number} loadBefore load average of the minute before
 * @property {import('../dist/report/schema.js').Environment} environment
 * @property {Record<string, string>} tools versions
 */

/**
 * @param {object} bench
 * @param {string} bench.command
 * @param {import('./options.js').Options} bench.options
 * @param {Machine} bench.machine
 * @param {readonly ContestResult[]} bench.results
 */
export function renderMarkdown({ command, options, machine, results }) {
  const { pairs, clients, seconds } = options;
  const completed = results.filter((result) => result.state === 'completed');
  const failed = results.filter((result) => result.state === 'failed');
  const deliveries = completed.filter(({ contest }) => contest.unit === 'delivery');
  const polls = completed.filter(({ contest }) => contest.unit === 'poll');
  const sections = [
    '# What the load generator costs',
    `Made by \`${command}\`: ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} a row, ${clients} clients, ${seconds} s measured after a warm-up. ` +
      'CPU is user and system time of the one process that has all the clients, between two marks; the server and the ' +
      'publisher are processes of their own. The sides of a pair run one after the other on fresh servers with the ' +
      'same messages at the same times, and take turns at being first. µs are medians over the pairs, ratios are ' +
      'taken within each pair.',
    machineTable(machine),
  ];
  if (deliveries.length > 0)
    sections.push('## For each delivered message', ABOUT_DELIVERIES, deliveryTable(deliveries));
  if (polls.length > 0) sections.push('## For each poll', ABOUT_POLLS, pollTable(polls));
  if (failed.length > 0) {
    sections.push('## Not measured', failed.map(({ contest, reason }) => `- ${contest.title}: ${reason}`).join('\n'));
  }
  return `${sections.join('\n\n')}\n`;
}

const ABOUT_DELIVERIES =
  'The control is a bare loop with the same library and an empty handler: no ledger, no histogram, no clock.';

const ABOUT_POLLS =
  'Polls that find nothing new. autocannon keeps the same rate, but sends each second’s requests in one burst at its ' +
  'start. wrk has no rate: it goes as fast as it can, which makes a request cheaper, so there is no ratio.';

/** @param {Machine} machine */
function machineTable({ date, loadBefore, environment, tools }) {
  const { cpu, cores, memoryBytes, node, os, kernel, pinning, libraries } = environment;
  const versions = Object.entries({ ...libraries, ...tools }).map(([name, version]) => `${name} ${version}`);
  return table(
    ['Machine', ''],
    [
      ['CPU', `${cpu}, ${cores} cores, ${formatBytes(memoryBytes)}`],
      ['System', `${os} ${kernel}, Node ${node}`],
      [
        'Cores',
        pinning === null ? 'not pinned' : `server and publisher on ${pinning.server}, clients on ${pinning.load}`,
      ],
      ['Libraries', versions.join(', ')],
      ['Date', `${date.toISOString().slice(0, 10)}, load average before ${loadBefore.toFixed(2)}`],
    ],
  );
}

/** @param {readonly Extract<ContestResult, { state: 'completed' }>[]} results */
function deliveryTable(results) {
  return table(
    ['Technique', 'Messages/s', 'Generator, µs', 'Control, µs', 'Ratio', 'Range', 'Each pair', 'Bar'],
    results.map(({ contest, pairs }) => {
      const { generatorUs, rivalUs, generatorPerSecond, ratio } = summarize(pairs);
      return [
        contest.title,
        formatCount(generatorPerSecond),
        significant(generatorUs),
        significant(rivalUs),
        ratio.median.toFixed(2),
        `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
        eachRatio(pairs),
        barOf(contest.maxRatio, ratio.median),
      ];
    }),
  );
}

/** @param {readonly Extract<ContestResult, { state: 'completed' }>[]} results */
function pollTable(results) {
  return table(
    [
      'Polls',
      'Beside',
      'Generator, polls/s',
      'Tool, polls/s',
      'Generator, µs',
      'Tool, µs',
      'Ratio',
      'Range',
      'Each pair',
    ],
    results.map(({ contest, pairs }) => {
      const { generatorUs, rivalUs, generatorPerSecond, rivalPerSecond, ratio } = summarize(pairs);
      return [
        contest.title,
        contest.sameRate ? contest.rival.title : `${contest.rival.title}, full speed`,
        formatCount(generatorPerSecond),
        formatCount(rivalPerSecond),
        significant(generatorUs),
        significant(rivalUs),
        ...(contest.sameRate
          ? [ratio.median.toFixed(2), `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`, eachRatio(pairs)]
          : ['–', '–', '–']),
      ];
    }),
  );
}

/** @param {readonly import('./pairs.js').Pair[]} pairs */
function eachRatio(pairs) {
  return pairs.map(({ ratio }) => ratio.toFixed(2)).join(' ');
}

/**
 * @param {number | null} maxRatio
 * @param {number} ratio
 */
function barOf(maxRatio, ratio) {
  if (maxRatio === null) return '–';
  return `≤ ${maxRatio}: ${ratio <= maxRatio ? 'met' : 'missed'}`;
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
