import { describe, expect, it } from 'vitest';
import { costGrowth } from '../../../test/harness/timing/cost-growth.ts';
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

  it('go by the place of a Secret, whatever its labels say', () => {
    const index = createHelmRecordIndex();
    index.put(record('web', '1', 'deployed'));
    const forged = { ...record('web', '2', 'deployed'), labels: { name: 'other', version: '99', status: 'deployed' } };
    expect(index.put(forged)).toBe('demo/web');
    expect(index.latest('demo/web')?.revision).toBe(2);
    expect(index.keys()).toEqual(['demo/web']);
    index.remove(forged);
    expect(index.latest('demo/web')?.revision).toBe(1);
  });

  it.each([
    'web',
    'sh.helm.release.v1.web',
    'sh.helm.release.v1.web.v0',
    'sh.helm.release.v1..v1',
    'sh.helm.release.v1.web.vx',
    'sh.helm.release.v1.a/b.v1',
    'sh.helm.release.v1.Web.v1',
    'sh.helm.release.v1.-web.v1',
    `sh.helm.release.v1.${'n'.repeat(54)}.v1`,
  ])('leave out a Secret called %s: it is not Helm’s', (name) => {
    const index = createHelmRecordIndex();
    const labels = { name: 'web', version: '1', status: 'deployed' };
    expect(index.put({ name, namespace: 'demo', labels })).toBeUndefined();
    expect(index.keys()).toEqual([]);
  });

  it('leave out what lies in the namespace in which there are no releases, and nothing else', () => {
    const index = createHelmRecordIndex('walm-system');
    expect(index.put(record('walm', '1', 'deployed', 'walm-system'))).toBeUndefined();
    expect(index.replace([record('walm', '2', 'deployed', 'walm-system'), record('web', '1', 'deployed')])).toEqual([
      'demo/web',
    ]);
    expect(index.remove(record('walm', '2', 'deployed', 'walm-system'))).toBeUndefined();
  });

  it('know the newest of ten thousand without looking at all of them', () => {
    const putting = (count: number) => () => {
      const index = createHelmRecordIndex();
      for (let version = 1; version <= count; version++) {
        index.put(record('web', String(version), 'deployed'));
        index.latest('demo/web');
      }
    };
    expect(costGrowth(putting(1_000), putting(10_000), 30)).toBeLessThan(30);
  });
});
