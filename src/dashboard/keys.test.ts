import { describe, expect, it } from 'vitest';
import { EXAMPLE_ROWS, exampleRun } from '../testing/example-report.js';
import { EventScript, examplePlan } from '../testing/suite-events.js';
import { FIRST_UI, press, type Ui } from './keys.js';
import { fold, type View } from './store.js';

const plan = examplePlan(['sse', 'webSocket'], 2);
const started = () => new EventScript(plan).run(0, 3_000, exampleRun(EXAMPLE_ROWS.sse, 0)).start(1);

function viewOf(script: EventScript): View | null {
  return script.events.reduce<View | null>(fold, null);
}

/** Presses the keys one after the other; the commands that came of them. */
function pressed(keys: readonly string[], view = viewOf(started())) {
  let ui: Ui = FIRST_UI;
  const commands = keys.flatMap((key) => {
    const after = press(ui, key, view);
    ui = after.ui;
    return after.command ?? [];
  });
  return { ui, commands };
}

describe('a key', () => {
  it.each([
    ['d', 'runs'],
    ['?', 'help'],
    ['h', 'help'],
  ] as const)('%s shows a panel, and the table again', (key, panel) => {
    expect(pressed([key]).ui.panel).toBe(panel);
    expect(pressed([key, key]).ui.panel).toBe('table');
    expect(pressed([key, 'escape']).ui.panel).toBe('table');
  });

  it('p pauses, and goes on where a pause was asked for or lasts', () => {
    expect(pressed(['p']).commands).toEqual([{ type: 'pause' }]);
    const asked = started().ask('pauseAsked');
    expect(pressed(['p'], viewOf(asked)).commands).toEqual([{ type: 'resume' }]);
    const waiting = asked.end(1, exampleRun(EXAMPLE_ROWS.webSocket, 0)).ask('paused');
    expect(pressed(['p'], viewOf(waiting)).commands).toEqual([{ type: 'resume' }]);
  });

  it.each([
    ['s', { type: 'skip', row: 1 }],
    ['q', { type: 'stop' }],
  ])('%s asks first, and takes y or Enter for yes and any other key for no', (key, command) => {
    expect(pressed([key])).toMatchObject({ ui: { question: command }, commands: [] });
    expect(pressed([key, 'y']).commands).toEqual([command]);
    expect(pressed([key, 'return']).commands).toEqual([command]);
    for (const no of ['n', 'escape', 'p', key]) {
      expect(pressed([key, no])).toMatchObject({ ui: { question: null }, commands: [] });
    }
  });

  it('s does nothing between two runs, for a row that is skipped, and where rows go on side by side', () => {
    const between = new EventScript(plan).run(0, 3_000, exampleRun(EXAMPLE_ROWS.sse, 0));
    expect(pressed(['s', 'y'], viewOf(between)).commands).toEqual([]);
    expect(pressed(['s', 'y'], viewOf(started().skip(1))).commands).toEqual([]);
    const together = new EventScript({ ...plan, scenario: { ...plan.scenario, interleaveMs: 50 } }).start(0);
    expect(pressed(['s', 'y'], viewOf(together)).commands).toEqual([]);
  });

  it('Ctrl-C stops without asking, whenever it comes, and as often as it comes', () => {
    expect(pressed(['ctrl-c', 'ctrl-c'], null).commands).toEqual([{ type: 'stop' }, { type: 'stop' }]);
    expect(pressed(['s', 'ctrl-c'])).toMatchObject({ ui: { isStopping: true, question: null } });
  });

  it('others do nothing, and none but Ctrl-C does before the plan and at the end', () => {
    expect(pressed(['x', 'up', 'return', 'y'])).toEqual({ ui: FIRST_UI, commands: [] });
    expect(pressed(['p', 's', 'q', 'd'], null)).toEqual({ ui: FIRST_UI, commands: [] });
    expect(pressed(['p', 's', 'q', 'd'], viewOf(started().finish()))).toEqual({ ui: FIRST_UI, commands: [] });
  });
});
