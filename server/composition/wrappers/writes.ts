import type { Caller } from '../../domain/access/caller.ts';
import { READS } from './reads.ts';
import type { Readers, Writers } from './writers.ts';

/** Which argument has the identity of the write: the request's identity, the last argument, or none (Walm's own). */
type NameIn<Args extends readonly unknown[]> = Args extends readonly [{ identity: Caller | null }, ...unknown[]]
  ? 'request'
  : Args extends readonly [...unknown[], infer Last]
    ? Caller extends Last
      ? 'last'
      : 'walm'
    : never;

/** What the gate has to know of a writing verb. */
export interface WriteRule<By = 'request' | 'last' | 'walm'> {
  /** Which replicas may write: `leader` is checked at every call, `any` needs no lead. */
  readonly replica: 'leader' | 'any';
  /** Whose identity the write uses. */
  readonly by: By;
  /** What is sealed: a task, or a revision made by this operation. */
  readonly seal: 'none' | 'task' | 'install' | 'upgrade' | 'rewrite';
}

export type WriteRules<Writer> = {
  readonly [Verb in keyof Writer]: Writer[Verb] extends (...args: infer Args) => Promise<unknown>
    ? WriteRule<NameIn<Args>>
    : never;
};

const CHANGE = { replica: 'leader', by: 'request', seal: 'none' } as const;
const DEED = { replica: 'leader', by: 'last', seal: 'none' } as const;
/** Part of no change of a release: done by the replica that was asked, as kubectl would. */
const WISH = { replica: 'any', by: 'last', seal: 'none' } as const;

/**
 * Every writing verb of the ports: which replicas may write, with whose identity, and what is sealed. A verb that is
 * missing here does not compile. Writes allowed to `any` replica are either refused by the cluster if not based on the
 * newest state, or harmless when repeated.
 */
export const WRITES = {
  helm: {
    install: { ...CHANGE, seal: 'install' },
    upgrade: { ...CHANGE, seal: 'upgrade' },
    rewriteRelease: { ...CHANGE, seal: 'rewrite' },
    uninstall: CHANGE,
    settle: CHANGE,
    removeFailedInstall: CHANGE,
    testRelease: CHANGE,
    fetchChart: READS,
    checkChart: READS,
    inspectChart: READS,
    lintChart: READS,
    listRepository: READS,
    packRecordedChart: READS,
    render: READS,
    foretellRemoval: READS,
    getRelease: READS,
    getReleases: READS,
    listReleases: READS,
    releaseHistory: READS,
    compareLive: READS,
    listResources: READS,
    mergeKeys: READS,
    onDiscoveryChanged: READS,
    renewTerm: READS,
    info: READS,
    stop: READS,
  },
  tasks: {
    create: { replica: 'any', by: 'walm', seal: 'task' },
    update: { replica: 'any', by: 'walm', seal: 'task' },
    remove: { replica: 'any', by: 'walm', seal: 'none' },
    withdraw: { replica: 'any', by: 'walm', seal: 'none' },
    refuseTooLarge: READS,
    announce: READS,
    report: READS,
    find: READS,
    all: READS,
    unfinished: READS,
    unfinishedOf: READS,
    tasksOf: READS,
    latestOf: READS,
    refused: READS,
    subscribe: READS,
    run: READS,
    synced: READS,
  },
  archives: {
    put: { ...DEED, replica: 'any' },
    remove: DEED,
    get: READS,
    find: READS,
    list: READS,
    isReferenced: READS,
  },
  claims: { remove: DEED, list: READS },
  deliveryMarks: { save: { replica: 'any', by: 'walm', seal: 'none' }, load: READS },
  namespaces: { create: DEED, removeIfUnused: DEED, exists: READS, names: READS },
  writer: { create: WISH, replace: WISH, patch: WISH, remove: WISH },
  repositories: { add: WISH, remove: WISH, all: READS, refused: READS, run: READS, synced: READS, watch: READS },
  rolloutMarks: { markDone: { replica: 'leader', by: 'walm', seal: 'none' }, isDone: READS },
  workloads: { roll: DEED, removePod: DEED, scale: DEED, read: READS },
} satisfies {
  readonly [Port in keyof Writers]: WriteRules<Writers[Port]> & Readonly<Record<keyof Readers[Port], typeof READS>>;
};

/** One write at the gate. */
export type Write = {
  [Port in keyof Writers]: {
    [Verb in keyof Writers[Port]]: {
      readonly port: Port;
      readonly verb: Verb;
      readonly by: Caller | null;
      readonly args: Writers[Port][Verb] extends (...args: infer Args) => unknown ? Args : never;
    };
  }[keyof Writers[Port]];
}[keyof Writers];

/** A wrapper around every write, outside all other wrappers; `act` carries the write out, with these arguments. */
export type AroundWrites = (write: Write, act: (args: readonly unknown[]) => Promise<unknown>) => Promise<unknown>;
