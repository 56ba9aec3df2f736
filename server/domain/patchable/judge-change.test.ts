import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstCost } from '../../../test/harness/timing/processor-cost.ts';
import { manifestDocument, shopDocuments } from '../../../test/harness/charts/manifest-documents.ts';
import { runPlugins } from '../../../test/harness/charts/plugin-runs.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import type { DocumentChanges } from '../kube/manifest-document.ts';
import { ProblemError } from '../errors/problem-error.ts';
import { judgeChange } from './judge-change.ts';
import { patchablePaths, podPlaces } from './kind-paths.ts';

/**
 * Every leaf of a value by its path; entries of lists by their name if they have one, so that their order does not
 * matter.
 */
function leaves(value: JsonValue, path = ''): [string, string][] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item, at) => leaves(item, `${path}/${idOf(item, path) ?? at}`));
  }
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, `${path}/${key.replaceAll('/', '~1')}`));
  }
  return [[path, JSON.stringify(value)]];
}

function idOf(item: JsonValue, path: string): string | undefined {
  const key = path.endsWith('/volumeMounts')
    ? 'mountPath'
    : /\/(containers|initContainers|env|volumes)$/.test(path)
      ? 'name'
      : '';
  const id = isJsonObject(item) ? item[key] : undefined;
  return typeof id === 'string' ? id.replaceAll('/', '~1') : undefined;
}

/** The published list of a kind as one expression, independent of the rules. */
function published(kind: string): RegExp {
  const pod = podPlaces()[kind] ?? '';
  const paths = patchablePaths()
    .filter(({ kinds }) => kinds.includes(kind))
    .flatMap(({ path }) => {
      const steps = path.replace('{pod}', pod).split('/');
      // An empty object or list on the way to a patchable field.
      return steps.map((_, at) => steps.slice(0, at + 1).join('/') + (at === steps.length - 1 ? '(/.*)?' : ''));
    });
  return new RegExp(
    `^(${paths.map((path) => path.replaceAll('.', '\\.').replaceAll('(/\\.*)', '(/.*)').replaceAll('/*', '/[^/]+')).join('|')})$`,
  );
}

const expressions = new Map(allKinds().map((kind) => [kind, published(kind)]));

function allKinds(): string[] {
  return [...new Set(patchablePaths().flatMap(({ kinds }) => kinds))];
}

const documents = shopDocuments();
const targets = documents.filter(({ kind }) => kind !== 'Role');
const words = ['web', 'x', 'Always', '/tmp', 'cache', 'evil', 'metadata', 'spec'];
const fields = [
  'spec',
  'template',
  'metadata',
  'containers',
  'initContainers',
  'volumes',
  'volumeMounts',
  'env',
  'name',
  'value',
  'image',
  'args',
  'securityContext',
  'privileged',
  'runAsUser',
  'hostNetwork',
  'hostPath',
  'path',
  'emptyDir',
  'replicas',
  'labels',
  'annotations',
  'app',
  'resources',
  'limits',
  'cpu',
  'mountPath',
  'ports',
  'hostPort',
  'containerPort',
  'serviceAccountName',
  'valueFrom',
  'secretKeyRef',
  'data',
  'level',
];
const leaf = fc.oneof(
  fc.constantFrom<JsonValue>(...words),
  fc.constantFrom<JsonValue>(true, false, null, 0, 1, 80, 2000),
);
const anyValue = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  object: fc.dictionary(fc.constantFrom(...fields), tie('value'), { maxKeys: 4 }),
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value;

/** A patch close to what exists: a path of the document, and an operation on it. */
const nearby = fc.constantFrom(...targets).chain(({ kind, name, object }) => {
  const places = leaves(object).flatMap(([path]) =>
    path.split('/').map((_, at, all) => all.slice(0, at + 1).join('/')),
  );
  const real = pointers(object);
  const pointer = fc.oneof(
    fc.constantFrom(...real),
    fc
      .constantFrom(...real, ...places)
      .chain((at) => fc.constantFrom(...fields, '-', '0').map((step) => `${at}/${step}`)),
  );
  const operation = fc.record({
    op: fc.constantFrom('add', 'replace', 'remove', 'copy', 'move'),
    path: pointer,
    from: pointer,
    value: anyValue,
  });
  const json = fc
    .array(operation, { minLength: 1, maxLength: 4 })
    .map((patch) => ({ type: 'json', patch: patch as JsonValue }));
  const merged = fc
    .tuple(pointer, anyValue, fc.constantFrom('merge', 'strategic'))
    .map(([at, value, type]) => ({ type, patch: wrap(at, value) }));
  return fc.oneof(json, merged).map((patch) => ({ target: { kind, name }, ...patch }));
});

/** A harmless change, for dangerous ones to hide behind. */
const fine = fc
  .constantFrom(
    { spec: { replicas: 9 } },
    { spec: { template: { spec: { containers: [{ name: 'web', image: 'x', args: ['a'] }] } } } },
    { spec: { template: { spec: { volumes: [{ name: 'new', emptyDir: {} }] } } } },
    { metadata: { labels: { team: 'x' } } },
    { spec: { template: { metadata: { annotations: { note: null, more: 'x' } } } } },
  )
  .chain((patch) =>
    fc.constantFrom('web', 'db').map((name) => ({
      target: { kind: name === 'web' ? 'Deployment' : 'StatefulSet', name },
      type: 'strategic',
      patch: (name === 'db' ? JSON.parse(JSON.stringify(patch).replace('"web"', '"db"')) : patch) as JsonValue,
    })),
  );

function pointers(value: JsonValue, path = ''): string[] {
  const children: [string | number, JsonValue][] = Array.isArray(value)
    ? value.map((item, at) => [at, item])
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  return [path, ...children.flatMap(([key, item]) => pointers(item, `${path}/${String(key).replaceAll('/', '~1')}`))];
}

/** The value at a pointer, as the object of a merge patch; positions in lists become one-entry lists. */
function wrap(pointer: string, value: JsonValue): JsonValue {
  return pointer
    .split('/')
    .slice(1)
    .toReversed()
    .reduce<JsonValue>(
      (inner, step) =>
        /^\d+$/.test(step) ? [isJsonObject(inner) ? { name: 'web', ...inner } : inner] : { [step]: inner },
      value,
    );
}

/** What accepted patches change; nothing if they are refused. */
function acceptedChanges(patches: JsonObject[]): DocumentChanges['changed'] {
  try {
    return runPlugins(documents, [{ name: 'CustomPatch', args: { patches } }]).changed;
  } catch (error) {
    if (error instanceof ProblemError) {
      return [];
    }
    throw error;
  }
}

describe('the judgement of a change', () => {
  test('whatever patch is accepted, all that is not published as free is as it was, to the byte', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(nearby, fine), { minLength: 1, maxLength: 2 }), (patches) => {
        const changed = acceptedChanges(patches);
        for (const { index, object } of changed) {
          accepted += 1;
          const before = documents.find((document) => document.index === index)!;
          const free = expressions.get(before.kind)!;
          const fixed = (all: JsonObject) => Object.fromEntries(leaves(all).filter(([path]) => !free.test(path)));
          expect(fixed(object!)).toEqual(fixed(before.object));
        }
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  test('costs no more than the size of both', () => {
    const data = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 'x']));
    const before = manifestDocument({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data }).object;
    const after = { ...before, data: { ...data, k1: 'y' }, extra: { ...data } };
    const cost = firstCost(() =>
      expect(judgeChange(before, after, { 'data/*': { says: 'x', allows: () => true } }, [])).toEqual([
        { path: '/extra', allowed: 'nothing' },
      ]),
    );
    expect(cost).toBeLessThan(4_000);
  });

  test('the order of containers stays, new ones may come anywhere', () => {
    const pod = (...names: string[]) => ({ containers: names.map((name) => ({ name })) });
    const rules = { 'containers/*/name': { says: 'x', allows: () => true } };
    const judge = (before: JsonObject, after: JsonObject) =>
      judgeChange(before, after, rules, []).map(({ path }) => path);
    expect(judge(pod('a', 'b'), pod('b', 'a'))).toEqual(['/containers']);
    expect(judge(pod('a', 'b'), pod('n', 'a', 'm', 'b'))).toEqual([]);
  });

  test('a refusal names at most five places', () => {
    const after = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`f${i}`, i]));
    expect(judgeChange({}, after, { 'a/b': { says: 'x', allows: () => true } }, [])).toHaveLength(5);
  });
});
