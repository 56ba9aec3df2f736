import type { JsonObject } from '../../domain/json/json.ts';
import type { ReleaseTestRequest, ReleaseTestRun } from '../../ports/helm/helm-changes.ts';
import type { LiveComparison } from '../../ports/helm/helm-reader.ts';
import type { HelmRelease } from '../../ports/helm/helm-release.ts';

/** The live objects of the releases of a Helm in memory: the recorded ones, until a test says otherwise. */
export function createMemoryLive() {
  const drifted = new Map<string, JsonObject | null>();
  const failures = new Map<string, string>();

  return {
    drift: (kind: string, name: string, live: JsonObject | null) => void drifted.set(`${kind}/${name}`, live),
    failTest: (name: string, message: string) => void failures.set(name, message),
    compare({ objects }: HelmRelease): LiveComparison[] {
      return objects.map(({ object: recorded, index, source, apiVersion, kind, namespace, name }) => {
        const changed = drifted.get(`${kind}/${name}`);
        const live = changed === undefined ? recorded : changed;
        const applied = live === null ? null : recorded;
        const outcome = live === null ? ('missing' as const) : ('compared' as const);
        return { index, source, apiVersion, kind, namespace, name, recorded, live, applied, outcome, message: '' };
      });
    },
    /** Test hooks in the order of their weights, up to the first that fails. */
    test({ hooks, namespace }: HelmRelease, { filter }: ReleaseTestRequest, at: string): ReleaseTestRun[] {
      const wanted = hooks
        .filter(({ events, name }) => events.includes('test') && filter?.includes(name) !== false)
        .toSorted((a, b) => a.weight - b.weight);
      const firstFailure = wanted.findIndex(({ name }) => failures.has(name));
      return wanted.slice(0, firstFailure < 0 ? wanted.length : firstFailure + 1).map(({ name, kind }) => {
        const message = failures.get(name) ?? '';
        const phase = failures.has(name) ? 'Failed' : 'Succeeded';
        return { name, kind, namespace, phase, startedAt: at, completedAt: at, message, log: `${name} ran\n` };
      });
    },
  };
}
