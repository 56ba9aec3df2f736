import { planPropagation, type PropagationInput } from '../../domain/dependencies/propagation-plan.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { createProviderIndex, objectId, secretsOfOutputs } from '../../domain/indexes/provider-index.ts';
import { parseReleaseKey, type ReleaseKey, releaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { hasStepToCome, releasesToChange } from '../../domain/tasks/steps-to-come.ts';
import { isFinished, type Task, taskKey, type UpgradeOrder } from '../../domain/tasks/task.ts';
import { type Clock, whenAborted } from '../../ports/runtime/clock.ts';
import type { Leadership } from '../../ports/storage/leadership.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { SecretChanges } from '../../ports/cluster/secret-changes.ts';
import type { TaskStore } from '../../ports/storage/task-store.ts';
import type { Denials } from '../../services/automation/denials.ts';
import type { Denial, Judgement } from '../../services/automation/judge-automation.ts';
import type { Provider } from '../../services/dependencies/read-provider.ts';
import { derivedTask } from '../../services/tasks/derived-task.ts';
import { createPropagationInputs } from './propagation-inputs.ts';
import { createPacedWork } from '../loop/paced-work.ts';
import { createReconciler, type ReconcileResult } from '../loop/reconciler.ts';
import { createPropagationAttempts, type PropagationAttemptsDeps, REFUSED } from './propagation-attempts.ts';

export type OutputPropagationDeps = {
  /**
   * Resolves once the objects, the releases and the tasks of the cluster are known: before that, outputs would seem to
   * be missing, and busy releases idle.
   */
  complete: Promise<unknown>;
  cache: Pick<ReleaseCache, 'get' | 'list' | 'subscribe'>;
  live: LiveObjects;
  secrets: SecretChanges;
  store: Pick<TaskStore, 'create' | 'find' | 'subscribe' | 'tasksOf' | 'unfinished' | 'unfinishedOf'>;
  leadership: Pick<Leadership, 'isLeader' | 'subscribe'>;
  readProvider: (key: ReleaseKey) => Promise<Provider | null>;
  /** Whether the outputs of its providers may be injected into a release, and with whose identity. */
  judge: (record: ReleaseRecord) => Promise<Judgement>;
  hasRight: PropagationAttemptsDeps['hasRight'];
  denials: Pick<Denials, 'set'>;
  denialOf: PropagationAttemptsDeps['denialOf'];
  /**
   * Calls the listener with each release that becomes ready or stops being ready; returns a function that unsubscribes.
   */
  onReadiness: (listener: (key: ReleaseKey) => void) => () => void;
  clock: Clock;
  random: () => number;
  newId: () => string;
  /** Called for each release whose reconciliation failed; it is retried automatically. */
  onError: (key: ReleaseKey, error: unknown) => void;
  /** Called with the seconds from a change of a provider until the upgrade of a dependent was submitted. */
  onPropagated?: (seconds: number) => void;
};

/** Identifies what an attempt starts from: it changes with the release and with the published outputs. */
function basisOf({ revision, updated }: ReleaseRecord, { providers }: PropagationInput): string {
  return JSON.stringify([revision, updated, providers.map(({ entry, state }) => [entry.provider, state.digests])]);
}

/** Upgrades dependents whenever the outputs of their providers change (decision 39: which outputs a dependent gets). */
export type OutputPropagation = {
  /**
   * Why a release does not have the present outputs of its providers; undefined if it has them, or was not checked yet.
   */
  whyNotCurrent(key: ReleaseKey): string | undefined;
  /** Reacts to changes while this replica leads, until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves as soon as no release is left to be checked. */
  drain(): Promise<void>;
  /** Number of releases waiting to be checked. */
  depth(): number;
};

const CONCURRENCY = 8;
/** The end of a wait arrives as a notification; this interval covers lost ones. */
const RECHECK_MS = 5_000;
/** After this time the leader no longer waits for an unready provider (decision 39: which outputs a dependent gets). */
const MAX_WAIT_MS = 10 * 60_000;
/** Missing rights are reviewed again after this time, because nothing notifies of granted rights. */
const ASK_AGAIN_MS = 3 * 60_000;

/** Releases that are woken by one change. */
const MAX_WOKEN = 1_000;
/** Dependencies of a release that cost nothing of its namespace's allowance. */
const FREE_DEPENDENCIES = 20;

function dependenciesOf({ facts }: ReleaseRecord): number {
  return Object.keys(facts?.dependencies ?? {}).length;
}

function isLarge(record: ReleaseRecord): boolean {
  return dependenciesOf(record) > FREE_DEPENDENCIES;
}

/**
 * Level-triggered: what was injected into a release is in its record, the present outputs are read, and only the
 * difference counts. A crash, or a busy or paused dependent, delays the upgrade but loses nothing.
 */
export function createOutputPropagation(deps: OutputPropagationDeps): OutputPropagation {
  const { cache, live, secrets, store, leadership, clock } = deps;
  const index = createProviderIndex();
  const reasons = new Map<ReleaseKey, string>();
  const denied = new Set<ReleaseKey>();
  const { hasRight, denialOf, random, onError } = deps;
  const attempts = createPropagationAttempts({ store, hasRight, denialOf, clock });
  const pace = createPacedWork(clock, FREE_DEPENDENCIES);
  const waitingSince = new Map<ReleaseKey, number>();
  /** When a change was noticed that a dependent may have to react to, in milliseconds since the epoch. */
  const changedAt = new Map<ReleaseKey, number>();
  const reconciler = createReconciler({ reconcile, concurrency: CONCURRENCY, clock, random, onError });

  function enqueue(key: ReleaseKey): void {
    changedAt.set(key, changedAt.get(key) ?? clock.now());
    reconciler.enqueue(key);
  }

  const isBusy = (key: ReleaseKey) => store.unfinishedOf(key).length > 0 || isStepToCome(key);
  const observe = createPropagationInputs({
    cache,
    live,
    readProvider: deps.readProvider,
    clock,
    isBusy,
    isFailing: (key) => denied.has(key) || attempts.isFailing(key),
    isPatient: (key) => !waitedTooLong(key),
  });

  /** A change of its project is going to upgrade it anyway: upgrading it now as well would be one revision too many. */
  function isStepToCome(key: ReleaseKey): boolean {
    const { namespace, name } = parseReleaseKey(key);
    return store
      .unfinished()
      .some(({ task }) => task.namespace === namespace && hasStepToCome(task, name, store.tasksOf(key)));
  }

  function waitedTooLong(key: ReleaseKey): boolean {
    const since = waitingSince.get(key);
    return since !== undefined && clock.now() - since >= MAX_WAIT_MS;
  }

  /** Milliseconds until the leader stops waiting for an unready provider; other waits have no time limit. */
  function patienceLeftMs(key: ReleaseKey): number {
    const leftMs = (waitingSince.get(key) ?? 0) + MAX_WAIT_MS - clock.now();
    return leftMs > 0 ? leftMs : RECHECK_MS;
  }

  async function reconcile(key: ReleaseKey): Promise<ReconcileResult> {
    const record = await cache.get(key);
    if (record === undefined || !leadership.isLeader()) {
      forget(key);
      return undefined;
    }
    const waitMs = isLarge(record) ? pace.waitMs(record.namespace) : 0;
    if (waitMs > 0) {
      return { requeueAfterMs: waitMs };
    }
    // A failed attempt is retried with a growing backoff, or when the release or its providers change.
    if (!isBusy(key) && (await attempts.noteEnd(key))) {
      wakeDependents(key);
    }
    const input = await lookAtPace(record);
    if ('reason' in input) {
      return deny(key, input);
    }
    const step = planPropagation(input);
    switch (step.do) {
      case 'nothing':
        forget(key);
        return undefined;
      case 'wait':
        reasons.set(key, step.reason);
        waitingSince.set(key, waitingSince.get(key) ?? clock.now());
        return step.soon ? { requeueAfterMs: Math.min(RECHECK_MS, patienceLeftMs(key)) } : undefined;
      case 'upgrade':
        return upgrade(record, step.cause, basisOf(record, input));
      default:
        return step satisfies never;
    }
  }

  async function lookAtPace(record: ReleaseRecord): Promise<PropagationInput | Denial> {
    const end = pace.begin(record.namespace);
    try {
      return await look(record);
    } finally {
      end(dependenciesOf(record));
    }
  }

  /** An unreadable provider is not cured by a retry either. */
  async function look(record: ReleaseRecord): Promise<PropagationInput | Denial> {
    try {
      return await observe(record);
    } catch (error) {
      if (error instanceof ProblemError && REFUSED.has(error.code)) {
        return denialOf(error);
      }
      throw error;
    }
  }

  function forget(key: ReleaseKey): void {
    reasons.delete(key);
    attempts.forget(key);
    waitingSince.delete(key);
    changedAt.delete(key);
    allow(key);
  }

  function allow(key: ReleaseKey): void {
    denied.delete(key);
    deps.denials.set(key, 'dependencies', null);
  }

  /** A denial is not cured by a retry: the release is checked again when it, a provider, or the rights change. */
  function deny(key: ReleaseKey, denial: Denial): ReconcileResult {
    reasons.set(key, denial.reason);
    deps.denials.set(key, 'dependencies', denial);
    if (!denied.has(key)) {
      // Releases further down the graph need not wait for this one.
      denied.add(key);
      wakeDependents(key);
    }
    return { requeueAfterMs: ASK_AGAIN_MS };
  }

  async function upgrade(record: ReleaseRecord, cause: string, basis: string): Promise<ReconcileResult> {
    const { key, namespace, name: release, facts } = record;
    const judgement = await deps.judge(record);
    if (!judgement.may) {
      return deny(key, judgement);
    }
    const obstacle = await attempts.obstacle(key, basis, judgement.as);
    if (obstacle?.is === 'denied') {
      return deny(key, obstacle.denial);
    }
    allow(key);
    switch (obstacle?.is) {
      case 'hopeless':
        reasons.set(key, `failed, waits for a change of the release or of what it depends on: ${obstacle.reason}`);
        return undefined;
      case 'early':
        reasons.set(key, `failed, trying again: ${obstacle.reason}`);
        return { requeueAfterMs: obstacle.leftMs };
      case undefined:
        break;
      default:
        return obstacle satisfies never;
    }
    const order: UpgradeOrder = {
      kind: 'upgrade',
      request: { name: release, repoName: facts?.repoName ?? '', chartImage: facts?.chartImage ?? '' },
      origin: null,
      createNamespace: false,
      crds: 'skip',
      waitReady: false,
      allowMissing: true,
      cause,
    };
    const id = deps.newId();
    attempts.begin(key, id, basis);
    reasons.set(key, 'is being brought up to date');
    const { as: caller, since } = judgement;
    const unattended = { since };
    await store.create(derivedTask(clock, { id, namespace, release, order, caller, unattended, requestId: id }));
    deps.onPropagated?.((clock.now() - (changedAt.get(key) ?? clock.now())) / 1000);
    changedAt.delete(key);
    return undefined;
  }

  /**
   * Wakes the dependents of a release, and those further down that wait for it to settle: the first ones, as others look
   * again by themselves.
   */
  function wakeDependents(key: ReleaseKey): void {
    const woken = new Set([key]);
    let followed = 0;
    for (const provider of woken) {
      for (const dependent of index.dependentsOf(provider)) {
        followed += 1;
        if (provider === key || reasons.has(dependent)) {
          enqueue(dependent);
        }
        woken.add(dependent);
      }
      if (followed > MAX_WOKEN) {
        return;
      }
    }
  }

  function onRecord(key: ReleaseKey, record: ReleaseRecord | null): void {
    if (record === null) {
      index.remove(key);
    } else {
      index.put(record);
    }
    secrets.follow(key, record === null ? [] : secretsOfOutputs(record));
    if (leadership.isLeader()) {
      const isDependent = record !== null && dependenciesOf(record) > 0;
      if (isDependent || reasons.has(key)) {
        enqueue(key);
      }
      wakeDependents(key);
    }
  }

  /** Two watches may both report an object: at worst a release is checked once too often. */
  function onObject(kind: string, namespace: string, name: string): void {
    if (leadership.isLeader()) {
      index.publishersOf(objectId(kind, namespace, name)).forEach(wakeDependents);
    }
  }

  function onTask(task: Task): void {
    if (isFinished(task) && leadership.isLeader()) {
      const key = taskKey(task);
      const waiting = [key, ...releasesToChange(task).map((name) => releaseKey(task.namespace, name))];
      waiting.filter((one) => reasons.has(one)).forEach(enqueue);
      wakeDependents(key);
    }
  }

  function onLead(leading: boolean): void {
    if (leading) {
      index.dependents().forEach(enqueue);
    }
  }

  return {
    whyNotCurrent: (key) => reasons.get(key),
    drain: () => reconciler.drain(),
    depth: () => reconciler.depth(),
    async run(signal) {
      await Promise.race([deps.complete, whenAborted(signal)]);
      const unsubscribe = [
        cache.subscribe(onRecord),
        store.subscribe(onTask),
        leadership.subscribe(onLead),
        live.subscribe((changes) => {
          for (const { object } of changes) {
            onObject(object.kind, object.metadata.namespace ?? '', object.metadata.name);
          }
        }),
        secrets.subscribe((namespace, name) => onObject('Secret', namespace, name)),
        deps.onReadiness((key) => {
          if (leadership.isLeader()) {
            wakeDependents(key);
          }
        }),
      ];
      (await cache.list()).forEach((record) => onRecord(record.key, record));
      await reconciler.run(signal);
      unsubscribe.forEach((stop) => stop());
    },
  };
}
