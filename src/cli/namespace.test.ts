import { expect, it } from 'vitest';
import { isInNamespace, OUTSIDE_VARIABLE, whyNot } from './namespace.js';

function failed(stderr: string): Error {
  return Object.assign(new Error('Command failed: unshare'), { code: 1, stderr });
}

it('names what is missing for a network namespace, and how to get it', () => {
  expect(whyNot(Object.assign(new Error('spawn unshare ENOENT'), { code: 'ENOENT' }))).toMatch(/install util-linux/);
  expect(whyNot(failed('sh: 1: ip: not found\n'))).toMatch(/install iproute2/);
  expect(whyNot(failed('sh: line 1: ip: command not found\n'))).toMatch(/install iproute2/);
  expect(whyNot(failed('unshare: unshare failed: Operation not permitted\n'))).toMatch(
    /\(unshare: unshare failed: Operation not permitted\); allow user namespaces/,
  );
  expect(whyNot(failed('Error: either "dev" is duplicate, or "gso_max_size" is a garbage.\n'))).toMatch(
    /gso_max_size" is a garbage.*iproute2/,
  );
});

it.runIf(process.platform === 'linux')('does not take the word of a variable that came along from elsewhere', () => {
  expect(isInNamespace()).toBe(false);
  process.env[OUTSIDE_VARIABLE] = 'net:[1]';
  expect(isInNamespace()).toBe(true);
  delete process.env[OUTSIDE_VARIABLE];
});
