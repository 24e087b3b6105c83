import { expect, test } from 'vitest';
import { check, type Section } from '../suite/verify/check.js';
import { renderSection, renderVerdict } from './checks.js';

const subject = 'WebSocket';
const BYTES: Section = {
  kind: 'bytes',
  title: 'Bytes of WebSocket',
  about: 'TCP payload in bytes, as the server counted it; tolerance 0',
  checks: [
    check({ subject, name: 'opening', direction: 'down', unit: 'B', theory: null, measured: 122 }),
    check({ subject, name: 'opening', direction: 'up', unit: 'B', theory: null, measured: 203 }),
    check({ subject, name: 'message 65,536 B', direction: 'down', unit: 'B', theory: 65_546, measured: 65_547 }),
    check({ subject, name: 'message 65,536 B', direction: 'up', unit: 'B', theory: 0, measured: 0 }),
    check({ subject, name: 'heartbeat', unit: 'B', theory: null, measured: null, note: 'no heartbeat came' }),
  ],
};
const POLLS: Section = {
  kind: 'emptyPolls',
  title: 'Empty polls',
  about: 'e^(−rate × interval) of them',
  checks: [
    check({
      subject: 'A',
      name: 'empty',
      unit: 'share',
      theory: 0.3679,
      measured: 0.3611,
      tolerance: 0.043,
      note: 'n',
    }),
    check({ subject: 'B', name: 'empty', unit: 'share', theory: 0.3679, measured: 0.5, tolerance: 0.043, note: 'n' }),
  ],
};

test('bytes: both directions in a line, differences, what has no theory or could not be measured', () => {
  expect(renderSection(BYTES, { color: false })).toMatchInlineSnapshot(`
    "Bytes of WebSocket
      TCP payload in bytes, as the server counted it; tolerance 0
                          ↓ theory  measured   diff  ↑ theory  measured   diff
      opening                    –       122      –         –       203      –  –
      message 65,536 B      65,546    65,547      1         0         0      0  FAIL
      heartbeat                                                                 FAIL
      • heartbeat: no heartbeat came
    "
  `);
});

test('other checks: with their tolerance, and a note that all share once', () => {
  expect(renderSection(POLLS, { color: false })).toMatchInlineSnapshot(`
    "Empty polls
      e^(−rate × interval) of them
                                       theory   measured  difference         ±
      A: empty                          0.368      0.361      -0.007     0.043  ok
      B: empty                          0.368      0.500       0.132     0.043  FAIL
      • n
    "
  `);
});

test('the verdict counts, and names what failed', () => {
  expect(renderVerdict([BYTES, POLLS], { color: false })).toMatchInlineSnapshot(`
    "7 checks: 2 passed, 3 failed, 2 without a theory
      • WebSocket, message 65,536 B down: theory 65,546 B, measured 65,547 B
      • WebSocket, heartbeat: no heartbeat came
      • B, empty: theory 0.368, measured 0.500
    "
  `);
});

test('no line is wider than 80 columns', () => {
  const text = [BYTES, POLLS].map((section) => renderSection(section, { color: false })).join('');
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('colours are put on only where they are wanted', () => {
  const red = '\u001b[31m';
  expect(renderSection(BYTES, { color: true })).toContain(`${red}FAIL`);
  expect(renderSection(BYTES, { color: false })).not.toContain('\u001b');
});
