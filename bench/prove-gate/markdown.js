// @ts-check

/**
 * @param {readonly string[]} heads
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function table(heads, rows) {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

/**
 * Lines of at most 120 characters.
 *
 * @param {string} text
 */
export function wrapped(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > 120) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

/**
 * A command in lines of at most 120 characters, no flag apart from its value.
 *
 * @param {readonly string[]} words
 */
export function shellBlock(words) {
  const parts = /** @type {string[]} */ ([]);
  for (const word of words) {
    const before = parts.at(-1);
    if (before !== undefined && /^-\S+$/.test(before) && !word.startsWith('-'))
      parts[parts.length - 1] = `${before} ${word}`;
    else parts.push(word);
  }
  const lines = [''];
  for (const part of parts) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + part.length > 118) lines.push(`  ${part}`);
    else lines[lines.length - 1] = line === '' ? part : `${line} ${part}`;
  }
  return ['```sh', lines.join(' \\\n'), '```'];
}

/** @param {number} share */
export function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
