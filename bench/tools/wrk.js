// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { standIn } from '../stand-in.js';
import { pollUrl } from './poll-url.js';

/** Longer than any trial, in case that this process is killed and cannot end it. */
const SPARE_S = 60;

let pid = 0;

/** Entry of a process that has wrk poll: one thread, a connection for each client, as fast as it can. */
standIn(
  async (prepare) => {
    const { clients, workload } = prepare;
    const seconds = Math.ceil((workload.warmupMs + workload.durationMs) / 1_000) + SPARE_S;
    const args = ['--threads', '1', '--connections', String(clients.length), '--duration', `${seconds}s`];
    const wrk = spawn('wrk', [...args, await pollUrl(prepare)], { stdio: 'ignore' });
    process.on('exit', () => wrk.kill());
    await once(wrk, 'spawn');
    pid = wrk.pid ?? 0;
  },
  () => ({ cpuUs: cpuUsOf(pid) }),
);

/**
 * CPU time of all threads of a process.
 *
 * @param {number} pid
 */
function cpuUsOf(pid) {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((sum, task) => {
    const [runNs] = readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ');
    return sum + Number(runNs) / 1_000;
  }, 0);
}
