import { isProblemCode, problemCatalogue } from '../../../contract/problems/problem.ts';
import { planPropagation, type PropagationInput } from '../../domain/dependencies/propagation-plan.ts';
import { ProblemError } from '../../domain/errors/problem-error.ts';
import { createProviderIndex, objectId, secretsOfOutputs } from '../../domain/indexes/provider-index.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { isFinished, type Task, taskKey, type UpgradeOrder } from '../../domain/tasks/task.ts';
import { backoffMs } from '../../ports/runtime/backoff.ts';
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
import { createReconciler, type ReconcileResult } from '../loop/reconciler.ts';
import { createRefusedAttempts, type RefusedAttemptsDeps } from './refused-attempts.ts';

export type DependencyInjectionDeps = {
  /**
   * Resolves once the objects, the releases and the tasks of the cluster are known: before that outputs seem to be gone,
   * and busy releases idle.
   */
  complete: Promise<unknown>;
  cache: Pick<ReleaseCache, 'get' | 'list' | 'subscribe'>;
  live: LiveObjects;
  secrets: SecretChanges;
  store: Pick<TaskStore, 'create' | 'find' | 'subscribe' | 'unfinishedOf'>;
  leadership: Pick<Leadership, 'isLeader' | 'subscribe'>;
  readProvider: (key: ReleaseKey) => Promise<Provider | null>;
  /** Whether, and in whose name, a release may be given what its providers publish. */
  judge: (record: ReleaseRecord) => Promise<Judgement>;
  hasRight: RefusedAttemptsDeps['hasRight'];
  denials: Pick<Denials, 'set'>;
  /** The denial that a refusal of the cluster is. */
  denialOf: (refusal: { message: string; details: Readonly<Record<string, unknown>> }) => Denial;
  /** Calls the listener with each release that became ready or stopped being so; answers how to end that. */
  onReadiness: (listener: (key: ReleaseKey) => void) => () => void;
  clock: Clock;
  random: () => number;
  newId: () => string;
  /** Told of each release that could not be looked at; it is tried again by itself. */
  onError: (key: ReleaseKey, error: unknown) => void;
  /** Told how long it took from a change of a provider until a dependent's upgrade was begun, in seconds. */
  onPropagated?: (seconds: number) => void;
};

/** What an attempt starts from: a change of the release, or of what is published, makes another one of it. */
function basisOf({ revision, updated }: ReleaseRecord, { providers }: PropagationInput): string {
  return JSON.stringify([revision, updated, providers.map(({ entry, state }) => [entry.provider, state.digests])]);
}

/** Whether an attempt failed because of what it consists of. */
function isTerminal(code: string): boolean {
  return isProblemCode(code) && !problemCatalogue[code].retryable;
}

/** Gives dependents what their providers publish, whenever that changes (architecture section "Dependencies"). */
export type DependencyInjection = {
  /** Why a release does not have what its providers publish now; undefined when it has, or nobody has looked yet. */
  whyNotCurrent(key: ReleaseKey): string | undefined;
  /** Follows changes while this replica leads, until `signal` is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves as soon as nothing is left to be looked at. */
  drain(): Promise<void>;
  /** Releases that are to be looked at. */
  depth(): number;
};

/** What is known of the last attempt for a dependent, to tell and to pace the next one; lost without harm. */
type Attempt = {
  taskId: string;
  /** What it started from. */
  basis: string;
  failures: number;
  notBefore: number;
  reason: string;
  /** Time does not heal it: repeating it only leaves more failed revisions. */
  terminal: boolean;
};

const CONCURRENCY = 8;
/** Failures that no time heals. */
const REFUSED: ReadonlySet<string> = new Set(['FORBIDDEN', 'RELEASE_NOT_SEALED', 'NAMESPACE_RESERVED']);
/** Whatever ends a wait is told; this only catches what was not. */
const LOOK_AGAIN_MS = 5_000;
const RETRY = { initialMs: 1_000, maxMs: 5 * 60_000 };
/** After this time a provider that does not become ready is not waited for any longer (decision 39). */
const MAX_WAIT_MS = 10 * 60_000;
/** Rights that are missing are asked about again after this time; nobody tells when they are given. */
const ASK_AGAIN_MS = 3 * 60_000;

/**
 * Level-triggered: what a release was given stands in its record, what there is now is read, and only the difference
 * counts. A kill, a busy or a paused dependent delays the upgrade and loses nothing.
 */
export function createDependencyInjection(deps: DependencyInjectionDeps): DependencyInjection {
  const { cache, live, secrets, store, leadership, clock } = deps;
  const index = createProviderIndex();
  const reasons = new Map<ReleaseKey, string>();
  const attempts = new Map<ReleaseKey, Attempt>();
  const denied = new Set<ReleaseKey>();
  const refusals = createRefusedAttempts(deps);
  const waitingSince = new Map<ReleaseKey, number>();
  /** When something was heard that a dependent may have to follow, in milliseconds since the epoch. */
  const changedAt = new Map<ReleaseKey, number>();
  const reconciler = createReconciler({ ...deps, reconcile, concurrency: CONCURRENCY });

  function enqueue(key: ReleaseKey): void {
    changedAt.set(key, changedAt.get(key) ?? clock.now());
    reconciler.enqueue(key);
  }

  const isBusy = (key: ReleaseKey) => store.unfinishedOf(key).length > 0;
  const observe = createPropagationInputs({
    ...deps,
    isBusy,
    isFailing: (key) => denied.has(key) || (attempts.get(key)?.reason ?? '') !== '',
    isPatient: (key) => !waitedTooLong(key),
  });

  function waitedTooLong(key: ReleaseKey): boolean {
    const since = waitingSince.get(key);
    return since !== undefined && clock.now() - since >= MAX_WAIT_MS;
  }

  /** Until an unready provider is no longer waited for; what else is waited for then has no end of its own. */
  function patienceLeftMs(key: ReleaseKey): number {
    const leftMs = (waitingSince.get(key) ?? 0) + MAX_WAIT_MS - clock.now();
    return leftMs > 0 ? leftMs : LOOK_AGAIN_MS;
  }

  async function reconcile(key: ReleaseKey): Promise<ReconcileResult> {
    const record = await cache.get(key);
    if (record === undefined || !leadership.isLeader()) {
      forget(key);
      return undefined;
    }
    await noteOutcome(key);
    const input = await look(record);
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
        return step.soon ? { requeueAfterMs: Math.min(LOOK_AGAIN_MS, patienceLeftMs(key)) } : undefined;
      case 'upgrade':
        return upgrade(record, step.cause, basisOf(record, input));
      default:
        return step satisfies never;
    }
  }

  /** What cannot be read of a provider is no failure that time heals, either. */
  async function look(record: ReleaseRecord): Promise<PropagationInput | Denial> {
    try {
      return await observe(record);
    } catch (error) {
      if (error instanceof ProblemError && REFUSED.has(error.code)) {
        return deps.denialOf(error);
      }
      throw error;
    }
  }

  function forget(key: ReleaseKey): void {
    reasons.delete(key);
    attempts.delete(key);
    waitingSince.delete(key);
    changedAt.delete(key);
    refusals.forget(key);
    allow(key);
  }

  function allow(key: ReleaseKey): void {
    denied.delete(key);
    deps.denials.set(key, 'dependencies', null);
  }

  /** Not a failure that time heals: it is looked at again when the release or a provider changes, or the rights do. */
  function deny(key: ReleaseKey, denial: Denial): ReconcileResult {
    reasons.set(key, denial.reason);
    deps.denials.set(key, 'dependencies', denial);
    if (!denied.has(key)) {
      // Those further down need not wait for it.
      denied.add(key);
      wakeDependents(key);
    }
    return { requeueAfterMs: ASK_AGAIN_MS };
  }

  /** A failed attempt is followed by the next one: after a growing pause, or when something of it has changed. */
  async function noteOutcome(key: ReleaseKey): Promise<void> {
    const attempt = attempts.get(key);
    if (attempt === undefined || attempt.reason !== '' || isBusy(key)) {
      return;
    }
    const task = (await store.find(attempt.taskId))?.task;
    if (task?.state === 'failed' && task.error !== undefined && REFUSED.has(task.error.code)) {
      attempts.delete(key);
      refusals.note(key, deps.denialOf(task.error));
      wakeDependents(key);
      return;
    }
    if (task !== undefined && isFinished(task) && task.state !== 'succeeded') {
      const failures = attempt.failures + 1;
      attempts.set(key, {
        ...attempt,
        failures,
        notBefore: clock.now() + backoffMs(failures, RETRY),
        reason: task.error?.message ?? task.state,
        terminal: task.error !== undefined && isTerminal(task.error.code),
      });
      wakeDependents(key);
    }
  }

  async function upgrade(record: ReleaseRecord, cause: string, basis: string): Promise<ReconcileResult> {
    const { key, namespace, name: release, facts } = record;
    const judgement = await deps.judge(record);
    if (!judgement.may) {
      return deny(key, judgement);
    }
    const denial = await refusals.standing(key, basis, judgement.as);
    if (denial !== null) {
      return deny(key, denial);
    }
    allow(key);
    const former = attempts.get(key);
    if (former?.terminal === true && former.basis === basis) {
      reasons.set(key, `failed, waits for a change of the release or of what it depends on: ${former.reason}`);
      return undefined;
    }
    const { failures = 0, notBefore = 0, reason = '' } = former?.terminal === true ? {} : (former ?? {});
    const leftMs = notBefore - clock.now();
    if (leftMs > 0) {
      reasons.set(key, `failed, trying again: ${reason}`);
      return { requeueAfterMs: leftMs };
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
    attempts.set(key, { taskId: id, basis, failures, notBefore: 0, reason: '', terminal: false });
    reasons.set(key, 'is being brought up to date');
    const { as: caller, since } = judgement;
    const unattended = { since };
    await store.create(derivedTask(clock, { id, namespace, release, order, caller, unattended, requestId: id }));
    deps.onPropagated?.((clock.now() - (changedAt.get(key) ?? clock.now())) / 1000);
    changedAt.delete(key);
    return undefined;
  }

  /** Those that depend on a release, and those further down that wait for it to settle. */
  function wakeDependents(key: ReleaseKey): void {
    const woken = new Set([key]);
    for (const provider of woken) {
      for (const dependent of index.dependentsOf(provider)) {
        if (provider === key || reasons.has(dependent)) {
          enqueue(dependent);
        }
        woken.add(dependent);
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
      const isDependent = record !== null && Object.keys(record.facts?.dependencies ?? {}).length > 0;
      if (isDependent || reasons.has(key)) {
        enqueue(key);
      }
      wakeDependents(key);
    }
  }

  /** Of two watches both may tell of an object: whoever has nothing to do is looked at once too often. */
  function onObject(kind: string, namespace: string, name: string): void {
    if (leadership.isLeader()) {
      index.publishersOf(objectId(kind, namespace, name)).forEach(wakeDependents);
    }
  }

  function onTask(task: Task): void {
    if (isFinished(task) && leadership.isLeader()) {
      const key = taskKey(task);
      if (reasons.has(key)) {
        enqueue(key);
      }
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
