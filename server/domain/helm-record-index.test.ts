import { describe, expect, it } from 'vitest';
import { createHelmRecordIndex } from './helm-record-index.ts';

function record(name: string, version: string, status: string, namespace = 'demo') {
  return { name: `sh.helm.release.v1.${name}.v${version}`, namespace, uid: 'u', labels: { name, version, status } };
}

describe("Helm's records in memory", () => {
  it('know the highest revision by its number, not by its text', () => {
    const index = createHelmRecordIndex();
    ['9', '10', '2'].forEach((version) => index.put(record('web', version, 'deployed')));
    expect(index.latest('demo/web')?.revision).toBe(10);
    expect(index.revisions('demo/web').map(({ revision }) => revision)).toEqual([2, 9, 10]);
  });

  it('forget a release with its last record', () => {
    const index = createHelmRecordIndex();
    index.put(record('web', '1', 'deployed'));
    expect(index.remove(record('web', '1', 'deployed'))).toBe('demo/web');
    expect([index.keys(), index.latest('demo/web')]).toEqual([[], undefined]);
  });

  it('tell of every release that a new list may have changed, also of those it no longer has', () => {
    const index = createHelmRecordIndex();
    index.put(record('gone', '1', 'deployed'));
    const changed = index.replace([record('web', '1', 'deployed'), record('web', '2', 'deployed')]);
    expect(changed).toEqual(['demo/gone', 'demo/web']);
    expect(index.keys()).toEqual(['demo/web']);
  });

  it('leave the other namespaces alone when the list is that of one', () => {
    const index = createHelmRecordIndex();
    index.put(record('web', '1', 'deployed', 'other'));
    index.put(record('gone', '1', 'deployed'));
    expect(index.replace([record('web', '1', 'deployed')], 'demo')).toEqual(['demo/gone', 'demo/web']);
    expect(index.keys()).toEqual(['other/web', 'demo/web']);
  });

  it.each([
    ['without a name', { version: '1' }],
    ['without a revision', { name: 'web' }],
    ['whose revision is no number', { name: 'web', version: 'x' }],
  ])('leave out a Secret %s: it is not Helm’s', (_name, labels) => {
    const index = createHelmRecordIndex();
    expect(index.put({ name: 's', namespace: 'demo', labels })).toBeUndefined();
    expect(index.keys()).toEqual([]);
  });
});
