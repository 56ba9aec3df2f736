import { createHash } from 'node:crypto';
import type { Warning } from '../../../contract/warning.ts';
import { isWithin } from '../../domain/chart-version-range.ts';
import type { JsonObject } from '../../domain/json.ts';
import { mergeValues } from '../../domain/merge-values.ts';
import type { Metainfo } from '../../domain/metainfo.ts';
import { problem } from '../../domain/problem-error.ts';
import type { InjectedDependency } from '../../domain/release-config.ts';
import { findCycle, providerKey, recordedProviders } from '../../domain/release-dependencies.ts';
import { releaseKey } from '../../domain/release-key.ts';
import type { ReleaseRecord } from '../../domain/release-record.ts';
import { sortedJson } from '../../domain/sorted-json.ts';
import { writeValuePath } from '../../domain/write-value-path.ts';
import type { ReleaseCache } from '../../ports/release-cache.ts';

/** A release whose dependencies are to be followed. */
export type Dependent = {
  namespace: string;
  name: string;
  dependencies: Record<string, string>;
  metainfo: Metainfo | null;
};

/** What a release gets from the releases that it depends on, as values and as the record of where they came from. */
export type Injection = { values: JsonObject; injected: InjectedDependency[]; warnings: Warning[] };

/**
 * Takes the outputs of the releases that a release depends on and puts them where the chart's metainfo wants them; a
 * key that the metainfo does not know gets them under its own name (decision 39).
 * @throws ProblemError DEPENDENCY_NOT_FOUND, DEPENDENCY_VERSION, DEPENDENCY_CYCLE
 */
export function createInjectDependencies({ cache }: { cache: Pick<ReleaseCache, 'get' | 'list'> }) {
  async function refuseCycle({ namespace, name, dependencies }: Dependent): Promise<void> {
    const records = new Map((await cache.list()).map((record) => [record.key, record.facts?.dependencies ?? {}]));
    const providers = Object.values(dependencies).map((provider) => providerKey(provider, namespace));
    const cycle = findCycle(releaseKey(namespace, name), providers, (key) =>
      recordedProviders(key, records.get(key) ?? {}),
    );
    if (cycle !== undefined) {
      throw problem('DEPENDENCY_CYCLE', `the dependencies form a cycle: ${cycle.join(' → ')}`, { path: cycle });
    }
  }

  return async (dependent: Dependent): Promise<Injection> => {
    const { namespace, dependencies, metainfo } = dependent;
    const injection: Injection = { values: {}, injected: [], warnings: unnamed(dependent) };
    if (Object.keys(dependencies).length === 0) {
      return injection;
    }
    await refuseCycle(dependent);
    for (const [key, provider] of Object.entries(dependencies)) {
      const known = metainfo?.dependencies.find(({ name }) => name === key);
      const at = providerKey(provider, namespace);
      const record = await cache.get(at);
      if (known === undefined) {
        injection.warnings.push(warning('DEPENDENCY_UNKNOWN', key, `the chart does not say that it depends on ${key}`));
      }
      if (record === undefined) {
        if (known?.optional !== true) {
          throw problem('DEPENDENCY_NOT_FOUND', `the release ${at}, which dependency ${key} names, does not exist`);
        }
        injection.warnings.push(warning('DEPENDENCY_NOT_FOUND', key, `the release ${at} does not exist yet`));
        continue;
      }
      checkVersion(key, at, record, known);
      const outputs = record.facts?.outputConfigValues ?? {};
      if (Object.keys(outputs).length > 0) {
        const path = known === undefined || known.alias.length === 0 ? [key] : known.alias;
        injection.values = mergeValues(injection.values, writeValuePath({}, path, outputs, {}));
        injection.injected.push({ key, provider: at, digest: digestOf(outputs), revision: record.revision });
      }
    }
    return injection;
  };
}

function checkVersion(
  key: string,
  provider: string,
  { chartVersion }: ReleaseRecord,
  known: Metainfo['dependencies'][number] | undefined,
): void {
  if (known !== undefined && !isWithin(chartVersion, known.minVersion, known.maxVersion)) {
    throw problem(
      'DEPENDENCY_VERSION',
      `dependency ${key}: release ${provider} has chart version ${chartVersion}, and the chart wants ` +
        `${known.minVersion || 'any'} to ${known.maxVersion || 'any'}`,
      { provider, chartVersion, minVersion: known.minVersion, maxVersion: known.maxVersion },
    );
  }
}

/** What the chart requires and the request does not name. */
function unnamed({ dependencies, metainfo }: Dependent): Warning[] {
  return (metainfo?.dependencies ?? [])
    .filter(({ name, optional }) => !optional && name !== '' && !Object.hasOwn(dependencies, name))
    .map(({ name }) => warning('DEPENDENCY_MISSING', name, `the chart needs ${name}, and no release is named for it`));
}

function warning(code: string, key: string, message: string): Warning {
  return { code, message, path: `/dependencies/${key}` };
}

function digestOf(outputs: JsonObject): string {
  return createHash('sha256').update(sortedJson(outputs)).digest('hex');
}
