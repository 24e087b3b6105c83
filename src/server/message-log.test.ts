import { closeSync, fstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { MessageHub } from './hub.js';
import { MessageLog } from './message-log.js';

function openFile(): number {
  const path = join(tmpdir(), `rtbench-test-${process.pid}-${process.hrtime.bigint()}`);
  const descriptor = openSync(path, 'wx+');
  onTestFinished(() => {
    closeSync(descriptor);
    rmSync(path);
  });
  return descriptor;
}

function contentOf(descriptor: number): string[] {
  const found: string[] = [];
  new MessageLog(descriptor).read((channel, body) => found.push(`${channel}:${body}`));
  return found;
}

it('is read by another process as it was appended', () => {
  const descriptor = openFile();
  const log = new MessageLog(descriptor);
  log.append('a', Buffer.from('first'));
  log.append('b', Buffer.alloc(0));
  log.append('a', Buffer.from('third'));
  expect(contentOf(descriptor)).toEqual(['a:first', 'b:', 'a:third']);
  expect(log.count).toBe(3);
});

it('loses what was half-written when a process was killed, and goes on after what was whole', () => {
  const descriptor = openFile();
  new MessageLog(descriptor).append('a', Buffer.from('whole'));
  writeSync(descriptor, Buffer.from([0, 0, 0, 9, 1]), 0, 5, fstatSync(descriptor).size);
  const next = new MessageLog(descriptor);
  next.read(() => {});
  expect(next.count).toBe(1);
  next.append('a', Buffer.from('after'));
  expect(contentOf(descriptor)).toEqual(['a:whole', 'a:after']);
});

it('is the history of a hub that takes the place of another, ids included', () => {
  const descriptor = openFile();
  const options = {
    firstId: 100,
    history: { messages: 2, bytes: 1_000 },
    limits: { maxAnswerMessages: 10, maxAnswerBytes: 1_000 },
  };
  const before = new MessageHub({ ...options, log: new MessageLog(descriptor) });
  for (const body of ['one', 'two', 'three']) before.publish('a', Buffer.from(body));
  const after = new MessageHub({ ...options, log: new MessageLog(descriptor) });
  expect(after.lastId).toBe(before.lastId);
  expect(after.counts).toEqual({ published: 0, received: 0, delivered: 0 });
  expect(after.read(['a'], 100)).toEqual(before.read(['a'], 100));
  expect(after.read(['a'], 99)).toEqual({ gap: true, oldestId: 101 });
  expect(after.publish('a', Buffer.from('four')).id).toBe(103);
});
