// @ts-check
/**
 * What the load generator costs: CPU µs of a crowd process for each delivered message, beside a bare loop with the same
 * library and an empty handler (`controls/`), and for each poll beside autocannon and wrk (`tools/`). Writes
 * reports/bench/generator.md.
 *
 *     npm run build && npm run bench -- --help
 *
 * It measures the build in dist/. The machine should have nothing else to do.
 */
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { EXIT, messageOf, UsageError } from '../dist/errors.js';
import { readEnvironment } from '../dist/report/environment.js';
import { pinningPlan } from '../dist/suite/pinning.js';
import { chooseContests } from './contests.js';
import { save } from './file.js';
import { renderMarkdown } from './markdown.js';
import { HELP, parseOptions } from './options.js';
import { runPairs } from './pairs.js';
import { toolVersions } from './tools.js';

// Every child ends when its link to this process does.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(EXIT.interrupted));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = EXIT.usage;
}

/** @param {readonly string[]} args */
async function main(args) {
  const options = parseOptions(args);
  if (options.help) {
    console.log(HELP);
    return EXIT.ok;
  }
  const contests = await chooseContests(options);
  const pinned = spawnSync('taskset', ['--version']).status === 0;
  const machine = {
    date: new Date(),
    loadBefore: loadavg()[0] ?? 0,
    environment: readEnvironment({ pinning: pinned ? { ...pinningPlan() } : null, deflateRatio: null }),
    tools: toolVersions(),
  };
  const results = [];
  for (const contest of contests) results.push(await resultOf(contest, { ...options, pinned }));
  const document = renderMarkdown({ command: commandOf(args), options, machine, results });
  if (options.profile === undefined) await save(options.out, document);
  console.log(`\n${document}\n${options.profile === undefined ? options.out : `profiles: ${options.profile}`}`);
  return results.some(({ state }) => state === 'failed') ? EXIT.runFailed : EXIT.ok;
}

/**
 * A contest that fails is a row with its reason; the others go on.
 *
 * @param {import('./contests.js').Contest} contest
 * @param {import('./pairs.js').PairOptions} options
 * @returns {Promise<import('./markdown.js').ContestResult>}
 */
async function resultOf(contest, options) {
  try {
    return { state: 'completed', contest, pairs: await runPairs(contest, options) };
  } catch (error) {
    console.error(`${contest.title}: ${messageOf(error)}`);
    return { state: 'failed', contest, reason: messageOf(error) };
  }
}

/** @param {readonly string[]} args */
function commandOf(args) {
  return ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
}
