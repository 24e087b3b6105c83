import type { Speech } from '../../protocol/messages.js';
import { haproxy } from './haproxy.js';
import type { ForeignMiddlebox, Mend } from './middlebox.js';
import { nginx } from './nginx.js';

/** The proxies that rtbench knows how to start where they are installed. */
export const FOREIGN_MIDDLEBOXES: readonly ForeignMiddlebox[] = [nginx, haproxy];

/** Throws where there is none of that name. */
export function foreignMiddlebox(name: string): ForeignMiddlebox {
  const found = FOREIGN_MIDDLEBOXES.find((middlebox) => middlebox.name === name);
  if (!found) throw new Error(`there is no middlebox ${name}`);
  return found;
}

/** What the documentation says for a server that speaks so; empty where it says nothing. */
export function mendsFor({ mends }: ForeignMiddlebox, speech: Speech): readonly Mend[] {
  return mends.filter((mend) => mend.speech === speech);
}
