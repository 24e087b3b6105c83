import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const EXIT_TRIES = 20;
const EXIT_PAUSE_MS = 50;
/** With the process that it belongs to, so that what is left of one that was killed is known for that. */
const NAME = /^rtbench-browser-(\d+)-/;

export interface BrowserFolder {
  readonly folder: string;
  /** Once the browser has let go of it. */
  readonly remove: () => Promise<void>;
}

/**
 * A folder for one browser's files. It is removed when this process ends, at the latest; should it be killed, the next
 * browser's start does it.
 */
export async function makeBrowserFolder(): Promise<BrowserFolder> {
  await removeForsaken();
  const folder = await mkdtemp(join(tmpdir(), `rtbench-browser-${process.pid}-`));
  return { folder, remove: removesAtExit(folder) };
}

/** Folders whose process is gone. */
async function removeForsaken(): Promise<void> {
  const names = await readdir(tmpdir());
  const forsaken = names.filter((name) => {
    const owner = NAME.exec(name)?.[1];
    return owner !== undefined && !isAlive(Number(owner));
  });
  // A folder of another user stays.
  await Promise.allSettled(forsaken.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One that may not be asked is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A function that removes the folder; should the process end first, it goes then, once the browser has let go of it. */
function removesAtExit(folder: string): () => Promise<void> {
  const removeNow = () => {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let attempt = 0; attempt < EXIT_TRIES && existsSync(folder); attempt++) {
      try {
        rmSync(folder, { recursive: true, force: true });
      } catch {
        // A process that is just ending still writes there.
      }
      Atomics.wait(pause, 0, 0, EXIT_PAUSE_MS);
    }
  };
  process.on('exit', removeNow);
  return async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: EXIT_TRIES, retryDelay: EXIT_PAUSE_MS });
    process.off('exit', removeNow);
  };
}
