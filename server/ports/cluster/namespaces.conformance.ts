import { describe, expect, test } from 'vitest';
import type { Namespaces } from './namespaces.ts';

export type NamespacesUnderTest = {
  namespaces: Namespaces;
  /** A name that no namespace has. */
  fresh(): string;
  /** Creates an object of a user in a namespace. */
  fill(name: string): Promise<void>;
  /** Starts deleting a namespace, without ever completing. */
  terminate(name: string): Promise<void>;
};

/** The contract of every adapter of the port. */
export function namespacesConformance(name: string, open: () => NamespacesUnderTest): void {
  describe.concurrent(`namespaces by ${name}`, () => {
    test('one that was made for a task goes again with it, and is made again by another', async () => {
      const { namespaces, fresh } = open();
      const own = fresh();
      expect(await namespaces.exists(own)).toBe(false);
      await namespaces.create(own, 'task-1', null);
      expect(await namespaces.exists(own)).toBe(true);
      expect(await namespaces.removeIfUnused(own, 'task-1', null)).toBe(true);
      expect(await namespaces.exists(own)).toBe(false);
      await namespaces.create(own, 'task-2', null);
      expect(await namespaces.removeIfUnused(own, 'task-1', null)).toBe(false);
    });

    test('one that is there already is left as it is, and is not removed for whoever wanted it too', async () => {
      const { namespaces, fresh } = open();
      const own = fresh();
      await namespaces.create(own, 'task-1', null);
      await namespaces.create(own, 'task-2', null);
      expect(await namespaces.removeIfUnused(own, 'task-2', null)).toBe(false);
      expect(await namespaces.removeIfUnused(own, 'task-1', null)).toBe(true);
    });

    test('their names are told, without those that are being deleted', async () => {
      const { namespaces, fresh, terminate } = open();
      const [own, gone] = [fresh(), fresh()];
      await namespaces.create(own, 'task-1', null);
      await namespaces.create(gone, 'task-1', null);
      await terminate(gone);
      const names = await namespaces.names();
      expect(names).toContain(own);
      expect(names).not.toContain(gone);
      expect(names).toEqual(names.toSorted());
    });

    test('one that holds something else stays', async () => {
      const { namespaces, fresh, fill } = open();
      const own = fresh();
      await namespaces.create(own, 'task-1', null);
      await fill(own);
      expect(await namespaces.removeIfUnused(own, 'task-1', null)).toBe(false);
      expect(await namespaces.exists(own)).toBe(true);
    });

    test('one that does not exist is not removed', async () => {
      const { namespaces, fresh } = open();
      expect(await namespaces.removeIfUnused(fresh(), 'task-1', null)).toBe(false);
    });

    test('one that is being deleted is a problem of its own', async () => {
      const { namespaces, fresh, terminate } = open();
      const own = fresh();
      await namespaces.create(own, 'task-1', null);
      await terminate(own);
      await expect(namespaces.exists(own)).rejects.toMatchObject({ code: 'NAMESPACE_TERMINATING' });
    });
  });
}
