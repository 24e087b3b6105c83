import { Text } from 'ink';

const LINES = [
  'p    wait before the next run, and go on; the run under way ends first',
  's    skip what is left of this technique; what it has measured is kept',
  'q    stop and keep what was measured; Ctrl-C does it without asking, and',
  '     a second Ctrl-C ends at once',
  'd    the plan run by run, and back',
  '?    this, and back (Esc too)',
  '',
  'Marks: ▸ under way, → next, ✓ all its rounds are over.',
  'Latency runs from the moment a message was due to the client that has it.',
  'Verdicts: valid: use it. suspect: read why. saturated: the load was too',
  'much for it. invalid: no figure of it may be used.',
] as const;

/** What the keys do and how to read the view. */
export function Help({ room }: { readonly room: number }) {
  return (
    <>
      {LINES.slice(0, Math.max(0, room)).map((line) => (
        <Text key={line} wrap="truncate">
          {line === '' ? ' ' : `  ${line}`}
        </Text>
      ))}
    </>
  );
}
