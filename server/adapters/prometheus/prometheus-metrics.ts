import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../../ports/runtime/metrics.ts';

/** Metrics in a registry of their own, including those of the process (memory, event loop, garbage collection). */
export function createPrometheusMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    counter(name, help, labels) {
      const counter = new Counter({ name, help, labelNames: [...labels], registers });
      return { add: (values, amount = 1) => counter.inc({ ...values }, amount) };
    },
    histogram(name, help, labels, buckets) {
      const histogram = new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers });
      return { observe: (values, value) => histogram.observe({ ...values }, value) };
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    gaugeBy(name, help, label, read) {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset();
          for (const [value, amount] of read()) {
            this.set({ [label]: value }, amount);
          }
        },
      });
    },
    render: () => registry.metrics(),
  };
}
