import { render } from 'ink';
import { describe, expect, it, vi } from 'vitest';
import { Screen } from '../../testing/screen.js';
import { EXAMPLE_ESTIMATE, EXAMPLE_FACTS } from '../../testing/wizard-facts.js';
import { reduce } from './reduce.js';
import { type Estimate, firstState, keyOf, type WizardState } from './state.js';
import { WizardView } from './view.js';

// Before ink is loaded, which looks at them once: it draws nothing in CI, and no colours where tests run.
vi.hoisted(() => Object.assign(process.env, { CI: 'false', CONTINUOUS_INTEGRATION: 'false', FORCE_COLOR: '1' }));

function stateAfter(keys: readonly string[], estimate: Estimate = EXAMPLE_ESTIMATE): WizardState {
  return keys.reduce((state, key) => {
    const next = reduce(state, { type: 'key', key }).state;
    return reduce(next, { type: 'estimated', of: keyOf(next), estimate }).state;
  }, firstState(EXAMPLE_FACTS));
}

function drawn(state: WizardState, columns = 80, rows = 24, color = false): Screen {
  const screen = new Screen(columns, rows);
  const element = <WizardView state={state} columns={columns} rows={rows} color={color} />;
  render(element, { stdout: screen as unknown as NodeJS.WriteStream, patchConsole: false }).unmount();
  return screen;
}

const TO_LOAD = ['return', 'return'];
const TO_REVIEW = [...TO_LOAD, '7', 'return'];

describe('a frame of the wizard', () => {
  it('scenarios, with the question of the one that is marked', () => {
    expect(drawn(stateAfter([])).text).toMatchInlineSnapshot(`
      "What do you want to measure?  1 of 4

        chat     Chat in rooms  about 1 min 40 s
      ▸ default  Live feed      about 1 min 25 s
        echo     Echo           too large for this machine

      Which transport delivers a live feed to many clients in time, and at what cost?















      ↑↓ choose · Enter next · q quit"
    `);
  });

  it('techniques', () => {
    expect(drawn(stateAfter(['return', 'down', ' '])).text).toMatchInlineSnapshot(`
      "With which techniques?  2 of 4

        [x] poll    Polling
      ▸ [ ] stream  Stream

      Stream: the server sends as it comes
















      ↑↓ move · Space choose · v variant · Enter next · Esc back · q quit"
    `);
  });

  it('a variant that is typed', () => {
    expect(drawn(stateAfter(['return', 'v', 'x'])).text).toMatchInlineSnapshot(`
      "With which techniques?  2 of 4

      ▸ [x] poll    Polling
        [x] stream  Stream

      variant: poll:x█
        every=500ms: time from one poll to the next (10ms to 1h)
        keep=true: keep the connection (true or false)














      Enter takes it · Esc leaves it"
    `);
  });

  it('the load', () => {
    expect(drawn(stateAfter([...TO_LOAD, 'down', '5', '0', '/', 's'])).text).toMatchInlineSnapshot(`
      "With how much load, and for how long?  3 of 4

        clients    100         simulated clients
      ▸ rate      *50/s█       messages published a second in all, such as 20/s
        size       200B        of a message, such as 200B or 1KiB
        duration   2500ms      of the measuring window, such as 2500ms or 5s
        rounds     3           each with every technique in a new order; 1 is a quick…

      120 messages/s · 12,000 deliveries/s · at most 100 sockets in the server
      9 runs, about 1 min 25 s in all
      Note: a window of 1 s holds fewer than 5 polls











      ↑↓ move · type a value · Enter next · Esc back · q quit"
    `);
  });

  it('what will be run', () => {
    expect(drawn(stateAfter(TO_REVIEW)).text).toMatchInlineSnapshot(`
      "Ready to run  4 of 4

      The same from the command line:

        rtbench run default --clients 7

      120 messages/s · 12,000 deliveries/s · at most 100 sockets in the server
      9 runs, about 1 min 25 s in all
      Note: a window of 1 s holds fewer than 5 polls













      Enter run · s save as a file · Esc back · q quit"
    `);
  });

  it('what is wrong stands beside its field, the rest below', () => {
    const problems = ['--rate: `fast` is not a rate such as 20/s', 'at 1/s no message falls into a window of 10 ms'];
    expect(drawn(stateAfter([...TO_LOAD, 'x'], { problems })).text).toMatchInlineSnapshot(`
      "With how much load, and for how long?  3 of 4

      ▸ clients   *x█          simulated clients
        rate       120/s       \`fast\` is not a rate such as 20/s
        size       200B        of a message, such as 200B or 1KiB
        duration   2500ms      of the measuring window, such as 2500ms or 5s
        rounds     3           each with every technique in a new order; 1 is a quick…

      at 1/s no message falls into a window of 10 ms













      ↑↓ move · type a value · Enter next · Esc back · q quit"
    `);
  });

  it.each([
    [80, 24],
    [120, 40],
    [60, 15],
    [40, 10],
  ])('fits at %d × %d, and leaves the last line free', (columns, rows) => {
    for (const keys of [[], ['return'], TO_LOAD, TO_REVIEW]) {
      const lines = drawn(stateAfter(keys), columns, rows).text.split('\n');
      expect(lines.length).toBeLessThan(rows);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it('on a low terminal the field that keys are about is in sight', () => {
    for (const [presses, field] of ['clients', 'rate', 'size', 'duration', 'rounds'].entries()) {
      const downs = Array.from({ length: presses }, () => 'down');
      expect(drawn(stateAfter([...TO_LOAD, ...downs]), 40, 10).text).toContain(`▸ ${field}`);
    }
  });

  it('colours are an addition', () => {
    const [plain, colored] = [drawn(stateAfter([])), drawn(stateAfter([]), 80, 24, true)];
    expect(colored.text).toBe(plain.text);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a colour begins with
    expect(plain.written).not.toMatch(/\u001B\[3\dm/);
  });
});
