import { type Finding, type Findings, isFailure } from '../report/findings/findings.js';

/** As many of a kind as GitHub shows of one step. */
const MOST = 10;

/**
 * Workflow commands of GitHub's actions, a line each: an error for what failed, a warning for what cannot be told. Of
 * more than GitHub shows, the last line says how many there are.
 */
export function renderAnnotations({ title, list }: Findings): string {
  const lines = [
    ...annotationsOf('error', title, list.filter(isFailure)),
    ...annotationsOf(
      'warning',
      title,
      list.filter(({ outcome }) => outcome === 'undecided'),
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function annotationsOf(level: 'error' | 'warning', title: string, findings: readonly Finding[]): string[] {
  const shown = findings.length > MOST ? findings.slice(0, MOST - 1) : findings;
  const more = findings.length - shown.length;
  return [
    ...shown.map(({ subject, name, text }) => command(level, `rtbench: ${subject}: ${name}`, text)),
    ...(more > 0 ? [command(level, `rtbench: ${title}`, `and ${more} more: the summary of the job has them all`)] : []),
  ];
}

function command(level: 'error' | 'warning', title: string, message: string): string {
  return `::${level} title=${property(title)}::${data(message)}`;
}

/** As the runner reads it back: what would end the line, or begin another command. */
function data(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(value: string): string {
  return data(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
