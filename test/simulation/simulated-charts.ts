import { createHash } from 'node:crypto';

import type { MemoryChart } from '../../server/adapters/memory/helm-charts.ts';
import { asNumber, asString, valueAt } from '../../server/domain/json/json-reading.ts';

/** The bytes used as the chart's archive. */
export const ARCHIVE = Buffer.from('the one chart of the simulated world');
export const CHART_DIGEST = createHash('sha256').update(ARCHIVE).digest('hex');

/** A value with which the pods of the chart never become ready. */
export const BROKEN_VALUE = 'broken';
/** A value that the cluster refuses. */
export const FORBIDDEN_VALUE = 'forbidden';

const KEPT = { 'helm.sh/resource-policy': 'keep' };

/**
 * A workload and its configuration: both contain `value`, `replicas` is the number of pods, and `db.value` is what a provider
 * publishes. `kept` adds an object that is never deleted, `shared` one object for each name.
 */
export const CHART: MemoryChart = {
  name: 'app',
  version: '1.0.0',
  render(values) {
    const value = asString(values['value']);
    const db = asString(valueAt(values, 'db', 'value'));
    const name = asString(values['name']);
    const document = (apiVersion: string, kind: string, rest: object, called = name, annotations = {}) => ({
      index: 0,
      source: `app/templates/${kind.toLowerCase()}.yaml`,
      apiVersion,
      kind,
      namespace: asString(values['namespace']),
      name: called,
      object: { apiVersion, kind, metadata: { name: called, annotations }, ...rest },
    });
    const shared = asString(values['shared'])
      .split(',')
      .filter((called) => called !== '');
    return [
      ...(values['kept'] === undefined ? [] : [document('v1', 'ConfigMap', { data: {} }, `${name}-kept`, KEPT)]),
      ...shared.map((called) => document('v1', 'ConfigMap', { data: { value } }, called)),
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
