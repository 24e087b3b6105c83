/** What `rtbench conform --json` writes. */
export interface ConformanceReport {
  readonly schemaVersion: 1;
  readonly kind: 'conformance';
  readonly tool: { readonly name: string; readonly version: string };
  /** ISO 8601. */
  readonly startedAt: string;
  readonly url: string;
  /** At least one technique is there, each that was asked for is, and none lacks anything required. */
  readonly conforms: boolean;
  readonly techniques: readonly TechniqueOutcome[];
}

export interface TechniqueOutcome {
  readonly transport: string;
  readonly label: string;
  /** `absent`: the server does not offer it; that fails where it was asked for by name. */
  readonly state: 'conforms' | 'fails' | 'absent';
  /** Why it is absent; else `null`. */
  readonly reason: string | null;
  readonly checks: readonly CheckOutcome[];
}

export interface CheckOutcome {
  readonly id: string;
  readonly title: string;
  readonly level: 'required' | 'recommended';
  readonly state: 'passed' | 'failed' | 'not checked';
  /** What came instead, or why it was not checked; `null` where it passed. */
  readonly reason: string | null;
}
