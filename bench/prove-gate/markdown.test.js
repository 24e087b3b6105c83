// @ts-check
import { expect, it } from 'vitest';
import { shellBlock } from './markdown.js';

it('a long command goes over lines that a shell takes as one, no flag apart from its value', () => {
  const flags = Array.from({ length: 12 }, (_, at) => ['--threshold', `p${at}=5%`]).flat();
  expect(shellBlock(['rtbench', 'check', ...flags, '--pin', '--quiet'])).toMatchInlineSnapshot(`
    [
      "\`\`\`sh",
      "rtbench check --threshold p0=5% --threshold p1=5% --threshold p2=5% --threshold p3=5% --threshold p4=5% \\
      --threshold p5=5% --threshold p6=5% --threshold p7=5% --threshold p8=5% --threshold p9=5% --threshold p10=5% \\
      --threshold p11=5% --pin --quiet",
      "\`\`\`",
    ]
  `);
});
