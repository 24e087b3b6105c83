import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import type { Finding, Findings, Outcome } from '../report/findings/findings.js';
import { renderJunit } from './junit.js';

const OUTCOMES: readonly Outcome[] = ['passed', 'failed', 'not measured', 'undecided'];

const EXAMPLE: Findings = {
  title: 'Broadcast: one feed',
  startedAt: '2026-11-29T08:22:41.123Z',
  durationMs: 12_345,
  list: [
    { subject: 'SSE', name: 'measured', outcome: 'passed', text: 'SSE: valid' },
    {
      subject: 'SSE',
      name: 'latencyUs.p99 < 5.00 ms',
      outcome: 'failed',
      text: 'SSE: latencyUs.p99 is 7.21 ms, expected < 5.00 ms',
    },
    {
      subject: 'gRPC "stream" & <co>',
      name: 'measured',
      outcome: 'not measured',
      text: 'gRPC: failed; it exited with 1',
    },
    { subject: 'gRPC "stream" & <co>', name: 'CPU', outcome: 'undecided', text: 'too few pairs' },
  ],
};

test('a suite for each row, a case for each figure', () => {
  expect(renderJunit(EXAMPLE)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="rtbench: Broadcast: one feed" tests="4" failures="1" errors="1" time="12.345">
  <testsuite name="SSE" tests="2" failures="1" errors="0" skipped="0" timestamp="2026-11-29T08:22:41">
    <testcase name="measured" classname="rtbench.SSE">
      <system-out>SSE: valid</system-out>
    </testcase>
    <testcase name="latencyUs.p99 &lt; 5.00 ms" classname="rtbench.SSE">
      <failure message="SSE: latencyUs.p99 is 7.21 ms, expected &lt; 5.00 ms" type="failed">SSE: latencyUs.p99 is 7.21 ms, expected &lt; 5.00 ms</failure>
    </testcase>
  </testsuite>
  <testsuite name="gRPC &quot;stream&quot; &amp; &lt;co&gt;" tests="2" failures="0" errors="1" skipped="1" timestamp="2026-11-29T08:22:41">
    <testcase name="measured" classname="rtbench.gRPC &quot;stream&quot; &amp; &lt;co&gt;">
      <error message="gRPC: failed; it exited with 1" type="not measured">gRPC: failed; it exited with 1</error>
    </testcase>
    <testcase name="CPU" classname="rtbench.gRPC &quot;stream&quot; &amp; &lt;co&gt;">
      <skipped message="too few pairs"/>
    </testcase>
  </testsuite>
</testsuites>
`);
});

/** What may stand in an element, and what must, by junit-10.xsd of Jenkins' xUnit plugin. */
const SCHEMA: Readonly<Record<string, { required: readonly string[]; optional: readonly string[]; in: string }>> = {
  testsuites: { required: [], optional: ['name', 'time', 'tests', 'failures', 'errors'], in: '' },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
    in: 'testsuites',
  },
  testcase: { required: ['name'], optional: ['time', 'classname', 'group'], in: 'testsuite' },
  skipped: { required: [], optional: ['type', 'message'], in: 'testcase' },
  error: { required: [], optional: ['type', 'message'], in: 'testcase' },
  failure: { required: [], optional: ['type', 'message'], in: 'testcase' },
  'system-out': { required: [], optional: [], in: 'testcase' },
};
/** Of an attribute `time` there. */
const SECONDS = /^\d*(\.\d*)?$/;

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
}

/** In the order of the document, without its text. */
function elementsOf(xml: string): readonly Element[] {
  type Ordered = { readonly ':@'?: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>;
  const told = (nodes: readonly Ordered[]): Element[] =>
    nodes.flatMap(({ ':@': attributes = {}, ...node }) => {
      const [name = ''] = Object.keys(node);
      return name.startsWith('#') ? [] : [{ name, attributes, children: told(node[name] as readonly Ordered[]) }];
    });
  const options = { preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', ignoreDeclaration: true };
  return told(new XMLParser(options).parse(xml));
}

/** What the schema does not allow. */
function problemsOf({ name, attributes, children }: Element, parent = ''): string[] {
  const known = SCHEMA[name];
  if (known === undefined || known.in !== parent) return [`<${name}> in <${parent}>`];
  const { required, optional } = known;
  return [
    ...required.filter((one) => attributes[one] === undefined).map((one) => `<${name}> without ${one}`),
    ...Object.keys(attributes)
      .filter((one) => !required.includes(one) && !optional.includes(one))
      .map((one) => `<${name} ${one}>`),
    ...(SECONDS.test(attributes.time ?? '') ? [] : [`<${name} time="${attributes.time}">`]),
    ...children.flatMap((child) => problemsOf(child, name)),
  ];
}

test.each<[string, Partial<Findings>]>([
  ['every outcome', {}],
  ['nothing at all', { list: [] }],
  ['no time known', { startedAt: null, durationMs: null }],
])('keeps to the schema that Jenkins reads by: %s', (_, changes) => {
  const elements = elementsOf(renderJunit({ ...EXAMPLE, ...changes }));
  expect(elements.map(({ name }) => name)).toEqual(['testsuites']);
  expect(elements.flatMap((element) => problemsOf(element))).toEqual([]);
});

test('what the schema does not allow is found', () => {
  const xml = '<testsuites skipped="1" time="2 s"><testsuite name="a"><failure/></testsuite></testsuites>';
  expect(elementsOf(xml).flatMap((element) => problemsOf(element))).toEqual([
    '<testsuites skipped>',
    '<testsuites time="2 s">',
    '<testsuite> without tests',
    '<testsuite> without failures',
    '<testsuite> without errors',
    '<failure> in <testsuite>',
  ]);
});

interface Suite {
  readonly '@tests': string;
  readonly '@failures': string;
  readonly '@errors': string;
  readonly '@skipped': string;
  readonly testcase: readonly { '@name': string; failure?: unknown; error?: unknown; skipped?: unknown }[];
}

/** As another library reads it. */
function readBack(xml: string): { readonly '@tests': string; readonly testsuite?: readonly Suite[] } {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    isArray: (name) => name === 'testsuite' || name === 'testcase',
    trimValues: false,
  });
  return parser.parse(xml).testsuites;
}

const finding: fc.Arbitrary<Finding> = fc.record({
  subject: fc.constantFrom('SSE', 'WebSocket "x"', 'a<b'),
  name: fc.string({ unit: 'binary' }),
  outcome: fc.constantFrom(...OUTCOMES),
  text: fc.string({ unit: 'binary' }),
});

test('whatever the texts hold it is well-formed, and the counts of a suite are those of its cases', () => {
  fc.assert(
    fc.property(fc.array(finding, { maxLength: 12 }), (list) => {
      const xml = renderJunit({ ...EXAMPLE, list });
      expect(XMLValidator.validate(xml)).toBe(true);
      const { '@tests': total, testsuite: suites = [] } = readBack(xml);
      expect(Number(total)).toBe(list.length);
      for (const { testcase: cases, ...suite } of suites) {
        const count = (kind: 'failure' | 'error' | 'skipped') => String(cases.filter((one) => kind in one).length);
        expect(suite).toMatchObject({
          '@tests': String(cases.length),
          '@failures': count('failure'),
          '@errors': count('error'),
          '@skipped': count('skipped'),
        });
      }
      expect(suites.reduce((sum, { testcase }) => sum + testcase.length, 0)).toBe(list.length);
    }),
  );
});
