import { describe, expect, it, vi } from 'vitest';
import { PhaseBoard } from './phase-board.js';

const NEVER = new AbortController().signal;
const LONG_MS = 60_000;

/** An abort ends the timers of the waits that a test leaves behind. */
function watched(board: PhaseBoard, ...args: Parameters<PhaseBoard['all']>) {
  const seen: unknown[] = [];
  const waiting = board.all(...args).then((complete) => seen.push(complete));
  return { seen, waiting };
}

/** Lets everything that is already decided be noticed. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('the board', () => {
  it('is complete when the last worker has given the notice', async () => {
    const over = new AbortController();
    const board = new PhaseBoard(2);
    const { seen, waiting } = watched(board, 'published', 'window', LONG_MS, over.signal);
    board.note(0, { type: 'published', phase: 'window' });
    await turn();
    expect(seen).toEqual([]);
    board.note(1, { type: 'published', phase: 'window' });
    await waiting;
    expect(seen).toEqual([true]);
    over.abort();
  });

  it('takes notices that came before anyone asked', async () => {
    const over = new AbortController();
    const board = new PhaseBoard(2);
    board.note(1, { type: 'received', phase: 'warmup' });
    board.note(0, { type: 'received', phase: 'warmup' });
    expect(await board.all('received', 'warmup', LONG_MS, over.signal)).toBe(true);
    expect(await board.all('received', 'warmup', LONG_MS, over.signal)).toBe(true);
    over.abort();
  });

  it('keeps notices, phases and workers apart, and counts a worker once', async () => {
    const over = new AbortController();
    const board = new PhaseBoard(2);
    const { seen, waiting } = watched(board, 'received', 'window', LONG_MS, over.signal);
    board.note(0, { type: 'received', phase: 'window' });
    board.note(0, { type: 'received', phase: 'window' });
    board.note(1, { type: 'received', phase: 'warmup' });
    board.note(1, { type: 'published', phase: 'window' });
    board.note(1, { type: 'connected', count: 3 });
    await turn();
    expect(seen).toEqual([]);
    board.note(1, { type: 'received', phase: 'window' });
    await waiting;
    expect(seen).toEqual([true]);
    over.abort();
  });

  it('of one question after the other answers both', async () => {
    const over = new AbortController();
    const board = new PhaseBoard(1);
    const published = board.all('published', 'window', LONG_MS, over.signal);
    board.note(0, { type: 'published', phase: 'window' });
    expect(await published).toBe(true);
    const received = board.all('received', 'window', LONG_MS, over.signal);
    board.note(0, { type: 'received', phase: 'window' });
    expect(await received).toBe(true);
    over.abort();
  });

  it('says so when the time is over', async () => {
    const board = new PhaseBoard(2);
    board.note(0, { type: 'published', phase: 'window' });
    expect(await board.all('published', 'window', 1, NEVER)).toBe(false);
  });

  it('rejects when it is aborted', async () => {
    const over = new AbortController();
    const waiting = new PhaseBoard(1).all('published', 'window', LONG_MS, over.signal);
    over.abort(new Error('the run is over'));
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError', cause: { message: 'the run is over' } });
  });

  it('leaves no timer behind once it is aborted', async () => {
    const over = new AbortController();
    const board = new PhaseBoard(1);
    board.note(0, { type: 'published', phase: 'window' });
    await board.all('published', 'window', LONG_MS, over.signal);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    over.abort();
    await vi.waitFor(() => expect(timers()).toBeLessThan(before));
  });
});
