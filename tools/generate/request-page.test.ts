import { expect, test } from 'vitest';
import { ReleaseInfo } from '../../contract/schemas/release.ts';
import { ReleaseRequest } from '../../contract/schemas/release-request.ts';
import { readBody } from '../../server/api/requests/validate-body.ts';
import { checkPlugins } from '../../server/domain/plugins/check-plugins.ts';
import { toEffectiveRequest } from '../../server/domain/request/release-request.ts';
import { fieldRows, fieldTable } from './field-table.ts';
import { requestExamples } from './request-examples.ts';
import { requestPage } from './request-page.ts';

test.each(Object.entries(requestExamples))('the example %s is a request without fault', (_name, example) => {
  const options = { maxDepth: 64, maxValues: 1000, endOfText: 'end' };
  const { body, warnings } = readBody(ReleaseRequest, JSON.stringify(example), options);
  expect([body, warnings]).toEqual([example, []]);
  expect(checkPlugins(body.plugins ?? [], ['NodeAffinity'])).toEqual([]);
  expect(toEffectiveRequest(body, 'shop').name).toBe(example.name);
});

test('every field of the request says what it means', () => {
  const rows = fieldRows(ReleaseRequest);
  expect(rows.filter(({ description }) => description === '').map(({ path }) => path)).toEqual([]);
  expect(rows.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['metaInfoParams.roles[].resources.storageResources[].value.size', 'plugins[].args']),
  );
  expect(requestPage()).toContain('| `strategy.maxSurge` |');
});

test('every field of the answer says what it means, and a table of one that does not is refused', () => {
  expect(fieldRows(ReleaseInfo).filter(({ description }) => description === '')).toEqual([]);
  expect(() => fieldTable([{ path: 'a.b', kind: 'text', description: '' }])).toThrow('a.b');
});

test('the fields of the answer are those of the contract, lists and nulls aside', () => {
  const paths = fieldRows(ReleaseInfo).map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['metaInfoValues.roles[].resources.limitsMemory', 'waitingFor[].reason', 'notes']),
  );
});
