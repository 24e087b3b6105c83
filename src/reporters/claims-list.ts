import { claimsSummary, type JudgedClaim, judgedClaims } from '../report/guide/table.js';
import type { Report } from '../report/schema.js';
import { paintWith } from './ansi.js';
import { RESULT_STYLES } from './guide-table.js';
import { paragraph, wrap } from './layout.js';
import type { RenderOptions } from './reporter.js';

const MIN_WIDTH = 56;
const MAX_WIDTH = 100;
const TECHNIQUE_WIDTH = 13;
const RESULT_WIDTH = 13;

/** The claims of the guide and what came of them, for a terminal. */
export function renderClaims(report: Report, { width, color }: Omit<RenderOptions, 'details'>): string {
  const paint = paintWith(color);
  const limit = Math.min(Math.max(width, MIN_WIDTH), MAX_WIDTH);
  const claims = judgedClaims(report);
  const indent = 2 + TECHNIQUE_WIDTH + 2 + RESULT_WIDTH + 2;
  const entry = ({ technique, result, says, figure }: JudgedClaim) => {
    const texts = [`"${says}"`, figure].flatMap((text) => wrap(text, limit - indent));
    const head = `  ${technique.padEnd(TECHNIQUE_WIDTH)}  ${paint(RESULT_STYLES[result], result)}${' '.repeat(RESULT_WIDTH + 2 - result.length)}`;
    return texts.map((text, index) => (index === 0 ? `${head}${text}` : `${' '.repeat(indent)}${text}`));
  };
  const lines = byFeature(claims).flatMap(([feature, some]) => [
    paint('bold', `  ${feature}`),
    ...some.flatMap(entry),
    '',
  ]);
  return `${['', ...paragraph(claimsSummary(claims), limit).map((line) => paint('bold', line)), '', ...lines, ...paragraph('Rules and thresholds of all: docs/claims.md.', limit)].join('\n')}\n`;
}

export function byFeature(claims: readonly JudgedClaim[]): [feature: string, claims: JudgedClaim[]][] {
  const groups = new Map<string, JudgedClaim[]>();
  for (const claim of claims) groups.set(claim.feature, [...(groups.get(claim.feature) ?? []), claim]);
  return [...groups];
}
