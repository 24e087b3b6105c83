import type { Paint } from './ansi.js';

/** Breaks a text at spaces into lines of at most `width` characters; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Short entries one behind the other, as many on a line as fit into `width` characters. */
export function flowed(entries: readonly string[], width: number, gap = 2): string[] {
  const lines: string[] = [];
  for (const entry of entries) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + gap + entry.length <= width) {
      lines[lines.length - 1] = `${last}${' '.repeat(gap)}${entry}`;
    } else lines.push(entry);
  }
  return lines;
}

/** Lines of a name for a column: broken at spaces, else behind `,`, else behind `=` or `:`, else at its end. */
export function wrapName(name: string, width: number): string[] {
  return wrap(name, width).flatMap((line) => {
    const lines: string[] = [];
    let rest = line;
    while (rest.length > width) {
      const [comma = -1, ...signs] = [',', '=', ':'].map((mark) => rest.lastIndexOf(mark, width - 1));
      const at = (comma >= 0 ? comma : Math.max(...signs)) + 1 || width;
      lines.push(rest.slice(0, at));
      rest = rest.slice(at);
    }
    return [...lines, rest];
  });
}

/** A wrapped text behind a mark, its further lines indented to the first. */
export function item(text: string, width: number, mark = '•'): string[] {
  const [first = '', ...others] = wrap(unbroken(text), width - mark.length - 3);
  return [`  ${mark} ${first}`, ...others.map((line) => `${' '.repeat(mark.length + 3)}${line}`)].map(broken);
}

/** A wrapped text, every line indented by two spaces. */
export function paragraph(text: string, width: number): string[] {
  return wrap(unbroken(text), width - 2).map((line) => broken(`  ${line}`));
}

/** Keeps a number and its unit on one line while a text is wrapped. */
export function unbroken(text: string): string {
  return text.replace(/(\d) (?=(?:µs|ms|s|B|KiB|MiB|%)(?![A-Za-z]))/g, '$1\u00a0');
}

function broken(line: string): string {
  return line.replaceAll('\u00a0', ' ');
}

/** A title and an item for each text; nothing where there is none. */
export function section(title: string, texts: readonly string[], width: number, paint: Paint): string[] {
  if (texts.length === 0) return [];
  return [paint('bold', `  ${title}`), ...texts.flatMap((text) => item(text, width)), ''];
}

export interface Origin {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly command: string;
  readonly environment: { readonly cpu: string; readonly cores: number; readonly node: string };
}

/** When and where it was measured, and by which command. `hint` follows on the first. */
export function foot({ startedAt, environment, command }: Origin, width: number, paint: Paint, hint = ''): string[] {
  const { cpu, cores, node } = environment;
  const when = `Measured ${startedAt.slice(0, 16).replace('T', ' ')} UTC on ${cpu}, ${cores} cores, Node ${node}.`;
  return [...paragraph(`${when}${hint}`, width), ...paragraph(`Again: ${command}`, width)].map((line) =>
    paint('dim', line),
  );
}
