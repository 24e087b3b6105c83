import type { Overlay } from '../report/overlay.js';
import type { Report } from '../report/schema.js';

/** Turns a report into text, and does nothing else: no clock, no files, no terminal. */
export interface Reporter {
  /** Lower case; the name of the format. */
  readonly name: string;
  /** One line for a list of formats. */
  readonly summary: string;
  /** Ends with a line break. */
  render(report: Report, options: RenderOptions): string;
  /** Several reports side by side; absent: this format is for one. */
  readonly renderOverlay?: (overlay: Overlay, options: RenderOptions) => string;
}

export interface RenderOptions {
  /** Columns of the terminal; formats without columns ignore it. */
  readonly width: number;
  /** Whether ANSI colours may be used. */
  readonly color: boolean;
  /** Whether to print everything that was measured, and not only what a decision takes. */
  readonly details: boolean;
}
