import { expect, test } from 'vitest';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { foldWarnings } from './fold-warnings.ts';

const about = (kind: string, name: string) => ({ apiVersion: 'extensions/v1beta1', kind, namespace: 'shop', name });
const converted = (kind: string, name: string, to = 'apps/v1'): Warning => ({
  code: 'API_VERSION_CONVERTED',
  message: `${kind} ${name}: the cluster no longer serves extensions/v1beta1, it was converted to ${to}`,
  object: about(kind, name),
});

test('what is said of many objects of a kind is said once, with how many they are', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const [deployments, ingress, ...rest] = foldWarnings([
    ...names.map((name) => converted('Deployment', name)),
    converted('Ingress', 'a', 'networking.k8s.io/v1'),
  ]);
  expect(rest).toEqual([]);
  expect(deployments).toEqual({
    code: 'API_VERSION_CONVERTED',
    message:
      '7 objects of kind Deployment (a, b, c, d, e, 2 more): the cluster no longer serves extensions/v1beta1, it was converted to apps/v1',
    object: about('Deployment', 'a'),
    count: 7,
  });
  expect(ingress).toEqual(converted('Ingress', 'a', 'networking.k8s.io/v1'));
});

test('entries of lists are not a difference, and one object is one', () => {
  const removed = (name: string, at: number): Warning => ({
    code: 'FIELD_REMOVED',
    message: `Deployment ${name}: apps/v1 has no field /spec/containers/${at}/x; it was removed`,
    object: about('Deployment', name),
    path: `/spec/containers/${at}/x`,
  });
  expect(foldWarnings([removed('a', 0), removed('a', 1)])).toEqual([removed('a', 0), removed('a', 1)]);
  expect(foldWarnings([removed('a', 0), removed('a', 0)])).toEqual([removed('a', 0)]);
  expect(foldWarnings([removed('a', 0), removed('b', 1), removed('b', 0)])).toMatchObject([{ count: 2 }]);
});

test('other warnings stay as they are', () => {
  const others: Warning[] = [
    { code: 'A', message: 'x' },
    { code: 'A', message: 'y' },
    { code: 'B', message: 'Deployment a is odd', object: about('Deployment', 'a') },
    { code: 'B', message: 'Deployment b is odd', object: about('Deployment', 'b') },
    { code: 'B', message: 'Deployment b: is odd', object: about('Service', 'b') },
  ];
  expect(foldWarnings(others)).toEqual(others);
});
