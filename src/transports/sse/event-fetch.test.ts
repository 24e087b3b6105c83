import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChunkReader } from './event-fetch.js';

test('a chunk goes straight to a read that waits for it', async () => {
  const reader = new ChunkReader();
  const read = reader.read();
  expect(reader.push(Buffer.from('x'))).toBe(true);
  expect(await read).toEqual({ done: false, value: Buffer.from('x') });
});

test('all bytes come out, in order, before the end', async () => {
  const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(chunks, fc.infiniteStream(fc.boolean()), async (arrays, reads) => {
      const reader = new ChunkReader();
      const got: Buffer[] = [];
      const readOne = async () => {
        const result = await reader.read();
        if (!result.done) got.push(result.value as Buffer);
        return !result.done;
      };
      let reading: Promise<boolean> | undefined;
      for (const array of arrays) {
        if (reads.next().value && !reading) {
          reading = readOne();
          void reading.then(() => {
            reading = undefined;
          });
        }
        reader.push(Buffer.from(array));
        await reading;
      }
      reader.end();
      while (await readOne());
      expect(Buffer.concat(got)).toEqual(Buffer.concat(arrays));
    }),
  );
});

test('says when it is full, and once when there is room again', async () => {
  const reader = new ChunkReader();
  let rooms = 0;
  reader.onRoom = () => rooms++;
  const chunk = Buffer.alloc(100 * 1024);
  expect([reader.push(chunk), reader.push(chunk), reader.push(chunk)]).toEqual([true, true, false]);
  const { value } = (await reader.read()) as { value: Buffer };
  expect([value.length, rooms]).toEqual([300 * 1024, 1]);
  expect(reader.push(chunk)).toBe(true);
  await reader.read();
  expect(rooms).toBe(1);
});

test('a failure comes after what arrived before it', async () => {
  const reader = new ChunkReader();
  reader.push(Buffer.from('x'));
  reader.fail(new Error('gone'));
  expect(await reader.read()).toMatchObject({ done: false });
  await expect(reader.read()).rejects.toThrow('gone');
});
