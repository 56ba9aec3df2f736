import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { groupKind, type ObjectRef, parseApiVersion } from '../../domain/kube/kube-object.ts';
import { isBelieved } from '../../domain/kube/believed-objects.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { Clock } from '../../ports/runtime/clock.ts';
import type { HelmControl } from '../../ports/helm/helm-control.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import { mapBounded } from '../../ports/runtime/map-bounded.ts';
import type { Authorization } from './authorization.ts';

export type SeenObjectsDeps = {
  authorization: Pick<Authorization, 'may'>;
  engine: Pick<HelmReader, 'listResources'> & Pick<HelmControl, 'onDiscoveryChanged'>;
  clock: Pick<Clock, 'now'>;
};

/** Whether the caller may read an object outside the namespace of its release. */
type SeenObjects = (ref: ObjectRef) => boolean;

/** Finds what callers may see of releases: null is Walm itself, or anyone if no authentication is configured. */
export type FindSeenObjects = (caller: Caller | null, records: readonly ReleaseRecord[]) => Promise<SeenObjects>;

/**
 * Maximum reviews for one answer: a manifest may name ten thousand namespaces. Objects beyond the limit are hidden, as
 * if access were refused.
 */
const MAX_QUESTIONS = 64;
const AT_ONCE = 16;
/** The engine reports new and removed kinds; this covers lost reports. */
const KINDS_MS = 60_000;

/** Kinds that are shown together with a kind: pods of workloads, endpoints of services. */
const BESIDE: Readonly<Record<string, ObjectRef[]>> = {
  'Deployment.apps': [kindRef('v1', 'Pod')],
  'StatefulSet.apps': [kindRef('v1', 'Pod'), kindRef('v1', 'PersistentVolumeClaim')],
  'DaemonSet.apps': [kindRef('v1', 'Pod')],
  'Job.batch': [kindRef('v1', 'Pod')],
  'CronJob.batch': [kindRef('v1', 'Pod'), kindRef('batch/v1', 'Job')],
  Service: [kindRef('discovery.k8s.io/v1', 'EndpointSlice')],
};

function kindRef(apiVersion: string, kind: string): ObjectRef {
  return { apiVersion, kind, namespace: '', name: '' };
}

/**
 * One review for all objects of a kind in a namespace: a caller who may read only some of them by name sees none here.
 */
function questionKey({ apiVersion, kind, namespace }: ObjectRef): string {
  return `${groupKind(apiVersion, kind)}/${namespace}`;
}

/** Finds out which objects in other namespaces the caller may see, by access reviews. */
export function createFindSeenObjects({ authorization, engine, clock }: SeenObjectsDeps): FindSeenObjects {
  let plurals: { at: number; byKind: Promise<Map<string, string>> } | undefined;
  engine.onDiscoveryChanged(() => (plurals = undefined));

  async function readPlurals(): Promise<Map<string, string>> {
    const served = await engine.listResources();
    return new Map(served.map(({ group, kind, plural }) => [group === '' ? kind : `${kind}.${group}`, plural]));
  }

  function pluralsByKind(): Promise<Map<string, string>> {
    const known = plurals;
    if (known !== undefined && clock.now() - known.at < KINDS_MS) {
      return known.byKind;
    }
    const made = { at: clock.now(), byKind: readPlurals() };
    plurals = made;
    made.byKind.catch(() => (plurals = undefined));
    return made.byKind;
  }

  /** The rights to review, each once, in the order in which the releases name the objects. */
  function questionsOf(records: readonly ReleaseRecord[]): Map<string, ObjectRef> {
    const questions = new Map<string, ObjectRef>();
    for (const record of records) {
      for (const ref of record.objects) {
        if (questions.size >= MAX_QUESTIONS) {
          return questions;
        }
        if (!isBelieved(record, ref)) {
          const beside = BESIDE[groupKind(ref.apiVersion, ref.kind)] ?? [];
          [ref, ...beside.map((kind) => ({ ...kind, namespace: ref.namespace }))].forEach((one) =>
            questions.set(questionKey(one), one),
          );
        }
      }
    }
    return questions;
  }

  return async function findSeenObjects(caller, records) {
    if (caller === null) {
      return () => true;
    }
    const questions = [...questionsOf(records)];
    if (questions.length === 0) {
      return () => false;
    }
    // Without the engine the plurals of kinds are unknown: then nothing in other namespaces is shown.
    const byKind = await pluralsByKind().catch(() => new Map<string, string>());
    const allowed = new Set<string>();
    await mapBounded(questions, AT_ONCE, async ([key, ref]) => {
      const resource = byKind.get(groupKind(ref.apiVersion, ref.kind));
      const { group } = parseApiVersion(ref.apiVersion);
      const right = resource && questionOf({ verb: 'get', group, resource }, ref.namespace);
      if (right && (await authorization.may(caller, right).catch(() => false))) {
        allowed.add(key);
      }
    });
    return (ref) => allowed.has(questionKey(ref));
  };
}
