import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldStamp, parseStamp } from '../scenario/stamp.js';
import { MAX_LOOKED_AT_BYTES, StampReader } from './stamp-reader.js';

function reader(spec: string): StampReader {
  return new StampReader(parseStamp(spec) as FieldStamp);
}

function read(spec: string, text: string): number {
  return reader(spec).read(Buffer.from(text));
}

const AT_MS = 1_790_000_000_123;
const AT_US = AT_MS * 1_000;

describe('a time in a message', () => {
  it.each([
    ['field:/time:ms', `{"time":${AT_MS}}`],
    ['field:/time:ms', ` { "x" : [ 1, {"time":5} ] , "s":"\\"time\\":6,{" , "time" : "${AT_MS}" } `],
    ['field:/time:ms', JSON.stringify({ s: `${'x'.repeat(29)}\\${'"time":7,\\'.repeat(9)}`, time: AT_MS })],
    ['field:/time:ms', JSON.stringify({ s: `${'x'.repeat(28)}\\\\`, t: `${'"'.repeat(90)}\\`, time: AT_MS })],
    ['field:/a/1/t:s', `{"a":[{"t":1},{"t":${AT_MS / 1_000}}]}`],
    ['field:/0:us', `[${AT_US}]`],
    ['field:/t:ns', `{"n":null,"t":${BigInt(AT_US) * 1_000n}}`],
    ['field:/t:iso', `{"b":true,"t":"${new Date(AT_MS).toISOString()}"}`],
    ['field:/t:iso', '{"t":"2026-09-21T15:13:20.123+01:00"}'],
    ['field:/t:iso', '{"t":"2026-09-21 14:13:20.123"}'],
    ['field:/t:iso', '{"t":"2026-09-21 16:13:20.123+02"}'],
    ['field:/t:iso', '{"t":"2026-09-21 16:13:20.123 +0200"}'],
    ['field:/t:iso', '{"t":"2026-09-21 09:43:20.123 -04:30 was it"}'],
    ['field:/t:iso', '{"t":"2026-09-21 14:13:20.123 UTC"}'],
    ['field:/t:iso', '{"t":"2026-09-21 14:13:20.123 - hello"}'],
    ['field:/ü"k:ms', `{"ü\\"k":${AT_MS}}`],
    ['field:regex:"time"\\s*[:]\\s*(\\d+):ms', `{"time": ${AT_MS}}`],
    ['field:regex:^\\d+[.]\\d+:s', `${AT_MS / 1_000} hello`],
    ['field:regex:at=(\\S+):iso', `tick at=${new Date(AT_MS).toISOString()} ok`],
  ])('is read: %s of %s', (spec, text) => expect(Math.abs(read(spec, text) - AT_US)).toBeLessThan(1));

  it.each([
    ['not JSON', 'field:/time:ms', 'welcome'],
    ['nothing', 'field:/time:ms', ''],
    ['not there', 'field:/time:ms', '{"times":1}'],
    ['deeper than it is', 'field:/time/ms:ms', '{"time":1}'],
    ['no number', 'field:/time:ms', '{"time":null}'],
    ['no number after all', 'field:/time:ms', '{"time":"12h"}'],
    ['an exponent', 'field:/time:ms', '{"time":1e12}'],
    ['cut off before it', 'field:/time:ms', '{"a":"'],
    ['cut off after the key', 'field:/time:ms', '{"time":'],
    ['beyond an array', 'field:/2:ms', '[1,2]'],
    ['in an empty array', 'field:/0:ms', '[]'],
    ['no time of ISO', 'field:/time:iso', '{"time":"yesterday"}'],
    ['a zone of one digit', 'field:/time:iso', '{"time":"2026-09-21T14:13:20+2"}'],
    ['a zone without its minutes', 'field:/time:iso', '{"time":"2026-09-21T14:13:20+02:"}'],
    ['no match', 'field:regex:t=(\\d+):ms', 't=soon'],
    ['a match that is long', 'field:regex:a+:ms', 'a'.repeat(1_000)],
    ['a number that is too long', 'field:/time:ms', `{"time":${'1'.repeat(21)}}`],
    ['a fraction of a number', 'field:/n:sequence', '{"n":1.5}'],
    ['a number beyond what is whole', 'field:/n:sequence', '{"n":99999999999999999}'],
  ])('is not read: %s', (_what, spec, text) => expect(read(spec, text)).toBeNaN());

  it('is looked for in the beginning of a message only', () => {
    const far = `{"pad":"${'x'.repeat(MAX_LOOKED_AT_BYTES)}","time":1}`;
    expect(read('field:/time:ms', far)).toBeNaN();
    expect(read('field:regex:"time".(\\d+):ms', far)).toBeNaN();
  });

  it.each([
    ['field:/t:ms', '{"t":', '1234567890123'],
    ['field:/t:iso', '{"t":"', '2026-09-21 16:13:20.123 +0200'],
    ['field:regex:t=(\\d+):ms', 't=', '1234567890123'],
  ])('that the limit may cut is not read, and one that ends before it is: %s', (spec, before, value) => {
    const at = (visible: number) => {
      const pad = ' '.repeat(MAX_LOOKED_AT_BYTES - before.length - visible);
      return read(spec, `${pad}${before}${value}"}${'x'.repeat(100)}`);
    };
    for (let visible = 0; visible < value.length; visible++) expect(at(visible), `${visible}`).toBeNaN();
    expect(at(value.length + 1)).toBe(read(spec, `${before}${value}"}`));
    // Where the message ends there, nothing was cut.
    const whole = `${' '.repeat(MAX_LOOKED_AT_BYTES - before.length - value.length)}${before}${value}`;
    expect(read(spec, whole)).toBe(at(value.length + 1));
  });

  it('is found where JSON.parse finds it, in any document', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 9e15 }), fc.string(), (json, value, key) => {
        fc.pre(key !== '__proto__');
        const text = `{"before":${json},${JSON.stringify(key === 'before' ? 'k' : key)}:[${json},{"v":${value}}],"after":${json}}`;
        const name = (key === 'before' ? 'k' : key).replaceAll('~', '~0').replaceAll('/', '~1');
        fc.pre(key !== 'after');
        expect(read(`field:/${name}/1/v:sequence`, text)).toBe(value);
      }),
    );
  });

  it('never fails, whatever a server sends', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.string().map((text) => Buffer.from(`{"a":${text}`)),
    );
    fc.assert(
      fc.property(bytes, (body) => {
        for (const spec of ['field:/a/0:ms', 'field:/a:iso', 'field:regex:a(.*):s']) reader(spec).read(body);
      }),
    );
  });
});

describe('the resolution', () => {
  const written = (spec: string, texts: readonly string[]) => {
    const one = reader(spec);
    for (const text of texts) one.read(Buffer.from(`{"t":${text}}`));
    return one.resolutionUs;
  };

  it.each([
    ['field:/t:ms', ['1'], 1_000],
    ['field:/t:s', ['1', '1.25', '1.5'], 10_000],
    ['field:/t:s', ['1790000000.1234567'], 1],
    ['field:/t:iso', ['"2026-09-21T14:33:20.123456Z"'], 1],
    ['field:/t:iso', ['"2026-09-21T14:33:20.123000Z"', '"2026-09-21T14:33:21.456000Z"'], 1_000],
    ['field:/t:iso', ['"yesterday"', '"2026-09-21T14:33:20Z"'], 1_000_000],
    ['field:/t:ms', [], 1_000_000],
    ['field:/t:sequence', ['1'], 0],
  ])('is that of all times seen: %s %j', (spec, texts, us) => expect(written(spec, texts)).toBe(us));

  it('is that of the clock, in whatever unit its times are written', () => {
    const clock = fc.record({ stepUs: fc.constantFrom(1, 10, 1_000, 100_000), ticks: fc.array(fc.nat(99_999)) });
    fc.assert(
      fc.property(clock, ({ stepUs, ticks }) => {
        const timesUs = [1, ...ticks].map((tick) => 1_790_000_000_000_000n + BigInt(tick) * BigInt(stepUs));
        expect(written('field:/t:us', timesUs.map(String))).toBe(stepUs);
        expect(
          written(
            'field:/t:ns',
            timesUs.map((us) => `${us}000`),
          ),
        ).toBe(stepUs);
        // As a program writes them that has doubles alone.
        expect(
          written(
            'field:/t:ns',
            timesUs.map((us) => `${BigInt(Number(us) * 1_000)}`),
          ),
        ).toBe(stepUs);
        expect(
          written(
            'field:/t:s',
            timesUs.map((us) => `${Number(us) / 1_000_000}`),
          ),
        ).toBe(stepUs);
      }),
    );
  });
});
