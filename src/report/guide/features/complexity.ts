import { listed } from '../../wording.js';
import type { ClientCode, CodeSize } from '../client-code.js';
import { CLIENT_CODE } from '../client-code-counts.js';
import type { Evidence, GuideColumn } from '../columns.js';
import { type Claim, type Feature, found, type Judgement, judged, missing, notMeasured } from '../feature.js';
import type { GuideTechnique } from '../guide.js';

/** Two counts of lines closer than this are a tie: a fifth is a matter of how a person writes. */
export const LINES_TIE = 1.2;

const NOT_COUNTED = 'not counted: it is no transport of rtbench';

const REASON =
  'lines of code of the client in a page are a stand-in for complexity, and a poor one: they are those that rtbench ' +
  'wrote on top of what browsers have built in, all for the same contract. Servers and operation are not in them';

const GRADES: Readonly<Record<GuideTechnique, number>> = {
  'Short Polling': 0,
  'Long Polling': 1,
  SSE: 1,
  WebSockets: 2,
};

/** Counted in the sources, and the same in every run. */
export function complexityBy(codes: Readonly<Record<string, ClientCode>>): Feature {
  const pageOf = ({ transport }: GuideColumn): CodeSize | null => codes[transport]?.page ?? null;
  const graded = (technique: GuideTechnique, rule: string): Claim => ({
    rule: `${rule}; within a factor of ${LINES_TIE} is a tie`,
    reason: REASON,
    judge: (column, evidence) => judge(technique, column, evidence, pageOf),
  });
  const middle =
    'its client in a page has more lines than that of the one called "Very low", and fewer than that of "Medium"';
  return {
    key: 'complexity',
    found: ({ transport }) => {
      const code = codes[transport];
      if (code === undefined) return missing(NOT_COUNTED);
      const spell = ({ lines, states }: CodeSize) => `${lines} lines, ${states} states`;
      return found(
        code.page === null ? 'client in a page: none' : `client in a page: ${spell(code.page)}`,
        `client in Node: ${spell(code.node)}`,
      );
    },
    claims: {
      'Short Polling': graded('Short Polling', 'its client in a page has fewer lines than those of the other three'),
      'Long Polling': graded('Long Polling', middle),
      SSE: graded('SSE', middle),
      WebSockets: graded('WebSockets', 'its client in a page has more lines than those of the other three'),
    },
  };
}

export const complexity = complexityBy(CLIENT_CODE);

function judge(
  technique: GuideTechnique,
  column: GuideColumn,
  { columns }: Evidence,
  pageOf: (column: GuideColumn) => CodeSize | null,
): Judgement {
  const own = pageOf(column)?.lines;
  if (own === undefined) return notMeasured(NOT_COUNTED);
  const wrong = columns.flatMap((other) => {
    const lines = pageOf(other)?.lines;
    if (other.technique === null || lines === undefined || GRADES[other.technique] === GRADES[technique]) return [];
    const isMore = GRADES[technique] > GRADES[other.technique];
    const isTie = Math.max(lines / own, own / lines) <= LINES_TIE;
    if (!isTie && isMore === own > lines) return [];
    return [`${isTie ? 'a tie with' : own > lines ? 'more than' : 'fewer than'} ${other.title} (${lines})`];
  });
  return judged(wrong.length === 0, [`${own} lines`, ...(wrong.length === 0 ? [] : [listed(wrong)])].join(', '));
}
