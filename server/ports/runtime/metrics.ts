/** Labels of a measurement: the names that the metric was created with, each with few possible values. */
export type Labels<Name extends string> = Readonly<Record<Name, string>>;

/** Counts events; never decreases. */
export interface Counter<Name extends string> {
  add(labels: Labels<Name>, amount?: number): void;
}

/** Distribution of durations in seconds, or of sizes. */
export interface Histogram<Name extends string> {
  observe(labels: Labels<Name>, value: number): void;
}

/** Creates the metrics of a part of the server. Names follow Prometheus, with the unit at the end. */
export interface Metrics {
  counter<Name extends string>(name: string, help: string, labels: readonly Name[]): Counter<Name>;
  histogram<Name extends string>(
    name: string,
    help: string,
    labels: readonly Name[],
    buckets: readonly number[],
  ): Histogram<Name>;
  /** A value read when metrics are collected: `read` must be fast. */
  gauge(name: string, help: string, read: () => number): void;
  /** Values by one label, read when metrics are collected: exactly those that `read` returns. */
  gaugeBy(name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): void;
  /** All metrics in Prometheus' text format. */
  render(): Promise<string>;
}
