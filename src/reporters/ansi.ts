export type Style = 'plain' | 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan' | 'magenta';

const CODES: Readonly<Record<Exclude<Style, 'plain'>, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  yellow: [33, 39],
  red: [31, 39],
  cyan: [36, 39],
  magenta: [35, 39],
};

/** Puts a style on a text without line breaks. */
export type Paint = (style: Style, text: string) => string;

/** Without colours a paint leaves every text as it is. */
export function paintWith(color: boolean): Paint {
  return (style, text) => {
    if (!color || style === 'plain' || text === '') return text;
    const [on, off] = CODES[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
