import { expect, test } from 'vitest';
import { currentLifetime } from './current-lifetime.ts';
import type { HelmStatus } from '../revisions/helm-status.ts';

const life = (...entries: [status: HelmStatus, description: string][]) =>
  currentLifetime(entries.map(([status, description], at) => ({ revision: at + 1, status, description }))).map(
    ({ description }) => description,
  );

test('what was before an uninstall or a detachment is another life', () => {
  expect(life(['superseded', 'a'], ['deployed', 'b'])).toEqual(['b', 'a']);
  expect(life(['superseded', 'a'], ['uninstalled', 'gone'], ['deployed', 'b'])).toEqual(['b']);
  expect(life(['superseded', 'a'], ['superseded', 'detached by alice'], ['deployed', 'b'])).toEqual(['b']);
  expect(life(['superseded', 'a'], ['deployed', 'detached'])).toEqual([]);
  expect(life(['superseded', 'a'], ['deployed', 'detached volumes moved'])).toEqual(['detached volumes moved', 'a']);
});
