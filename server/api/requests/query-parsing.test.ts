import { expect, test } from 'vitest';
import { bulkOperations } from '../../../contract/operations/bulk-operations.ts';
import { deleteQuery, dryRunQuery, mutationQuery } from '../../../contract/operations/parts/query-parameters.ts';
import { releaseListQuery } from '../../../contract/operations/parts/release-list-query.ts';
import { operations } from '../../../contract/operations/operations.ts';
import { createFakeApi } from '../../../test/harness/fakes/fake-api.ts';
import { readQuery } from './query-parsing.ts';

test('an unknown parameter of a change is refused with the nearest name, of a read it is a warning', () => {
  expect(() => readQuery(deleteQuery, { deletePvc: 'true' }, 'refuse')).toThrow(
    'unknown query parameter deletePvc; did you mean deletePvcs?',
  );
  expect(readQuery(releaseListQuery, { views: 'summary' }).warnings).toEqual([
    { code: 'QUERY_UNKNOWN', message: 'unknown query parameter views is ignored; did you mean view?' },
  ]);
});

test('a parameter of a change that has no value is refused, but where it limits nothing; of a read it is none', () => {
  const query = operations.deleteRelease.query ?? {};
  for (const name of ['dryrun', 'hooks', 'expectedRevision', 'keepHistory', 'operationTimeoutSec', 'strict']) {
    expect(() => readQuery(query, { [name]: '' }, 'refuse')).toThrow(`${name} value is not valid : it has no value`);
  }
  const { values } = readQuery(query, { async: '', timeoutSec: '', deletePvcs: '' }, 'refuse');
  expect(values).toMatchObject({ async: false, timeoutSec: 0, deletePvcs: false });
  expect(readQuery(releaseListQuery, { view: '', labelselector: '' }).warnings).toEqual([]);
});

test.each(Object.entries(operations).filter(([, { method }]) => method !== 'GET'))(
  '%s is refused with a parameter that it does not know, before anything is done',
  async (_, { method, path }) => {
    const api = await createFakeApi();
    try {
      const url = `${path.replace('{action}', 'pause').replaceAll(/\{\w+\}/g, 'web')}?dryRun=true`;
      const answer = await api.app.inject({ method, url, payload: {} });
      expect(answer.json()).toMatchObject({
        code: 'QUERY_UNKNOWN',
        details: { parameters: expect.any(Array) as unknown },
      });
      expect(answer.statusCode).toBe(400);
    } finally {
      await api.close();
    }
  },
);

test('a label selector may be spelled as Kubernetes spells it, once', () => {
  expect(readQuery(releaseListQuery, { labelSelector: 'tier=web' })).toMatchObject({
    values: { labelselector: 'tier=web' },
    warnings: [],
  });
  expect(() => readQuery(releaseListQuery, { labelSelector: 'a=b', labelselector: 'c=d' })).toThrow('given as');
  expect(readQuery(deleteQuery, { labelSelector: 'a=b' }).warnings).toHaveLength(1);
  expect(Object.values(bulkOperations).every(({ query }) => 'labelselector' in query)).toBe(true);
});

test.each(['timeoutSec', 'operationTimeoutSec'])('%s is a day at most', (name) => {
  expect(readQuery(mutationQuery, { [name]: '86400' }).values[name]).toBe(86_400);
  expect(() => readQuery(mutationQuery, { [name]: '86401' })).toThrow('should not be more than 86400');
});

test('a switch that has further choices is read as a switch, too', () => {
  const crdsOf = (crds: string) => readQuery(dryRunQuery, { crds }).values['crds'];
  expect(['1', 'T', 'true', '0', 'false', 'apply', 'skip'].map(crdsOf)).toEqual([
    'true',
    'true',
    'true',
    'false',
    'false',
    'apply',
    'skip',
  ]);
  expect(() => crdsOf('all')).toThrow('"all" is none of false, true, create, skip, apply');
});
