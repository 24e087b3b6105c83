import type { Dashboard } from './dashboard.js';
import type { Command } from './keys.js';
import { openPlain } from './plain.js';
import type { WizardEnd, WizardOptions } from './wizard/open.js';

export type { Dashboard } from './dashboard.js';
export type { Command } from './keys.js';
export type { WizardEnd } from './wizard/open.js';
export type { Choice, Estimate, Field, ScenarioOffer, TechniqueOffer, WizardFacts } from './wizard/state.js';
export { argsOf, FIELDS } from './wizard/state.js';

/** `live`: a view that redraws itself; `plain`: a line at a time; `quiet`: nothing. */
export type DashboardMode = 'live' | 'plain' | 'quiet';

export interface ModeFacts {
  /** Whether the stream to write to is a terminal. */
  readonly isTTY: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** `--no-ui` */
  readonly noUi: boolean;
  /** `--quiet` */
  readonly quiet: boolean;
}

/** How to show progress: live only where someone sits at a terminal that can move its cursor. */
export function chooseMode({ isTTY, env, noUi, quiet }: ModeFacts): DashboardMode {
  if (quiet) return 'quiet';
  return noUi || !isTTY || env.TERM === 'dumb' || isCi(env) ? 'plain' : 'live';
}

// Ink draws nothing where these say CI, whatever it is told; so the two must agree.
function isCi(env: NodeJS.ProcessEnv): boolean {
  return ['CI', 'CONTINUOUS_INTEGRATION'].some((key) => env[key] !== undefined && !['0', 'false'].includes(env[key]));
}

export interface DashboardOptions {
  readonly mode: DashboardMode;
  /** Where to show it: stderr where stdout is for a document. */
  readonly stream: NodeJS.WriteStream;
  /** For `NO_COLOR`, which takes the colours and nothing else. */
  readonly env: NodeJS.ProcessEnv;
  /** Where keys come from in the live view, and who takes what they ask for; absent: no keys. */
  readonly keyboard?: NodeJS.ReadStream;
  readonly onCommand?: (command: Command) => void;
}

/**
 * Opens a dashboard. The live view is loaded here and only when asked for (0.35 s), so await it before the first run,
 * which the loading would disturb.
 */
export async function openDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { mode, stream, env, keyboard, onCommand } = options;
  if (mode === 'quiet') return { onEvent() {}, async close() {} };
  if (mode === 'plain') return openPlain(stream);
  const { openLive } = await inProduction(() => import('./live.js'));
  return openLive({ stream, color: !env.NO_COLOR, keyboard, onCommand });
}

/** Asks in a terminal what to measure. Loaded as the live view is. */
export async function openWizard(options: WizardOptions): Promise<WizardEnd> {
  const { askWizard } = await inProduction(() => import('./wizard/open.js'));
  return askWizard(options);
}

// React chooses its build by NODE_ENV while it loads. Its development build takes twice the CPU for a frame and keeps
// a performance entry of each. The variable is put back, so that no child process runs differently for our looks.
async function inProduction<Module>(load: () => Promise<Module>): Promise<Module> {
  if (process.env.NODE_ENV !== undefined) return load();
  process.env.NODE_ENV = 'production';
  try {
    return await load();
  } finally {
    delete process.env.NODE_ENV;
  }
}
