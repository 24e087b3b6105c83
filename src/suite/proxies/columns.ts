import { HOSTILE_MODES } from '../../network/middlebox/hostile-modes.js';
import type { ForeignMiddlebox } from '../../network/middlebox/middlebox.js';
import { FOREIGN_MIDDLEBOXES } from '../../network/middlebox/middleboxes.js';

/** One thing to stand between, as it is asked for. */
export type ColumnSpec =
  | { readonly kind: 'foreign'; readonly middlebox: ForeignMiddlebox; readonly configuration: 'default' | 'documented' }
  | { readonly kind: 'hostile'; readonly mode: string };

export const HOSTILE = 'hostile';

/** What `--via` takes: a middlebox, or one of its configurations. */
export function viaNames(): string[] {
  return [
    ...FOREIGN_MIDDLEBOXES.flatMap(({ name }) => [name, `${name}:default`, `${name}:documented`]),
    HOSTILE,
    ...HOSTILE_MODES.map(({ name }) => `${HOSTILE}:${name}`),
  ];
}

/** What a name stands for; `undefined`: there is none of this name. */
export function columnsNamed(name: string): readonly ColumnSpec[] | undefined {
  const found = allColumns().filter((column) => {
    const [middlebox, configuration] = spellColumn(column).split(':');
    return name === middlebox || name === `${middlebox}:${configuration}`;
  });
  return found.length > 0 ? found : undefined;
}

export function allColumns(): readonly ColumnSpec[] {
  return [
    ...FOREIGN_MIDDLEBOXES.flatMap((middlebox): ColumnSpec[] => [
      { kind: 'foreign', middlebox, configuration: 'default' },
      { kind: 'foreign', middlebox, configuration: 'documented' },
    ]),
    ...HOSTILE_MODES.map(({ name }): ColumnSpec => ({ kind: 'hostile', mode: name })),
  ];
}

/** As `--via` takes it. */
export function spellColumn(column: ColumnSpec): string {
  return column.kind === 'foreign' ? `${column.middlebox.name}:${column.configuration}` : `${HOSTILE}:${column.mode}`;
}
