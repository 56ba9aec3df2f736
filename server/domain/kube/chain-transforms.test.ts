import { expect, test } from 'vitest';
import { chainTransforms } from './chain-transforms.ts';
import type { ManifestDocument, TransformDocuments } from './manifest-document.ts';

const origin = { recorded: false, compared: false, served: () => true };
const objectOf = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

function documentOf(index: number, name: string): ManifestDocument {
  return { index, source: 's', apiVersion: 'v1', kind: 'ConfigMap', namespace: 'demo', name, object: objectOf(name) };
}

/** Renames every document once. */
const rename =
  (suffix: string): TransformDocuments =>
  (documents) => ({
    changed: documents.map(({ index, name }) => ({ index, object: objectOf(name + suffix) })),
    added: [],
    warnings: [{ code: 'RENAMED', message: suffix }],
  });
const add: TransformDocuments = () => ({ changed: [], added: [objectOf('new')], warnings: [] });
const removeFirst: TransformDocuments = ([first]) => ({
  changed: first === undefined ? [] : [{ index: first.index, object: null }],
  added: [],
  warnings: [],
});

test('each transform sees what those before it made, changed and added', () => {
  const chain = chainTransforms(rename('-a'), add, removeFirst, rename('-b'));
  const { changed, added, warnings } = chain([documentOf(0, 'one'), documentOf(1, 'two')], origin);
  expect(changed).toEqual([
    { index: 0, object: null },
    { index: 1, object: objectOf('two-a-b') },
  ]);
  expect(added).toEqual([objectOf('new-b')]);
  expect(warnings.map(({ message }) => message)).toEqual(['-a', '-b']);
});

test('what was added and removed again leaves no trace', () => {
  expect(chainTransforms(add, removeFirst)([], origin)).toEqual({ changed: [], added: [], warnings: [] });
});
