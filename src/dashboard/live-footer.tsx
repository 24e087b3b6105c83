import { Text } from 'ink';
import { canSkip, type Ui } from './keys.js';
import type { View } from './store.js';

export interface FooterProps {
  readonly view: View;
  readonly ui: Ui;
  /** Whether keys are read. */
  readonly hasKeys: boolean;
}

/** One line: what is asked, what is about to happen, or what the keys do. */
export function Footer({ view, ui, hasKeys }: FooterProps) {
  const isAsking = ui.question !== null;
  return (
    <Text bold={isAsking} dimColor={!isAsking} wrap="truncate">
      {footerText(view, ui, hasKeys)}
    </Text>
  );
}

function footerText(view: View, ui: Ui, hasKeys: boolean): string {
  if (ui.isStopping) return 'Stopping, what was measured is kept (Ctrl-C: at once)';
  if (!hasKeys) return 'Ctrl-C stops and keeps what was measured (again: at once)';
  if (ui.question?.type === 'stop') return 'Stop, and keep what was measured? y/n';
  if (ui.question?.type === 'skip') return `Skip the rest of ${view.rows[ui.question.row]?.label}? y/n`;
  const pause = { none: 'p pause', asked: 'p do not pause after this run', waiting: 'p go on' }[view.pause];
  const back = ui.panel === 'runs' ? 'd table' : 'd runs';
  return [pause, ...(canSkip(view) ? ['s skip'] : []), 'q stop', back, '? help'].join(' · ');
}
