import { describe, expect, it } from 'vitest';
import { kubeObject, picture, warning } from '../../../test/harness/clients/kube-objects.ts';
import { createObjectIndex } from './object-index.ts';

const names = (objects: readonly { metadata: { name: string } }[]) => objects.map(({ metadata }) => metadata.name);

function owned(kind: string, name: string, uid: string, creationTimestamp = '') {
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Any', name: 'any', uid }];
  const apiVersion = { ReplicaSet: 'apps/v1', Job: 'batch/v1' }[kind] ?? 'v1';
  return kubeObject(apiVersion, kind, name, {}, { ownerReferences, creationTimestamp });
}

describe('the objects in memory', () => {
  it('are found by their owners, pods through what lies between, the oldest first', () => {
    const index = createObjectIndex();
    index.put(owned('ReplicaSet', 'web-1', 'web'));
    index.put(owned('Pod', 'young', 'ReplicaSet/web-1', '2026-01-02T00:00:00Z'));
    index.put(owned('Pod', 'old', 'ReplicaSet/web-1', '2026-01-01T00:00:00Z'));
    index.put(owned('Pod', 'direct', 'web', '2026-01-03T00:00:00Z'));
    index.put(owned('ConfigMap', 'other', 'web'));
    expect(names(index.podsOf('web'))).toEqual(['old', 'young', 'direct']);
    expect(names(index.ownedBy('web'))).toEqual(['direct', 'other', 'web-1']);
  });

  it('change their owner when they are put again, and lose it when they go', () => {
    const index = createObjectIndex();
    index.put(owned('Pod', 'one', 'first'));
    index.put(owned('Pod', 'one', 'second'));
    expect([index.podsOf('first'), names(index.podsOf('second'))]).toEqual([[], ['one']]);
    index.remove(owned('Pod', 'one', 'second'));
    expect([index.podsOf('second'), index.byUid('Pod/one')]).toEqual([[], undefined]);
  });

  it('replacing a kind replaces all its objects and reports the removed ones', () => {
    const index = createObjectIndex();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => kubeObject('v1', 'ConfigMap', name));
    expect(index.knows('v1', 'ConfigMap')).toBe(false);
    index.replaceKind(
      'v1',
      'ConfigMap',
      [a, b].flatMap((object) => object ?? []),
    );
    const gone = index.replaceKind(
      'v1',
      'ConfigMap',
      [b, c].flatMap((object) => object ?? []),
    );
    expect([names(gone), names(index.list('v1', 'ConfigMap'))]).toEqual([['a'], ['b', 'c']]);
    expect(index.knows('v1', 'ConfigMap')).toBe(true);
    index.forgetKind('v1', 'ConfigMap');
    expect([index.list('v1', 'ConfigMap'), index.knows('v1', 'ConfigMap')]).toEqual([[], false]);
  });
});

describe('what is not to be seen', () => {
  const ref = (kind: string, namespace: string) => ({ apiVersion: 'v1', kind, namespace, name: 'one' });

  it('are objects outside of the namespaces that are looked after', () => {
    const index = createObjectIndex(['demo']);
    const hidden = ['demo', 'other', ''].map((namespace) => index.isHidden(ref('ConfigMap', namespace)));
    expect(hidden).toEqual([false, true, false]);
    expect(createObjectIndex().isHidden(ref('ConfigMap', 'other'))).toBe(false);
  });

  it('are kinds that are refused, until they can be listed', () => {
    const index = createObjectIndex();
    index.hideKind('v1', 'Secret');
    expect([index.isHidden(ref('Secret', 'demo')), index.isHidden(ref('Pod', 'demo'))]).toEqual([true, false]);
    index.replaceKind('v1', 'Secret', []);
    expect(index.isHidden(ref('Secret', 'demo'))).toBe(false);
  });

  it('is kept separately by namespace when one of several is listed again', () => {
    const index = createObjectIndex(['a', 'b']);
    const [inA, inB] = ['a', 'b'].map((namespace) => kubeObject('v1', 'ConfigMap', 'one', {}, { namespace }));
    index.replaceKind('v1', 'ConfigMap', inA === undefined ? [] : [inA], 'a');
    index.replaceKind('v1', 'ConfigMap', inB === undefined ? [] : [inB], 'b');
    expect(index.replaceKind('v1', 'ConfigMap', [], 'b').map(({ metadata }) => metadata.namespace)).toEqual(['b']);
    expect(index.list('v1', 'ConfigMap').map(({ metadata }) => metadata.namespace)).toEqual(['a']);
  });
});

describe('the warnings in memory', () => {
  const web = kubeObject('v1', 'Pod', 'web');

  it('are the newest of each reason, the newest first', () => {
    const index = picture(
      warning(web, 'Unhealthy', 'first', '2026-01-01T00:00:00Z'),
      warning(web, 'BackOff', 'second', '2026-01-01T00:00:01Z'),
      warning(web, 'Unhealthy', 'third', '2026-01-01T00:00:02Z'),
      warning(kubeObject('v1', 'Pod', 'other'), 'Unhealthy', 'of another', '2026-01-01T00:00:03Z'),
    );
    expect(index.warningsOf('Pod/web').map(({ message }) => message)).toEqual(['third', 'second']);
  });

  it('go with their event, and with a new list of events', () => {
    const [first, second] = [warning(web, 'Unhealthy', 'first'), warning(web, 'BackOff', 'second')];
    const index = picture(first, second);
    expect(index.warnings.remove(first)).toBe('Pod/web');
    expect(index.warningsOf('Pod/web').map(({ reason }) => reason)).toEqual(['BackOff']);
    index.warnings.replace([]);
    expect(index.warningsOf('Pod/web')).toEqual([]);
  });
});
