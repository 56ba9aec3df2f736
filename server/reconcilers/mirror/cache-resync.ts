import { type Clock, whenAborted } from '../../ports/runtime/clock.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import { SHARED_HASHES, type SharedCache, type SharedHash } from '../../ports/storage/shared-cache.ts';
import { createAlarm } from '../loop/alarm.ts';
import type { MirrorSource } from './mirror-source.ts';
import { type LeaderTerm, whileLeading } from '../loop/while-leading.ts';

export type CacheResyncDeps = {
  shared: SharedCache;
  source: MirrorSource;
  /** Resolves when `source` is complete: only then is an unknown field superfluous. */
  complete: Promise<void>;
  leadership: Pick<Leadership, 'isLeader' | 'subscribe'>;
  clock: Clock;
  /** Interval between two comparisons of everything, in milliseconds. */
  resyncMs: number;
  onError: (error: unknown) => void;
  /**
   * Called for each field written, with the seconds that the change waited; null: a comparison found the field wrong.
   */
  onWritten: (lagSeconds: number | null) => void;
};

export type CacheResync = {
  /** Writes while this replica leads, until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Number of fields still to be checked. */
  pending(): number;
};

/** `since` in milliseconds since the epoch; null if the check comes from a comparison of everything. */
type Pending = { hash: SharedHash; field: string; since: number | null };

const BATCH = 32;
const TICK_MS = 1_000;
const RECHECK_MS = 5_000;

/**
 * Keeps Redis equal to the source of truth: a change is written at once, and after each connection and every `resyncMs`
 * every field is compared, regardless of who changed it. Missing fields are added, superfluous ones removed, wrong ones replaced.
 * No request waits for it.
 */
export function createCacheResync(deps: CacheResyncDeps): CacheResync {
  const { shared, source, leadership, clock, resyncMs, onError } = deps;
  /** Changed fields are written before those that are merely compared. */
  const changed = new Map<string, Pending>();
  const compared = new Map<string, Pending>();
  /** Fields whose value could not be determined, and when to try again (milliseconds since the epoch). */
  const undetermined = new Map<string, Pending & { at: number }>();
  const alarm = createAlarm(clock);
  let resyncAt = 0;

  function note(hash: SharedHash, field: string): void {
    const id = `${hash} ${field}`;
    // The object has changed: a field that is being checked is checked again.
    changed.set(id, { hash, field, since: changed.get(id)?.since ?? clock.now() });
    compared.delete(id);
    undetermined.delete(id);
    alarm.ring();
  }

  async function noteEverything(): Promise<void> {
    for (const hash of SHARED_HASHES) {
      for (const field of [...(await source.fields(hash)), ...(await shared.fields(hash))]) {
        const id = `${hash} ${field}`;
        if (!changed.has(id)) compared.set(id, { hash, field, since: null });
      }
    }
  }

  function noteUndetermined(): void {
    undetermined.forEach(({ at, hash, field }) => {
      if (at <= clock.now()) note(hash, field);
    });
  }

  /** A failure concerns only this field, which is checked again later. */
  async function copyOf(id: string, one: Pending, stored: string | undefined) {
    try {
      return await source.copy(one.hash, one.field, stored);
    } catch (error) {
      onError(error);
      undetermined.set(id, { ...one, at: clock.now() + RECHECK_MS });
      return undefined;
    }
  }

  async function settle(hash: SharedHash, looked: readonly (readonly [string, Pending])[], term: LeaderTerm) {
    const fields = looked.map(([, { field }]) => field);
    const stored = await shared.get(hash, fields);
    const copies = await Promise.all(looked.map(([id, one]) => copyOf(id, one, stored.get(one.field))));
    const changes = new Map<string, string | null>();
    fields.forEach((field, index) => {
      const copy = copies[index];
      if (copy !== undefined && copy !== stored.get(field)) changes.set(field, copy);
    });
    if (term.signal.aborted) {
      return;
    }
    if (changes.size > 0) {
      await term.send(() => shared.write(hash, changes));
    }
    for (const [id, one] of looked) {
      for (const pending of [changed, compared]) {
        if (pending.get(id) === one) pending.delete(id);
      }
      if (changes.has(one.field)) deps.onWritten(one.since === null ? null : (clock.now() - one.since) / 1000);
    }
  }

  async function settleSome(term: LeaderTerm): Promise<void> {
    const batch = firstOf(changed.size > 0 ? changed : compared, BATCH);
    for (const hash of SHARED_HASHES) {
      const looked = batch.filter(([, one]) => one.hash === hash);
      if (looked.length > 0) {
        await settle(hash, looked, term);
      }
    }
  }

  /** One term of leadership: everything is compared at its start, because a former leader may have written last. */
  async function keepTrue(term: LeaderTerm): Promise<void> {
    const { signal } = term;
    resyncAt = 0;
    while (!signal.aborted) {
      noteUndetermined();
      if (!shared.isUp()) {
        await alarm.wait(TICK_MS, signal);
      } else if (clock.now() >= resyncAt) {
        resyncAt = clock.now() + resyncMs;
        await noteEverything();
      } else if (changed.size + compared.size > 0) {
        await settleSome(term);
      } else {
        await alarm.wait(TICK_MS, signal);
      }
    }
  }

  return {
    pending: () => changed.size + compared.size + undetermined.size,
    async run(signal) {
      await Promise.race([deps.complete, whenAborted(signal)]);
      const stops = [
        source.subscribe((hash, field) => {
          if (leadership.isLeader()) note(hash, field);
        }),
        shared.subscribe(() => {
          resyncAt = 0;
          alarm.ring();
        }),
        leadership.subscribe((leading) => {
          if (!leading) [changed, compared, undetermined].forEach((pending) => pending.clear());
        }),
      ];
      await whileLeading({ leadership, clock, work: keepTrue, onError }, signal);
      stops.forEach((stop) => stop());
    },
  };
}

function firstOf<K, V>(map: ReadonlyMap<K, V>, max: number): [K, V][] {
  const first: [K, V][] = [];
  for (const entry of map) {
    if (first.push(entry) === max) break;
  }
  return first;
}
