import { Box, Text } from 'ink';
import { paint } from '../paint.js';
import { Load } from './load-step.js';
import { Review } from './review-step.js';
import { Scenarios } from './scenario-step.js';
import { STEPS, type Step, type WizardState } from './state.js';
import { Techniques } from './technique-step.js';

export interface WizardViewProps {
  readonly state: WizardState;
  /** Size of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

/** Of a step: the lines it may take, and how wide. */
export interface StepProps {
  readonly state: WizardState;
  readonly width: number;
  readonly room: number;
  readonly color: boolean;
}

const MAX_COLUMNS = 96;
/** Title, a blank line below it, one above the keys, the keys, and the terminal's last line. */
const OTHER_LINES = 5;

const TITLES: Readonly<Record<Step, string>> = {
  scenario: 'What do you want to measure?',
  techniques: 'With which techniques?',
  load: 'With how much load, and for how long?',
  review: 'Ready to run',
};

const KEYS: Readonly<Record<Step, string>> = {
  scenario: '↑↓ choose · Enter next · q quit',
  techniques: '↑↓ move · Space choose · v variant · Enter next · Esc back · q quit',
  load: '↑↓ move · type a value · Enter next · Esc back · q quit',
  review: 'Enter run · s save as a file · Esc back · q quit',
};

/** The whole frame; lower than the terminal, as the live view's. */
export function WizardView({ state, columns, rows, color }: WizardViewProps) {
  const width = Math.min(columns, MAX_COLUMNS);
  const room = Math.max(1, rows - OTHER_LINES);
  const StepView = STEP_VIEWS[state.step];
  return (
    <Box flexDirection="column" width={width}>
      <Text wrap="truncate">
        <Text bold {...paint(color, 'cyan')}>
          {TITLES[state.step]}
        </Text>
        <Text dimColor>{`  ${STEPS.indexOf(state.step) + 1} of ${STEPS.length}`}</Text>
      </Text>
      <Box flexDirection="column" marginTop={1} height={room} overflowY="hidden">
        <StepView state={state} width={width} room={room} color={color} />
      </Box>
      <Box marginTop={1}>
        <Text dimColor wrap="truncate">
          {state.typing === null ? KEYS[state.step] : 'Enter takes it · Esc leaves it'}
        </Text>
      </Box>
    </Box>
  );
}

const STEP_VIEWS = { scenario: Scenarios, techniques: Techniques, load: Load, review: Review };
