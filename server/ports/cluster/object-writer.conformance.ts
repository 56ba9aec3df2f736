import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../domain/kube/kube-object.ts';
import type { NewObject, ObjectWriter } from './object-writer.ts';

/** A writer under test, with an empty namespace, and what is there. */
export type ObjectWriterUnderTest = {
  writer: ObjectWriter;
  namespace: string;
  find(name: string): Promise<KubeObject | null>;
};

/** The contract of every adapter of the port. */
export function objectWriterConformance(name: string, open: () => Promise<ObjectWriterUnderTest>): void {
  const secret = (namespace: string): NewObject => ({
    kind: 'Secret',
    namespace,
    name: 'login',
    labels: { tier: 'web' },
    content: { type: 'Opaque', data: { a: 'aGVsbG8=', b: 'aGVsbG8=' } },
  });
  const ref = (namespace: string) => ({ kind: 'Secret', namespace, name: 'login' }) as const;

  describe(`objects written by ${name}`, () => {
    test('are made once', async () => {
      const { writer, namespace, find } = await open();
      const made = await writer.create(secret(namespace), null);
      expect(made).toMatchObject({ metadata: { name: 'login', namespace, uid: expect.any(String) } });
      expect(await writer.create(secret(namespace), null)).toBeNull();
      expect(await find('login')).toMatchObject({
        kind: 'Secret',
        metadata: { labels: { tier: 'web' } },
        type: 'Opaque',
        data: { a: 'aGVsbG8=' },
      });
    });

    test('are replaced as they were read, or not at all', async () => {
      const { writer, namespace, find } = await open();
      await writer.create(secret(namespace), null);
      const read = { ...(await find('login'))!, kind: 'Secret' } as const;
      expect(await writer.replace({ ...read, data: { c: 'Yw==' } }, null)).toBe('done');
      expect((await find('login'))?.data).toEqual({ c: 'Yw==' });
      expect(await writer.replace(read, null)).toBe('changed');
      const missing = { ...read, metadata: { ...read.metadata, name: 'missing' } };
      expect(['absent', 'changed']).toContain(await writer.replace(missing, null));
    });

    test('are patched: null removes', async () => {
      const { writer, namespace, find } = await open();
      await writer.create(secret(namespace), null);
      const labels = { tier: null, part: 'front' };
      expect(await writer.patch(ref(namespace), { metadata: { labels } }, null)).toBe('done');
      expect((await find('login'))?.metadata.labels).toEqual({ part: 'front' });
      expect(await writer.patch({ ...ref(namespace), name: 'missing' }, { metadata: { labels } }, null)).toBe('absent');
    });

    test('are patched as they were read, if the patch says so, or not at all', async () => {
      const { writer, namespace, find } = await open();
      await writer.create(secret(namespace), null);
      const resourceVersion = (await find('login'))?.metadata.resourceVersion ?? '';
      const patch = (part: string) => ({ metadata: { resourceVersion, labels: { part } } });
      expect(await writer.patch(ref(namespace), patch('one'), null)).toBe('done');
      expect(await writer.patch(ref(namespace), patch('two'), null)).toBe('changed');
      expect((await find('login'))?.metadata.labels).toMatchObject({ part: 'one' });
    });

    test('are deleted if they are the one that is meant', async () => {
      const { writer, namespace, find } = await open();
      const made = await writer.create(secret(namespace), null);
      const other = '00000000-0000-4000-8000-000000000000';
      expect(await writer.remove({ ...ref(namespace), uid: other }, null)).toBe('changed');
      expect(await find('login')).not.toBeNull();
      expect(await writer.remove({ ...ref(namespace), uid: made!.metadata.uid! }, null)).toBe('done');
      expect(await find('login')).toBeNull();
      expect(await writer.remove(ref(namespace), null)).toBe('absent');
    });
  });
}
