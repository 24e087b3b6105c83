/** Most characters that GitHub takes in a comment. */
export const COMMENT_LIMIT = 65_536;

/** A part of a document: what is folded up may be left out where the whole is too long. */
export type Block = string | { readonly summary: string; readonly folded: string };

/**
 * Blocks with an empty line between them, not more than `limit` characters. Where they are too long the last folded
 * ones are left out, and a line says which; if that is not enough the end is cut, and the line says that.
 */
export function fitted(blocks: readonly Block[], hint: string, limit = COMMENT_LIMIT): string {
  const kept = [...blocks];
  const left: string[] = [];
  let text = join(kept);
  while (text.length > limit) {
    const index = kept.findLastIndex((block) => typeof block !== 'string');
    const block = kept[index];
    if (block === undefined || typeof block === 'string') return cut(text, limit, hint);
    left.unshift(block.summary);
    kept.splice(index, 1);
    text = join([...kept, leftOut(left.join(', '), limit, hint)]);
  }
  return text;
}

function cut(text: string, limit: number, hint: string): string {
  const note = `\n\n${leftOut('the rest', limit, hint)}\n`;
  const room = text.slice(0, Math.max(0, limit - note.length));
  return `${room.slice(0, Math.max(0, room.lastIndexOf('\n')))}${note}`;
}

function leftOut(what: string, limit: number, hint: string): string {
  return `Left out here, since a comment holds ${limit.toLocaleString('en-US')} characters: ${what}. ${hint}`;
}

function join(blocks: readonly Block[]): string {
  const texts = blocks.map((block) => (typeof block === 'string' ? block : block.folded));
  return `${texts.filter((text) => text !== '').join('\n\n')}\n`;
}
