import { readFileSync } from 'node:fs';
import { emitKeypressEvents, type Interface, type Key } from 'node:readline';

const ESCAPE_MS = 100;

/** Whether keys can be read: from a terminal, and by the process that has it in hand. */
export function canReadKeys(input: NodeJS.ReadStream): boolean {
  return input.isTTY === true && typeof input.setRawMode === 'function' && isInForeground();
}

/** A process in the background is stopped by the system when it takes the terminal (`rtbench run &`). */
function isInForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // After the name, which may hold anything: state, parent, group, session, terminal, the terminal's group.
    const [, , group, , , terminalGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === terminalGroup;
  } catch {
    // No Linux: there is no way to know.
    return true;
  }
}

/** Reads a terminal key by key. The terminal sends no signals meanwhile: Ctrl-C comes as a key. */
export class Keyboard {
  readonly #input: NodeJS.ReadStream;
  readonly #onKeypress: (text: string | undefined, key: Key) => void;
  readonly #wasRaw: boolean;

  /** `onKey`: `ctrl-c`, or the name of a special key (`escape`, `return`, `up`), or the character. */
  constructor(input: NodeJS.ReadStream, onKey: (key: string) => void) {
    this.#input = input;
    this.#onKeypress = (text, key) => {
      const name = nameOf(text, key);
      if (name !== null) onKey(name);
    };
    this.#wasRaw = input.isRaw;
    // All that is read of an interface is how long an Escape waits for what would make it another key.
    emitKeypressEvents(input, { escapeCodeTimeout: ESCAPE_MS } as unknown as Interface);
    input.on('keypress', this.#onKeypress);
    input.setRawMode(true);
    input.resume();
  }

  /** Leaves the terminal as it was. Idempotent. */
  close(): void {
    this.#input.off('keypress', this.#onKeypress);
    this.#input.setRawMode(this.#wasRaw);
    this.#input.pause();
  }
}

/** Characters are as typed; a key without one has its name. */
function nameOf(text: string | undefined, { name, ctrl, meta }: Key): string | null {
  if (ctrl) return name === undefined ? null : `ctrl-${name}`;
  if (meta && name !== 'escape') return null;
  if (text !== undefined && /^[^\p{C}]+$/u.test(text)) return text;
  return name ?? null;
}
