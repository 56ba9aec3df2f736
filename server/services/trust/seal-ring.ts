import type { SealSigner } from '../../domain/seals/seal-signer.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { KeyRing, SealKeys } from '../../ports/storage/seal-keys.ts';
import { createSealSigner, ringId, sharedCacheKey } from './seal-signers.ts';

/** How long keys are trusted without reading them again, in milliseconds: a removed key counts no longer than this. */
const BELIEVED_MS = 30_000;
/** How soon an unknown key is looked up again: anyone can write a seal that names one. */
const UNKNOWN_AGAIN_MS = 2_000;

/** The seal keys in the form that this process uses. */
export type SealRing = {
  record(): Promise<SealSigner>;
  task(): Promise<SealSigner>;
  /** Key for the signatures of the Redis mirror. */
  sharedCache(): Promise<Uint8Array>;
  /**
   * Reads the keys again, unless that was done a moment ago: another replica may have created a key that is unknown
   * here.
   */
  refresh(): Promise<void>;
  /** Calls back when the keys have changed. */
  onChange(listener: () => void): () => void;
};

type Known = { id: string; readAt: number; record: SealSigner; task: SealSigner; sharedCache: Uint8Array };

export type SealRingDeps = {
  keys: SealKeys;
  clock: Pick<Clock, 'now'>;
  /** Called when known keys cannot be read again; they stay in use. */
  onError: (error: unknown) => void;
};

/** Reads the keys when they are needed. Each method rejects until the keys have been read once. */
export function createSealRing({ keys, clock, onError }: SealRingDeps): SealRing {
  const listeners = new Set<() => void>();
  let known: Known | undefined;
  let reading: Promise<Known> | undefined;

  function take(ring: KeyRing): Known {
    const id = ringId(ring);
    const before = known;
    if (before?.id === id) {
      known = { ...before, readAt: clock.now() };
      return known;
    }
    known = {
      id,
      readAt: clock.now(),
      record: createSealSigner(ring, 'record'),
      task: createSealSigner(ring, 'task'),
      sharedCache: sharedCacheKey(ring),
    };
    if (before !== undefined) {
      listeners.forEach((listener) => listener());
    }
    return known;
  }

  async function read(): Promise<Known> {
    try {
      return take(await keys.read());
    } catch (error) {
      if (known === undefined) {
        throw error;
      }
      onError(error);
      known = { ...known, readAt: clock.now() };
      return known;
    } finally {
      reading = undefined;
    }
  }

  async function current(believedMs: number): Promise<Known> {
    if (known !== undefined && clock.now() - known.readAt < believedMs) {
      return known;
    }
    reading ??= read();
    return reading;
  }

  return {
    record: async () => (await current(BELIEVED_MS)).record,
    task: async () => (await current(BELIEVED_MS)).task,
    sharedCache: async () => (await current(BELIEVED_MS)).sharedCache,
    async refresh() {
      await current(UNKNOWN_AGAIN_MS);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
