import { expect, test } from 'vitest';

import { readObject, readObjects } from './read-yaml.ts';

test('merge keys are merged, as helm does, and whole numbers keep their digits', async () => {
  const text = 'base: &base { cpu: 1, memory: 2Gi }\nworker:\n  <<: *base\n  cpu: 12345678901234567890\n';
  expect(await readObject(text, 'values.yaml')).toEqual({
    base: { cpu: 1, memory: '2Gi' },
    worker: { cpu: 12345678901234567890n, memory: '2Gi' },
  });
});

test('a mistake has its line and column', async () => {
  await expect(readObject('a: 1\n b: 2\n', 'values.yaml')).rejects.toThrow(/^values\.yaml: .* at line 1, column 4/);
});

test('a file may hold several objects, and empty documents are none', async () => {
  expect(await readObjects('a: 1\n---\n---\nb: 2\n---\n# nothing\n', 'all.yaml')).toEqual([{ a: 1 }, { b: 2 }]);
  expect(await readObject('', 'all.yaml')).toEqual({});
  await expect(readObject('a: 1\n---\nb: 2\n', 'all.yaml')).rejects.toThrow('all.yaml holds 2 documents');
  await expect(readObjects('a: 1\n---\n- b\n', 'all.yaml')).rejects.toThrow('all.yaml holds no object');
});
