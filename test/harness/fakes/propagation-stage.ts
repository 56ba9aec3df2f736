import { createMemoryLead } from '../../../server/adapters/memory/leadership.ts';
import { createMemoryLiveObjects, type MemoryLiveObjects } from '../../../server/adapters/memory/live-objects.ts';
import { createManualClock, type ManualClock } from '../../../server/adapters/memory/manual-clock.ts';
import { createMemoryReleaseCache } from '../../../server/adapters/memory/release-cache.ts';
import { createMemorySecretChanges, type MemorySecretChanges } from '../../../server/adapters/memory/secret-changes.ts';
import { createMemoryTaskStore } from '../../../server/adapters/memory/task-store.ts';
import type { ReleaseKey } from '../../../server/domain/names/release-key.ts';
import { type ReleaseRecord, toReleaseRecord } from '../../../server/domain/release/release-record.ts';
import type { Task, UpgradeOrder } from '../../../server/domain/tasks/task.ts';
import type { ReleaseCache } from '../../../server/ports/storage/release-cache.ts';
import type { TaskStore } from '../../../server/ports/storage/task-store.ts';
import {
  createOutputPropagation,
  type OutputPropagation,
} from '../../../server/reconcilers/dependencies/output-propagation.ts';
import { createDenials, type Denials } from '../../../server/services/automation/denials.ts';
import { type Denial, denialOf } from '../../../server/services/automation/judge-automation.ts';
import type { Provider } from '../../../server/services/dependencies/read-provider.ts';
import { person } from './person.ts';
import { recordedRevision, releaseConfig } from './recorded-revision.ts';

/** The caller who made every release of the stage. */
export const ann = person('ann');

/** Dependency injection over memory adapters, and the releases of namespace demo that it follows. */
export interface PropagationStage {
  clock: ManualClock;
  live: MemoryLiveObjects;
  secrets: MemorySecretChanges;
  cache: ReleaseCache;
  store: TaskStore;
  denials: Denials;
  readonly injection: OutputPropagation;
  /** What each release publishes: one output, by release. */
  published: Map<ReleaseKey, string>;
  /** Providers that were read. */
  looked: ReleaseKey[];
  /** The cluster's refusal for the identity of the dependents; null if it may. */
  refusal: ({ may: false } & Denial) | null;
  /** Whether a missing right has been granted. */
  given: boolean;
  tellReadiness: (key: ReleaseKey) => void;
  /** Writes a release's next revision, with the present outputs of its providers injected. */
  write(name: string, providers?: readonly string[], changes?: Partial<ReleaseRecord>): Promise<void>;
  /** Writes a release that publishes something. */
  publish(name: string, value: string): Promise<void>;
  /** Upgrades that were submitted and have not ended, with their cause. */
  queued(): string[];
  /** Ends the task of a release. */
  end(name: string, changes?: Partial<Task>): Promise<void>;
  /** Starts again, as a new process would, once everything has been read. */
  restart(complete: Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts on an empty cluster. */
export function startPropagationStage(): PropagationStage {
  const clock = createManualClock();
  const live = createMemoryLiveObjects();
  const secrets = createMemorySecretChanges();
  const cache = createMemoryReleaseCache();
  const store = createMemoryTaskStore();
  const denials = createDenials();
  let ids = 0;
  let stopping = new AbortController();
  let stopped: Promise<unknown> = Promise.resolve();

  function start(complete: Promise<void>): OutputPropagation {
    stopping = new AbortController();
    const leadership = createMemoryLead().contender();
    const created = createOutputPropagation({
      complete,
      cache,
      live,
      secrets,
      store,
      leadership,
      readProvider,
      judge: (record) =>
        Promise.resolve(stage.refusal === null ? { may: true, as: ann, since: record.updated } : stage.refusal),
      hasRight: () => Promise.resolve(stage.given),
      denials,
      denialOf: ({ message, details }) => denialOf({ message, details }, { serviceAccount: '' }),
      onReadiness(listener) {
        stage.tellReadiness = listener;
        return () => undefined;
      },
      clock,
      random: () => 1,
      newId: () => `task-${(ids += 1)}`,
      onError: (key, error) => {
        throw new Error(`${key} failed`, { cause: error });
      },
    });
    stopped = Promise.all([leadership.run(stopping.signal), created.run(stopping.signal)]);
    return created;
  }

  async function readProvider(key: ReleaseKey): Promise<Provider | null> {
    stage.looked.push(key);
    const record = await cache.get(key);
    const value = stage.published.get(key);
    const outputs: Record<string, string> = value === undefined ? {} : { it: value };
    return record === undefined ? null : { record, outputs, shown: outputs, digest: String(value), digests: outputs };
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await stopped;
  }

  const stage: PropagationStage = {
    clock,
    live,
    secrets,
    cache,
    store,
    denials,
    get injection() {
      return injection;
    },
    published: new Map(),
    looked: [],
    refusal: null,
    given: false,
    tellReadiness: () => undefined,
    async write(name, providers = [], changes = {}) {
      const former = await cache.get(`demo/${name}`);
      const injected = providers.flatMap((provider) => {
        const value = stage.published.get(`demo/${provider}`);
        return value === undefined
          ? []
          : [{ key: provider, provider: `demo/${provider}`, digest: value, revision: 1, outputs: { it: value } }];
      });
      const dependencies = Object.fromEntries(providers.map((provider) => [provider, provider]));
      const revision = recordedRevision({
        name,
        namespace: 'demo',
        revision: (former?.revision ?? 0) + 1,
        releaseConfig: releaseConfig({ dependencies, injected }),
        objects: [],
      });
      await cache.put({ ...toReleaseRecord(revision, { earlier: null, firstWritten: '' }), ...changes });
      await clock.advance(0);
    },
    async publish(name, value) {
      stage.published.set(`demo/${name}`, value);
      await stage.write(name);
    },
    queued: () => store.unfinished().map(({ task }) => `${task.release}: ${(task.order as UpgradeOrder).cause}`),
    async end(name, changes = { state: 'succeeded' }) {
      const [stored] = store.unfinishedOf(`demo/${name}`);
      if (stored === undefined) throw new Error(`${name} has no task`);
      await store.update(stored, { ...stored.task, finishedAt: 'now', ...changes });
      await clock.advance(0);
    },
    async restart(complete) {
      await stop();
      injection = start(complete);
    },
    stop,
  };
  let injection = start(Promise.resolve());
  return stage;
}
