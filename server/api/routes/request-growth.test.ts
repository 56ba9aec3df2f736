import { expect, test } from 'vitest';
import { costGrowth } from '../../../test/harness/timing/cost-growth.ts';
import { ReleaseRequest } from '../../../contract/schemas/release-request.ts';
import { ProjectRequest } from '../../../contract/schemas/project.ts';
import type { JsonObject } from '../../domain/json/json.ts';
import { keepSecrets } from '../../domain/secrets/keep-secrets.ts';
import { mergePlugins } from '../../domain/request/release-plugins.ts';
import { parseMetainfo } from '../../domain/metainfo/metainfo.ts';
import { readMetainfoValues } from '../../domain/metainfo/metainfo-values.ts';
import { writeMetaInfoParams } from '../../domain/metainfo/metainfo-params.ts';
import { nearestName } from '../../domain/fields/nearest-name.ts';
import { applyJsonPatch } from '../../domain/patch/json-patch.ts';
import { PatchFailed } from '../../domain/patch/patch-failed.ts';
import { applyStrategicMerge } from '../../domain/patch/strategic-merge.ts';
import { checkPlugins } from '../../domain/plugins/check-plugins.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { wireProject } from '../../domain/projects/project-plan.ts';
import { toEffectiveRequest } from '../../domain/request/release-request.ts';
import { unsetValues } from '../../domain/values/unset-values.ts';
import { readQuery } from '../requests/query-parsing.ts';
import { readBody } from '../requests/validate-body.ts';

/** How lists of pods are merged. */
const POD_LISTS = { 'spec/containers': 'name', 'spec/containers/*/env': 'name' };

/**
 * The cost of processing a request grows in proportion to its size. Each case creates work of size `n` and measures CPU
 * time at `n` and `4n`: a quadratic algorithm takes 16 times as long, not 4.
 */
const limits = { maxDepth: 64, maxValues: 10_000_000, endOfText: 'unexpected EOF' };
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
const object = (n: number, make: (i: number) => [string, unknown]) => Object.fromEntries(times(n, make)) as JsonObject;

/** Parses a body; a refusal is a valid result too. */
function read(text: string, schema: typeof ReleaseRequest | typeof ProjectRequest = ReleaseRequest): void {
  refusable(() => void readBody(schema, text, limits));
}

function refusable(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ProblemError) && !(error instanceof PatchFailed)) {
      throw error;
    }
    expect(error.message.length).toBeLessThan(8_000);
    expect(JSON.stringify('details' in error ? error.details : {}).length).toBeLessThan(100_000);
  }
}

const nothing = { params: [], roles: [], customParams: null, dependencies: [], plugins: [], outputs: {} };

/** By attacked code: the size `n`, and the work, prepared outside the measurement. */
const CASES: Record<string, [n: number, prepare: (n: number) => () => void]> = {
  'keys given twice': [6_000, (n) => text(`{"configValues":{${'"a":1,'.repeat(n)}"b":1}}`)],
  'keys given twice below a long path': [
    6_000,
    (n) => text(`{"configValues":{"${'k'.repeat(n * 4)}":{${'"a":1,'.repeat(n)}"b":1}}}`),
  ],
  'numbers that cannot be kept below a long path': [
    6_000,
    (n) => text(`{"configValues":{"${'k'.repeat(n * 4)}":[${'12345678901234567890,'.repeat(n)}1]}}`),
  ],
  'unknown fields': [3_000, (n) => text(`{${times(n, (i) => `"nam${i}":1`).join(',')}}`)],
  'one unknown field of megabytes': [130_000, (n) => text(`{"${'name'.repeat(n)}":1}`)],
  'fields in other spellings': [6_000, (n) => text(`{${'"NAME":"a","nAME":"b",'.repeat(n)}"name":"c"}`)],
  'lines before a fault': [60_000, (n) => text(`{"configValues":{},${'\n'.repeat(n)}x`)],
  'escapes in a text': [30_000, (n) => text(`{"configValues":{"a":"${'\\u0041\\n'.repeat(n)}"}}`)],
  'params of wrong types': [
    3_000,
    (n) => text(JSON.stringify({ metaInfoParams: { params: times(n, () => ({ name: 1, value: 1 })) } })),
  ],
  'amounts that fit no alternative': [
    1_500,
    (n) =>
      text(
        JSON.stringify({ metaInfoParams: { roles: times(n, () => ({ name: 'a', resources: { limitsCpu: [] } })) } }),
      ),
  ],
  'labels that are not texts': [3_000, (n) => text(JSON.stringify({ releaseLabels: object(n, (i) => [`l${i}`, i]) }))],
  'plugins without a name': [3_000, (n) => text(JSON.stringify({ plugins: times(n, () => ({})) }))],
  'members of a project that are not objects': [
    6_000,
    (n) => text(JSON.stringify({ releases: times(n, () => 1) }), ProjectRequest),
  ],
  'params written into one object': [
    1_500,
    (n) => {
      const params = times(n, (i) => ({ name: `p${i}`, value: i }));
      const items = times(n, (i) => ({ name: `p${i}`, type: 'string', path: ['a', `k${i}`] }));
      return () => void writeMetaInfoParams({}, { params }, { ...nothing, params: items }, {});
    },
  ],
  'params written into one array of the chart': [
    1_500,
    (n) => {
      const params = times(n, (i) => ({ name: `p${i}`, value: i }));
      const items = times(n, (i) => ({ name: `p${i}`, type: 'string', path: ['list', `${i}`, 'x'] }));
      const chart = { list: times(n, () => ({ x: 0 })) };
      return () => void writeMetaInfoParams({}, { params }, { ...nothing, params: items }, chart);
    },
  ],
  'params that are mapped to nothing': [
    6_000,
    (n) => {
      const params = times(n, (i) => ({ name: 'n'.repeat(100) + i, value: 1 }));
      return () => void writeMetaInfoParams({}, { params }, nothing, {});
    },
  ],
  'a metainfo that maps to a long path': [
    6_000,
    (n) => () => void parseMetainfo(`params: [{name: a, mapKey: "${'a.'.repeat(n)}a"}]`),
  ],
  'params of a chart that all point at one large value': [
    500,
    (n) => {
      const params = times(n, (i) => ({ name: `p${i}`, type: 'string', path: ['a'] }));
      const values = { a: object(n, (i) => [`k${i}`, 'x'.repeat(50)]) };
      return () => {
        const shown = readMetainfoValues({ ...nothing, params }, values);
        expect(JSON.stringify(shown).length).toBeLessThan(20_000_000);
      };
    },
  ],
  'paths that are unset': [
    1_500,
    (n) => {
      const values = { a: object(n, (i) => [`k${i}`, i]) };
      const paths = times(n, (i) => ['a', `k${i}`]);
      return () => void unsetValues(values, paths);
    },
  ],
  'secrets that stay as they were': [
    1000,
    (n) => {
      const values = object(n, (i) => [`k${i}`, '***']);
      const rules = { schemas: [{ path: [], schema: { writeOnly: true } }], paths: [] };
      const recorded = object(n, (i) => [`k${i}`, 'old']);
      return () => void keepSecrets(values, rules, recorded, {});
    },
  ],
  'plugins of a request': [
    1_500,
    (n) => {
      const plugins = times(n, (i) => ({ name: `Plugin${i}` }));
      return () => {
        mergePlugins([], plugins);
        checkPlugins(plugins);
      };
    },
  ],
  'labels, dependencies and outputs': [
    1_500,
    (n) => {
      const request = {
        name: 'web',
        releaseLabels: object(n, (i) => [`l${i}`, 'x']) as Record<string, string>,
        dependencies: object(n, (i) => [`d${i}`, `r${i}`]) as Record<string, string>,
      };
      return () => refusable(() => void toEffectiveRequest(request, 'demo'));
    },
  ],
  'operations on one object': [
    666,
    (n) => {
      const operations = times(n, (i) => ({ op: 'add', path: `/a/k${i}`, value: i }));
      return () => refusable(() => void applyJsonPatch({ a: {} }, operations));
    },
  ],
  'copies that double': [
    10,
    (n) => {
      const operations = times(n * 4, (i) => ({ op: 'copy', from: '/a', path: `/a/k${i}` }));
      return () => refusable(() => void applyJsonPatch({ a: { text: 'x'.repeat(100) } }, operations));
    },
  ],
  'tests of one large object': [
    500,
    (n) => {
      const document = { a: object(n, (i) => [`k${i}`, i]) };
      const operations = times(n, () => ({ op: 'test', path: '/a', value: document.a ?? null }));
      return () => refusable(() => void applyJsonPatch(document, operations));
    },
  ],
  'a strategic merge of a long list': [
    1000,
    (n) => {
      const env = times(n, (i) => ({ name: `E${i}`, value: '1' }));
      const order = times(n, (i) => ({ name: `E${n - i}` }));
      const patch = { spec: { containers: [{ name: 'web', env, '$setElementOrder/env': order }] } };
      const target = { spec: { containers: [{ name: 'web', env: env.slice(0, n / 2) }] } };
      return () => void applyStrategicMerge(target, patch, POD_LISTS);
    },
  ],
  'deletions from a long list': [
    1000,
    (n) => {
      const env = times(n, (i) => ({ name: `E${i}`, value: '1' }));
      const patch = { spec: { containers: [{ name: 'web', env: env.map((one) => ({ ...one, $patch: 'delete' })) }] } };
      return () => void applyStrategicMerge({ spec: { containers: [{ name: 'web', env }] } }, patch, POD_LISTS);
    },
  ],
  'members of a project in a ring': [
    100,
    (n) => {
      const members = times(n, (i) => ({
        name: `r${i}`,
        chartName: `c${i}`,
        dependencies: { next: `r${(i + 1) % n}` },
        metainfo: null,
      }));
      return () => refusable(() => void wireProject(members, 'demo'));
    },
  ],
  'unknown query parameters': [
    1_500,
    (n) => {
      const query = object(n, (i) => [`p${i}`, 'x']) as Record<string, string>;
      return () => void readQuery({ async: { type: 'boolean' } }, query);
    },
  ],
  'the nearest name of a long one': [
    130_000,
    (n) => {
      const name = 'n'.repeat(n);
      return () => void nearestName(name, ['name', 'n'.repeat(n - 1)]);
    },
  ],
};

function text(body: string, schema: typeof ReleaseRequest | typeof ProjectRequest = ReleaseRequest): () => void {
  return () => read(body, schema);
}

test.each(Object.entries(CASES))('%s cost in proportion to their number', (_what, [n, prepare]) => {
  const [small, large] = [prepare(n), prepare(n * 4)];
  small();
  expect(costGrowth(small, large, 10)).toBeLessThan(10);
});
