/* What the page's scripts are given; they are compiled against it, so it imports nothing. */

/** How a row looks wherever it is drawn. */
export interface Tone {
  /** One of the page's colours, from 0; `null`: that of the controls. */
  readonly color: number | null;
  /** 0: solid; others are dashed: a further source, or more rows than colours. */
  readonly dash: number;
}

/** One chart, as the page's script draws it. */
export interface ChartData {
  readonly id: string;
  /** What a value on the x axis is, for those who read values one by one. */
  readonly x: {
    readonly title: string;
    readonly values: readonly number[];
    /** Where the axis has a mark, and what stands there. */
    readonly ticks: readonly { readonly at: number; readonly text: string }[];
    /** What the readout calls each value. */
    readonly names: readonly string[];
    readonly min: number;
    readonly max: number;
    readonly log?: boolean;
  };
  readonly y: {
    readonly title: string;
    readonly unit: string;
    readonly log: boolean;
  };
  /** A line across, such as the tolerated delay. */
  readonly across: { readonly at: number; readonly text: string } | null;
  /** Lines down, each with the rows that it is about: it goes where one of them is switched off. */
  readonly marks?: readonly { readonly at: number; readonly text: string; readonly rows: readonly number[] }[];
  readonly series: readonly ChartSeries[];
}

export interface ChartSeries {
  readonly label: string;
  /** The row of the report that it belongs to: what the legend switches. */
  readonly row: number;
  readonly tone: Tone;
  /** One value for each on the x axis; `null`: not measured, and a gap. */
  readonly values: readonly (number | null)[];
  readonly look: 'line' | 'points';
  /** Whether a line goes on over what was not measured; absent: it does not. */
  readonly joined?: boolean;
  /** One of several views of the chart that a button chooses; absent: always there. */
  readonly view?: string;
}
