/* What Markdown documents are made of. */

import type { Origin } from './layout.js';

/** Columns are on the left where `aligns` says so; without it the first is, and the others are on the right. */
export function table(
  head: readonly string[],
  lines: readonly string[][],
  aligns?: readonly ('left' | 'right')[],
): string {
  const marks = head.map((_, index) =>
    (aligns?.[index] ?? (index === 0 ? 'left' : 'right')) === 'left' ? ':--' : '--:',
  );
  return [head, marks, ...lines].map((line) => `| ${line.map(cellOf).join(' | ')} |`).join('\n');
}

function cellOf(content: string): string {
  return content.split('<br>').map(text).join('<br>');
}

export function list(items: readonly string[]): string {
  return items.map((entry) => `- ${text(entry)}`).join('\n');
}

export function titled(title: string, content: string): string {
  return content === '' ? '' : `**${title}**\n\n${content}`;
}

export function fold(summary: string, content: string): string {
  return content === '' ? '' : `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** A text of its own: what would make it a list or a quotation at its beginning is none either. */
export function paragraph(content: string): string {
  return text(content).replace(/^(?:[-+=>]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

/** Code as it is, whatever quotes are in it. */
function code(content: string): string {
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${content}\`` : `${fence} ${content} ${fence}`;
}

/** Characters of a text that Markdown or HTML would take as their own; `*` behind a figure stays one. Calls nobody. */
export function text(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\|*_`~[\]#]/g, '\\$&')
    .replace(/@(?=\w)/g, '@<!-- -->')
    .replace(/\r?\n/g, ' ');
}

/** Lines as they are, in a fixed width. */
export function asTyped(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\`\`\`text\n${lines.join('\n')}\n\`\`\``;
}

/** When and where it was measured, and by which command. */
export function origin({
  startedAt,
  tool,
  environment,
  command,
}: Origin & { readonly tool: { readonly name: string; readonly version: string } }): string {
  return (
    `Measured ${startedAt} with ${tool.name} ${tool.version} on ${text(environment.cpu)}, ${environment.cores} cores, ` +
    `Node ${environment.node}. Again: ${code(command)}`
  );
}

/** Blocks with an empty line between them; empty ones are left out. */
export function joined(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
