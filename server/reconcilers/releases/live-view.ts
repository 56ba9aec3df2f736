import { isInProgress, isUninstalled } from '../../domain/revisions/helm-status.ts';
import { appliedRevision } from '../../domain/revisions/applied-revision.ts';
import { recordId, type RecordMark } from '../../domain/indexes/helm-record-index.ts';
import { createKeptRecords } from '../../domain/indexes/kept-records.ts';
import {
  earlierMarks,
  idOfEarlier,
  isOfEarlier,
  isShown,
  type ShownMarks,
  shownMarks,
} from '../../domain/indexes/shown-marks.ts';
import type { MemoryUnit } from '../../domain/metainfo/memory-unit.ts';
import { isBehind, type RecordExpectation } from '../../domain/indexes/record-expectation.ts';
import { parseReleaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { withAges } from '../../domain/status/passing-jobs.ts';
import { unreadableReason, unreadableRecord } from '../../domain/release/unreadable-record.ts';
import { watchedKinds } from '../../domain/release/watched-kinds.ts';
import { type ReleaseRecord, withAttempt } from '../../domain/release/release-record.ts';
import { type Masker, NO_SECRETS } from '../../domain/masking/masker.ts';
import { jsonSize } from '../../domain/json/json-size.ts';
import { asObject, valueAt } from '../../domain/json/json-reading.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { RevisionName } from '../../ports/helm/engine-call.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { HelmRecords } from '../../ports/helm/helm-records.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { DescribeRevision } from '../../services/history/describe-revision.ts';
import { type FindSecrets, maskerOf, viewOf } from '../../services/history/kept-secrets.ts';
import { createBatchedReads } from './batched-reads.ts';
import { createEarlierFactsFinder } from './earlier-facts.ts';
import { createFormerSecrets } from './former-secrets.ts';
import { createPacedWork } from '../loop/paced-work.ts';
import { createReconciler, type ReconcileResult } from '../loop/reconciler.ts';
import type { KeptRevision } from '../../domain/revisions/history.ts';

export type LiveViewDeps = {
  engine: Pick<HelmReader, 'getReleases'>;
  records: HelmRecords;
  live: Pick<LiveObjects, 'ensureKind'>;
  cache: ReleaseCache;
  clock: Clock;
  describeRevision: DescribeRevision;
  findSecrets: FindSecrets;
  /** Unit of memory in what charts' metainfo shows. */
  memoryUnit: MemoryUnit;
  random: () => number;
  /**
   * Whether a task of this replica is changing the release: intermediate records need not be read, because the task
   * reports its result.
   */
  isBusy: (key: ReleaseKey) => boolean;
  /**
   * A record that another replica computed of exactly this revision; null if there is none that can be trusted. Used
   * only at the start, where it saves reading every release; never rejects.
   */
  findShared?: (key: ReleaseKey, marks: ShownMarks) => Promise<ReleaseRecord | null>;
  /** Called for each release that could not be read; it is retried automatically. */
  onError: (key: ReleaseKey, error: unknown) => void;
  /** Called with the seconds from the watch event of a revision until it was shown. */
  onShown?: (seconds: number) => void;
};

/** Keeps the release cache equal to Helm's records, regardless of who writes them. */
export type LiveView = {
  /**
   * Shows at once what this process did to a release: the record it wrote, or null if the release is gone. The watch
   * confirms it later; older watch events never undo it.
   */
  observe(key: ReleaseKey, release: HelmRelease | null): Promise<void>;
  /**
   * The record of a release that has these records, oldest first, whatever the watch has told; it is not shown. Null: they
   * are others by now.
   */
  readRecord(key: ReleaseKey, marks: readonly RecordMark[]): Promise<ReleaseRecord | null>;
  /** Reads what changed until the signal is aborted; never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when every release that existed at the start has been read, or tried. */
  synced: Promise<void>;
  /** Resolves as soon as no release is left to be read. */
  drain(): Promise<void>;
  /** Number of releases waiting to be read. */
  depth(): number;
};

/**
 * Maximum releases read concurrently, and so the maximum of one request to the engine: enough to keep the engine busy,
 * few enough to leave room for other requests.
 */
const CONCURRENCY = 32;
/** Of earlier revisions what is secret is read behind everything else. */
const CONCURRENCY_BEHIND = 2;
const WATCH_CATCHES_UP_MS = 15_000;
const RECHECK_MS = 500;

/** What of a record costs nothing of its namespace's allowance. */
const FREE_PARTS = 100;
const MAX_SIZED_BYTES = 8 * 1024 * 1024;

/** What takes time to be read and shown: objects, hooks, dependencies, and each KiB of values. */
function partsOf({ objects, hooks, releaseConfig, computedValues }: HelmRelease): number {
  const dependencies = asObject(valueAt(releaseConfig ?? {}, 'spec', 'dependencies'));
  const kib = Math.floor(jsonSize(computedValues, MAX_SIZED_BYTES) / 1024);
  return objects.length + hooks.length + Object.keys(dependencies).length + kib;
}

/** Creates the live view; it works once `run` is called, `observe` works before that too. */
export function createLiveView(deps: LiveViewDeps): LiveView {
  const { engine, records, live, cache, clock } = deps;
  const read = createBatchedReads(
    (wanted: RevisionName[]) => engine.getReleases(wanted, { brief: true }),
    CONCURRENCY,
    ({ namespace }) => namespace,
  );
  const earlierFacts = createEarlierFactsFinder(engine);
  const formerSecrets = createFormerSecrets({ readRevision, findSecrets: deps.findSecrets });
  const expectations = new Map<ReleaseKey, RecordExpectation>();
  /** Counts observations per release, so that a slower read knows that it is outdated. */
  const observations = new Map<ReleaseKey, number>();
  /**
   * The exact version of a record that was read, or could not be read: it is not read again until it changes. Absent if
   * the record was observed and not read.
   */
  const readIds = new Map<ReleaseKey, string>();
  /** The record that was last given a moment to be observed. */
  const awaited = new Map<ReleaseKey, string>();
  /** When a change was noticed that is not shown yet, in milliseconds since the epoch. */
  const noticedAt = new Map<ReleaseKey, number>();
  const kinds = new Map<ReleaseKey, (() => void)[]>();
  /** What is in the cache. */
  const shown = new Map<ReleaseKey, ReleaseRecord>();
  const share = createKeptRecords();
  const reads = createPacedWork(clock, FREE_PARTS);
  /** Records for which there was no room in their namespace, and now is. */
  const welcome = new Set<ReleaseKey>();
  const first = Promise.withResolvers<void>();
  let starting = true;
  const reconciler = createReconciler({
    reconcile,
    clock,
    random: deps.random,
    concurrency: CONCURRENCY,
    onError: deps.onError,
  });

  const earlier = createReconciler({
    reconcile: hideEarlier,
    clock,
    random: deps.random,
    concurrency: CONCURRENCY_BEHIND,
    onError: deps.onError,
  });

  /** The record of the applied revision, with the newest one above it, if it differs. */
  async function toRecord(
    key: ReleaseKey,
    { applied, newest }: Revisions,
    marks: readonly RecordMark[],
  ): Promise<ReleaseRecord> {
    const record = await orUnreadable(() => describe(key, { applied, newest }, marks));
    return 'unreadable' in record ? unreadableRecord(key, applied.revision, record.unreadable) : record;
  }

  async function describe(
    key: ReleaseKey,
    { applied, newest }: Revisions,
    marks: readonly RecordMark[],
  ): Promise<ReleaseRecord> {
    const { memoryUnit } = deps;
    const before = earlierMarks(marks, applied.revision);
    const facts = await earlierFacts.find(key, applied, before);
    const described = await deps.describeRevision(applied, { ...facts, memoryUnit });
    const alone = { ...described, earlier: idOfEarlier(before) };
    note(key, applied, alone.masker);
    const record = applied.revision === newest.revision ? alone : await withNewest(key, alone, newest);
    return { ...record, masker: formerSecrets.with(key, record.masker) };
  }

  async function withNewest(key: ReleaseKey, record: ReleaseRecord, newest: HelmRelease): Promise<ReleaseRecord> {
    const own = await maskerOf(newest, deps.findSecrets, { holder: viewOf(newest), written: record.facts });
    note(key, newest, own);
    return withAttempt(record, newest, own);
  }

  function note(key: ReleaseKey, { revision }: Pick<HelmRelease, 'revision'>, own: Masker): void {
    const uid = records.revisions(key).find((mark) => mark.revision === revision)?.uid;
    formerSecrets.note(key, { revision, uid }, own);
  }

  /** What is secret in the other revisions that are kept is hidden as well as soon as it is known. */
  async function hideEarlier(key: ReleaseKey): Promise<ReconcileResult> {
    const isNew = await formerSecrets.complete(key, records.revisions(key));
    const record = shown.get(key);
    if (record === undefined) {
      // It has gone meanwhile.
      formerSecrets.forget(key);
    } else if (isNew) {
      await show({ ...record, masker: formerSecrets.with(key, record.masker) });
    }
    return undefined;
  }

  /** The revision just written is the newest; the watch may not know yet which one was applied before it. */
  async function toObserved(key: ReleaseKey, written: HelmRelease): Promise<ReleaseRecord | null> {
    const known = await cache.get(key);
    const all = records.revisions(key);
    const marks = new Map<number, KeptRevision>(known && [[known.revision, known]]);
    all.forEach((mark) => marks.set(mark.revision, mark));
    marks.set(written.revision, written);
    const history = [...marks.values()].toSorted((a, b) => a.revision - b.revision);
    const { revision = written.revision } = appliedRevision(history) ?? {};
    if (history.at(-1)?.revision !== written.revision) {
      return null;
    }
    if (revision === written.revision) {
      return toRecord(key, { applied: written, newest: written }, all);
    }
    if (known?.revision === revision) {
      return withNewest(key, known, written);
    }
    const applied = await readRevision(key, revision);
    return applied !== null && 'status' in applied ? toRecord(key, { applied, newest: written }, all) : null;
  }

  async function keep(described: ReleaseRecord): Promise<void> {
    const read = { ...described, objects: withAges(described, shown.get(described.key)) };
    const refusal = share.takeIn(read);
    const record = refusal === null ? read : unreadableRecord(read.key, read.revision, refusal);
    welcome.delete(record.key);
    const former = kinds.get(record.key) ?? [];
    kinds.set(
      record.key,
      watchedKinds(record).map(({ apiVersion, kind }) => live.ensureKind(apiVersion, kind)),
    );
    former.forEach((release) => release());
    await show(record);
    makeRoom(record.namespace);
    if (records.revisions(record.key).length > 1) {
      earlier.enqueue(record.key);
    }
  }

  /** What had no room is read again once there is some. */
  function makeRoom(namespace: string): void {
    for (const key of share.welcome(namespace)) {
      welcome.add(key);
      reconciler.enqueue(key);
    }
  }

  function show(record: ReleaseRecord): Promise<void> {
    shown.set(record.key, record);
    return cache.put(record);
  }

  async function forget(key: ReleaseKey): Promise<void> {
    kinds.get(key)?.forEach((release) => release());
    kinds.delete(key);
    readIds.delete(key);
    awaited.delete(key);
    earlierFacts.forget(key);
    formerSecrets.forget(key);
    shown.delete(key);
    welcome.delete(key);
    share.letGo(key);
    await cache.remove(key);
    makeRoom(parseReleaseKey(key).namespace);
  }

  /** The watch confirms what was observed: from then on it is trusted again. */
  function onRecordChange(key: ReleaseKey): void {
    const expected = expectations.get(key);
    if (expected !== undefined && !isBehind(expected, records.latest(key))) {
      expectations.delete(key);
    }
    if (!noticedAt.has(key)) {
      noticedAt.set(key, clock.now());
    }
    reconciler.enqueue(key);
  }

  /** A revision that a running task has just written is about to be observed: reading it waits a moment, once. */
  function wasAwaited(key: ReleaseKey, seen: string): boolean {
    const before = awaited.get(key);
    awaited.set(key, seen);
    return before === seen;
  }

  async function reconcile(key: ReleaseKey): Promise<ReconcileResult> {
    const result = await look(key);
    const since = noticedAt.get(key);
    if (result === undefined && since !== undefined) {
      noticedAt.delete(key);
      deps.onShown?.((clock.now() - since) / 1000);
    }
    return result;
  }

  async function look(key: ReleaseKey): Promise<ReconcileResult> {
    const expected = expectations.get(key);
    const all = records.revisions(key);
    const marks = shownMarks(all);
    if (expected !== undefined && isBehind(expected, records.latest(key))) {
      const leftMs = expected.until - clock.now();
      if (leftMs > 0) {
        return { requeueAfterMs: leftMs };
      }
      expectations.delete(key);
    }
    if (marks === null) {
      return lookAtHidden(key);
    }
    const { newest, id } = marks;
    if (deps.isBusy(key) && (isInProgress(newest.status) || !wasAwaited(key, id))) {
      return { requeueAfterMs: RECHECK_MS };
    }
    const cached = await cache.get(key);
    const readId = readIds.get(key);
    const isObserved = readId === undefined && cached !== undefined && isShown(cached, marks);
    const isRead = readId === id && cached !== undefined && isOfEarlier(cached, marks.earlier);
    if (!welcome.has(key) && (isRead || isObserved)) {
      readIds.set(key, id);
      return undefined;
    }
    const waitMs = pauseMs(key);
    if (waitMs > 0) {
      return { requeueAfterMs: waitMs };
    }
    const observed = observations.get(key);
    const shared = starting && deps.findShared !== undefined ? await deps.findShared(key, marks) : null;
    const record = shared ?? (await readRecord(key, marks, all));
    if (record === null) {
      return { requeueAfterMs: RECHECK_MS };
    }
    if (observations.get(key) !== observed) {
      return { requeueAfterMs: 0 };
    }
    await keep(record);
    readIds.set(key, id);
    return undefined;
  }

  /**
   * There is no release, or one whose newest record says by its label that it was uninstalled: only the record knows
   * whether it was, and what says two things is unreadable to those who change it as well.
   */
  async function lookAtHidden(key: ReleaseKey): Promise<ReconcileResult> {
    const newest = records.latest(key);
    const id = newest && recordId(newest);
    if (id !== undefined && readIds.get(key) === id) {
      return undefined;
    }
    await forget(key);
    const waitMs = newest === undefined ? 0 : pauseMs(key);
    if (waitMs > 0) {
      return { requeueAfterMs: waitMs };
    }
    const observed = observations.get(key);
    const read = newest === undefined ? null : await readRevision(key, newest.revision);
    if (observations.get(key) !== observed) {
      return { requeueAfterMs: 0 };
    }
    observations.delete(key);
    if (newest !== undefined && id !== undefined && read !== null && 'unreadable' in read) {
      await keep(unreadableRecord(key, newest.revision, read.unreadable));
      readIds.set(key, id);
    }
    return undefined;
  }

  /** The record to show, as unreadable if the applied one cannot be read; null if it no longer exists. */
  async function readRecord(
    key: ReleaseKey,
    { applied, newest }: ShownMarks,
    marks: readonly RecordMark[],
  ): Promise<ReleaseRecord | null> {
    const running = await readRevision(key, applied.revision);
    if (running === null || 'unreadable' in running) {
      return running && unreadableRecord(key, applied.revision, running.unreadable);
    }
    const attempt = applied.revision === newest.revision ? running : await readRevision(key, newest.revision);
    if (attempt === null) {
      return null;
    }
    if ('unreadable' in attempt) {
      const { revision, status } = newest;
      const record = await toRecord(key, { applied: running, newest: running }, marks);
      return { ...record, attempt: { revision, status, at: '', message: attempt.unreadable } };
    }
    return toRecord(key, { applied: running, newest: attempt }, marks);
  }

  /** Milliseconds until a changed record of the namespace may be read; at the start all are read. */
  function pauseMs(key: ReleaseKey): number {
    return starting ? 0 : reads.waitMs(parseReleaseKey(key).namespace);
  }

  async function readAtPace(key: ReleaseKey, revision: number): Promise<HelmRelease | null> {
    const place = parseReleaseKey(key);
    const end = reads.begin(place.namespace);
    let found: HelmRelease | null = null;
    try {
      found = await read({ ...place, revision });
      return found;
    } finally {
      end(found === null ? 0 : partsOf(found));
    }
  }

  async function readRevision(key: ReleaseKey, revision: number): Promise<HelmRelease | { unreadable: string } | null> {
    const found = await orUnreadable(() => readAtPace(key, revision));
    if (found !== null && 'unreadable' in found) {
      // Nothing of it is shown, and it is not read for its secrets.
      note(key, { revision }, NO_SECRETS);
    }
    return found;
  }

  return {
    synced: first.promise,
    async drain() {
      await reconciler.drain();
      await earlier.drain();
    },
    depth: () => reconciler.depth(),
    async readRecord(key, marks) {
      const wanted = shownMarks(marks);
      const record = wanted && (await readRecord(key, wanted, marks));
      if (!shown.has(key) && records.latest(key) === undefined) {
        // The watch may never tell of it, so nothing would forget it.
        earlierFacts.forget(key);
        formerSecrets.forget(key);
      }
      return record;
    },
    async observe(key, release) {
      observations.set(key, (observations.get(key) ?? 0) + 1);
      const until = clock.now() + WATCH_CATCHES_UP_MS;
      if (release === null || isUninstalled(release.status)) {
        const revision = release?.revision ?? records.latest(key)?.revision ?? (await cache.get(key))?.revision ?? 0;
        expectations.set(key, { revision, status: release?.status ?? null, until });
        await forget(key);
      } else {
        expectations.set(key, { revision: release.revision, status: release.status, until });
        readIds.delete(key);
        const record = await toObserved(key, release);
        if (record !== null) {
          await keep(record);
        }
      }
      onRecordChange(key);
    },
    async run(signal) {
      const unsubscribe = records.subscribe(onRecordChange);
      const running = reconciler.run(signal);
      let behind: Promise<void> | undefined;
      void records.synced.then(async () => {
        const cached = await cache.list();
        new Set([...records.keys(), ...cached.map(({ key }) => key)]).forEach((key) => reconciler.enqueue(key));
        await reconciler.drain();
        starting = false;
        first.resolve();
        behind = earlier.run(signal);
      });
      await running;
      await behind;
      unsubscribe();
    },
  };
}

/** The revision that was applied last, and the newest one, which usually is the same. */
type Revisions = { applied: HelmRelease; newest: HelmRelease };

/** What is made of a record, or why nothing is. */
async function orUnreadable<T>(make: () => Promise<T>): Promise<T | { unreadable: string }> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'RELEASE_UNREADABLE') {
      return { unreadable: unreadableReason(error) };
    }
    throw error;
  }
}
