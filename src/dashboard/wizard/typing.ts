import type { Typing, WizardState } from './state.js';

export type TypingEffect =
  | { readonly type: 'checkVariant'; readonly spec: string }
  | { readonly type: 'save'; readonly path: string };

export function startTyping(state: WizardState, what: Typing['what'], text: string): WizardState {
  return { ...state, typing: { what, text, problem: null } };
}

/** A key while a line is being typed: Enter hands it over, Escape leaves it. */
export function typed(
  state: WizardState,
  typing: Typing,
  key: string,
): { readonly state: WizardState; readonly effect: TypingEffect | null } {
  const write = (text: string) => ({ state: { ...state, typing: { ...typing, text, problem: null } }, effect: null });
  switch (key) {
    case 'escape':
      return { state: { ...state, typing: null }, effect: null };
    case 'return':
    case 'enter':
      return { state, effect: typing.text.trim() === '' ? null : effectOf(typing) };
    case 'backspace':
      return write(typing.text.slice(0, -1));
    case 'ctrl-u':
      return write('');
    default:
      return [...key].length === 1 ? write(typing.text + key) : { state, effect: null };
  }
}

function effectOf({ what, text }: Typing): TypingEffect {
  const line = text.trim();
  // A colon with nothing after it is how a variant begins.
  return what === 'file' ? { type: 'save', path: line } : { type: 'checkVariant', spec: line.replace(/:$/, '') };
}
