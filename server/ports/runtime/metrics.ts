/** Labels of one measurement: the names that the metric was made with, each with a value of few possibilities. */
export type Labels<Name extends string> = Readonly<Record<Name, string>>;

/** Counts events; only grows. */
export interface Counter<Name extends string> {
  add(labels: Labels<Name>, amount?: number): void;
}

/** Distribution of durations in seconds, or of sizes. */
export interface Histogram<Name extends string> {
  observe(labels: Labels<Name>, value: number): void;
}

/** What a part of the server needs to measure itself. Names as Prometheus wants them, with the unit at the end. */
export interface Metrics {
  counter<Name extends string>(name: string, help: string, labels: readonly Name[]): Counter<Name>;
  histogram<Name extends string>(
    name: string,
    help: string,
    labels: readonly Name[],
    buckets: readonly number[],
  ): Histogram<Name>;
  /** A value that is read when the metrics are: `read` must be quick. */
  gauge(name: string, help: string, read: () => number): void;
  /** Values by one label, read when the metrics are: those of `read` and no others. */
  gaugeBy(name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): void;
  /** All metrics in Prometheus' text format. */
  render(): Promise<string>;
}
