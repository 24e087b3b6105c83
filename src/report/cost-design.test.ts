import { expect, it } from 'vitest';
import { defaultPoints, parsePoints } from '../scenario/cost-plan.js';
import { loadScenario } from '../scenario/load.js';
import shortPolling from '../transports/short-polling/index.js';
import tcp from '../transports/tcp/index.js';
import { designProblems } from './cost-design.js';

const { scenario } = loadScenario('default', {}, 2);
const PUSH = [{ profile: tcp.profile }];
const PULL = [{ profile: shortPolling.profile }];
const problems = (points: string, rounds = 1, rows = PUSH) =>
  designProblems(parsePoints(points), { ...scenario, rounds }, rows);

it('has nothing against the default points of every shipped scenario', () => {
  for (const name of ['default', 'chat', 'echo']) {
    const loaded = { ...loadScenario(name, {}, 2).scenario, rounds: 1 };
    expect(designProblems(defaultPoints(loaded.workload), loaded, PULL)).toEqual([]);
  }
});

it('refuses points at which one number of clients, or one rate, makes two costs the same', () => {
  for (const points of ['100x10,100x20,100x40,100x80', '10x50,20x50,40x50,80x50']) {
    expect(problems(points)).toEqual([
      '--points: 4 point(s) cannot tell that of a delivery from the other costs: vary clients at equal rates and rates ' +
        'at equal clients, as in 25x50,25x200,100x50,100x200',
    ]);
  }
  expect(problems('100x10')[0]).toMatch(/1 point\(s\) cannot tell that of a publish and that of a delivery/);
});

it('does not ask for what the workload cannot tell: a private channel has one delivery a publish', () => {
  const echo = { ...loadScenario('echo', {}, 2).scenario, rounds: 1 };
  expect(designProblems(parsePoints('10x10,10x40,40x10'), echo, PUSH)).toEqual([]);
  expect(designProblems(parsePoints('10x10,20x20,40x40'), echo, PUSH)[0]).toMatch(/cannot tell that of a publish/);
});

it('refuses as many measurements as costs, of which polls are one', () => {
  const three = '25x50,25x200,100x50';
  expect(problems(three)).toEqual([
    '--points: 3 measurements give 3 costs without any error to them: add a point, or repeat them with --rounds 2',
  ]);
  expect(problems(three, 2)).toEqual([]);
  const four = `${three},100x200`;
  expect([problems(four), problems(four, 1, PULL).length]).toEqual([[], 1]);
});
