import { createHash } from 'node:crypto';

import type { MemoryChart } from '../../server/adapters/memory/helm-charts.ts';
import { asNumber, asString, valueAt } from '../../server/domain/json/json-reading.ts';

/** The bytes that represent the chart's archive. */
export const ARCHIVE = Buffer.from('the one chart of the simulated world');
export const CHART_DIGEST = createHash('sha256').update(ARCHIVE).digest('hex');

/**
 * A workload and its configuration: both show `value`, `replicas` is the number of pods, and `db.value` is an output of
 * a provider.
 */
export const CHART: MemoryChart = {
  name: 'app',
  version: '1.0.0',
  render(values) {
    const value = asString(values['value']);
    const db = asString(valueAt(values, 'db', 'value'));
    const name = asString(values['name']);
    const document = (apiVersion: string, kind: string, rest: object) => ({
      index: 0,
      source: `app/templates/${kind.toLowerCase()}.yaml`,
      apiVersion,
      kind,
      namespace: asString(values['namespace']),
      name,
      object: { apiVersion, kind, metadata: { name }, ...rest },
    });
    return [
      document('v1', 'ConfigMap', { data: { value, db } }),
      document('apps/v1', 'Deployment', {
        spec: {
          replicas: asNumber(values['replicas'], 2),
          template: { metadata: { annotations: { value, db } } },
        },
      }),
    ];
  },
};
