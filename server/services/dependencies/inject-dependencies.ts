import type { Warning } from '../../../contract/schemas/warning.ts';
import { isWithin } from '../../domain/charts/chart-version-range.ts';
import { isSamePerson } from '../../domain/automation/automation.ts';
import { objectsOfOutputs } from '../../domain/outputs/evaluate-outputs.ts';
import { plainOutputs } from '../../domain/dependencies/plain-outputs.ts';
import { cutName } from '../../domain/bounds/cut-name.ts';
import { isJsonObject, type JsonObject } from '../../domain/json/json.ts';
import { isSameJson } from '../../domain/json/sorted-json.ts';
import { mergeValues } from '../../domain/values/merge-values.ts';
import type { Metainfo } from '../../domain/metainfo/metainfo.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { InjectedDependency } from '../../domain/release/release-config.ts';
import { findCycle, providerKey, recordedProviders } from '../../domain/dependencies/release-dependencies.ts';
import { parseReleaseKey, releaseKey, type ReleaseKey } from '../../domain/names/release-key.ts';
import { readValuePath, type ValuePath } from '../../domain/values/value-path.ts';
import { writeValuePath } from '../../domain/values/write-value-path.ts';
import type { Authorization } from '../access/authorization.ts';
import { seenAmong } from '../access/visible-namespaces.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import type { ForetoldProvider, ProviderFacts, ReadProvider } from './read-provider.ts';

/** What was injected before; `values` are the true (unmasked) ones of its revision. */
export type FormerInjection = { injected: readonly InjectedDependency[]; values: JsonObject; shown: JsonObject };

/** A release whose dependencies are to be resolved. */
export type Dependent = {
  namespace: string;
  name: string;
  dependencies: Record<string, string>;
  metainfo: Metainfo | null;
  /** The caller; null is Walm itself. */
  caller: Caller | null;
  /** A dependency that does not exist causes a warning instead of an error. */
  allowMissing?: boolean;
  /** Releases that do not exist yet but will when their outputs are needed. */
  isComing?: (provider: ReleaseKey) => boolean;
  /** What a release that does not exist yet, or is about to change, will provide; null for every other one. */
  foretold?: (provider: ReleaseKey) => ForetoldProvider | null;
  /** Reads the providers of several dependents, each once; absent: they are read for this dependent alone. */
  readProvider?: ReadProvider;
  /** Aborted when the answer is no longer wanted. */
  signal?: AbortSignal;
  /** An automatic change: the providers have to be sealed. */
  unattended?: boolean;
  /** Absent for a new release. */
  former?: FormerInjection;
};

/** What is injected into a release from its providers: values, and the record of their origin. */
export type Injection = {
  /** The true values, for Helm. */
  values: JsonObject;
  /** The same values with the secrets of the providers as `***`. */
  shown: JsonObject;
  /**
   * `values` twice, with different harmless texts in place of outputs that templates could take for more than text;
   * absent if there are none. Only outputs that the dependent's own user controls are left as they are.
   */
  probes?: readonly JsonObject[];
  injected: InjectedDependency[];
  warnings: Warning[];
};

export type InjectDependenciesDeps = {
  cache: Pick<ReleaseCache, 'list'>;
  readProvider: ReadProvider;
  authorization: Pick<Authorization, 'demandRelease' | 'visibleTo'>;
  /** Refuse keys that the chart's metainfo does not declare, like the original Walm (decision 22: compatibility). */
  refuseUnknown: boolean;
};

/**
 * Reads the outputs of the providers of a release and puts them where the chart's metainfo declares them; a key that
 * the metainfo does not declare is injected under its own name. If a provider was deleted, the values injected before
 * stay (decision 39: which outputs a dependent gets). Outputs are given only to callers who may get the provider
 * (decision 31: rights are checked again).
 * @throws ProblemError FORBIDDEN, DEPENDENCY_INVALID, DEPENDENCY_NOT_FOUND, DEPENDENCY_VERSION, DEPENDENCY_CYCLE,
 * RELEASE_NOT_SEALED
 */
export type InjectDependencies = (dependent: Dependent) => Promise<Injection>;

export function createInjectDependencies(deps: InjectDependenciesDeps): InjectDependencies {
  const { cache, readProvider, authorization, refuseUnknown } = deps;

  async function refuseForeign({ namespace, dependencies, caller }: Dependent): Promise<void> {
    for (const [key, text] of Object.entries(dependencies)) {
      const at = providerKey(text, namespace);
      try {
        await authorization.demandRelease(caller, 'get', at);
      } catch (error) {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
        const { code, message, details } = error;
        throw problem(code, `dependency ${key} names the release ${at}: ${message}`, { ...details });
      }
    }
  }

  async function refuseCycle({ namespace, name, dependencies, caller }: Dependent): Promise<void> {
    const records = new Map((await cache.list()).map((record) => [record.key, record.facts?.dependencies ?? {}]));
    const providers = Object.values(dependencies).map((provider) => providerKey(provider, namespace));
    const cycle = findCycle(releaseKey(namespace, name), providers, (key) =>
      recordedProviders(key, records.get(key) ?? {}),
    );
    if (cycle !== undefined) {
      const places = cycle.map((key) => parseReleaseKey(key).namespace);
      const seen = await seenAmong(authorization.visibleTo(caller), places);
      const isSeen = (place = '') => seen === null || place === namespace || seen.has(place);
      const path = cycle.map((key, i) => (isSeen(places[i]) ? key : 'a release that you may not list'));
      throw problem('DEPENDENCY_CYCLE', `the dependencies form a cycle: ${path.join(' → ')}`, { path });
    }
  }

  async function providerOf(dependent: Dependent, key: string, at: ReleaseKey): Promise<ForetoldProvider | null> {
    const foretold = dependent.foretold?.(at) ?? null;
    if (foretold !== null) {
      return foretold;
    }
    dependent.signal?.throwIfAborted();
    const provider = await (dependent.readProvider ?? readProvider)(at);
    if (provider !== null) {
      refuseUnsealed(dependent, key, provider.record);
    }
    return provider;
  }

  return async function injectDependencies(dependent) {
    const { namespace, dependencies, metainfo } = dependent;
    const injection: Injection = { values: {}, shown: {}, injected: [], warnings: unnamed(dependent) };
    if (Object.keys(dependencies).length === 0) {
      return injection;
    }
    await refuseForeign(dependent);
    await refuseCycle(dependent);
    const probes = PROBE_LETTERS.map((letter) => ({ letter, values: {} as JsonObject }));
    const probe = (path: ValuePath, at: ReleaseKey, outputs: JsonObject, isTrusted: boolean): void => {
      if (!isTrusted) {
        refuseTemplates(at, outputs);
      }
      for (const one of probes) {
        const told = isTrusted ? outputs : plainOutputs(outputs, one.letter);
        one.values = mergeValues(one.values, writeValuePath({}, path, told, {}));
      }
    };
    for (const [key, text] of Object.entries(dependencies)) {
      const known = metainfo?.dependencies.find(({ name }) => name === key);
      const at = providerKey(text, namespace);
      const path = known === undefined || known.alias.length === 0 ? [key] : known.alias;
      if (known === undefined && refuseUnknown && metainfo !== null) {
        // The text of the original Walm.
        throw problem(
          'DEPENDENCY_INVALID',
          `dependency key ${key} is not valid, you can see valid keys in chart metainfo`,
        );
      }
      if (known === undefined) {
        injection.warnings.push(warning('DEPENDENCY_UNKNOWN', key, `the chart does not say that it depends on ${key}`));
      }
      const provider = await providerOf(dependent, key, at);
      if (provider === null) {
        const former = dependent.former?.injected.find((one) => one.key === key && one.provider === at);
        if (former !== undefined && dependent.former !== undefined) {
          keep(injection, path, former, dependent.former);
          const kept = readValuePath(dependent.former.values, path);
          probe(path, at, isJsonObject(kept) ? kept : {}, dependent.caller === null);
        } else {
          missing(injection, key, at, dependent, known?.optional === true);
        }
        continue;
      }
      checkVersion(key, at, provider.record, known);
      if (Object.keys(provider.outputs).length > 0) {
        add(injection, path, provider.outputs, provider.shown);
        probe(path, at, provider.outputs, isOwn(dependent, provider.record));
        const { digest, digests: outputs, record } = provider;
        injection.injected.push({ key, provider: at, digest, revision: record.revision, outputs });
      }
    }
    const isPlain = probes.every(({ values }) => isSameJson(values, injection.values));
    return isPlain ? injection : { ...injection, probes: probes.map(({ values }) => values) };
  };
}

/** Letters of the harmless texts. */
const PROBE_LETTERS = ['x', 'y'] as const;

/**
 * Whether only the dependent's own user decides what the provider publishes: they installed it, and it takes nothing from
 * other releases or from objects, which every editor of the namespace can change. Any later change may carry over what
 * another caller had given before. Without authentication all callers count as one, but they can edit objects without Walm.
 */
function isOwn({ caller }: Dependent, provider: ProviderFacts | ReleaseRecord): boolean {
  if (!('seal' in provider) || !provider.seal.sealed) {
    return false;
  }
  const { by, operation } = provider.seal;
  if (caller !== null && !(operation === 'install' && isSamePerson(by, caller))) {
    return false;
  }
  const { namespace, name: release, facts, outputs } = provider;
  return (
    Object.keys(facts?.dependencies ?? {}).length === 0 &&
    objectsOfOutputs(outputs, { namespace, release }).length === 0 &&
    (facts?.outputSecrets ?? []).length === 0
  );
}

/** A chart may run a value as a template (`tpl`), with everything that `lookup` reads for the dependent's user. */
function refuseTemplates(provider: ReleaseKey, outputs: JsonObject): void {
  const found = Object.entries(outputs).find(([name, value]) => JSON.stringify([name, value]).includes('{{'));
  if (found !== undefined) {
    throw problem(
      'OUTPUT_SHAPES_OBJECTS',
      `output ${cutName(found[0])} of release ${provider} contains {{, which a chart may run as a template`,
      { provider },
    );
  }
}

function add(injection: Injection, path: ValuePath, values: JsonObject, shown: JsonObject): void {
  injection.values = mergeValues(injection.values, writeValuePath({}, path, values, {}));
  injection.shown = mergeValues(injection.shown, writeValuePath({}, path, shown, {}));
}

/** The provider was deleted: the values injected before stay. */
function keep(injection: Injection, path: ValuePath, entry: InjectedDependency, former: FormerInjection): void {
  const { key, provider } = entry;
  const [values, shown] = [readValuePath(former.values, path), readValuePath(former.shown, path)];
  if (values !== undefined && shown !== undefined) {
    injection.values = writeValuePath(injection.values, path, values, {});
    injection.shown = writeValuePath(injection.shown, path, shown, {});
  }
  injection.injected.push(entry);
  const message = `the release ${provider} is gone; what it gave at revision ${entry.revision} stays`;
  injection.warnings.push(warning('DEPENDENCY_GONE', key, message));
}

function missing(
  { warnings }: Injection,
  key: string,
  at: ReleaseKey,
  { allowMissing, isComing }: Dependent,
  optional: boolean,
): void {
  if (isComing?.(at) === true) {
    return;
  }
  if (!optional && allowMissing !== true) {
    throw problem('DEPENDENCY_NOT_FOUND', `the release ${at}, which dependency ${key} names, does not exist`);
  }
  warnings.push(warning('DEPENDENCY_NOT_FOUND', key, `the release ${at} does not exist yet`));
}

/** Another user may have written the provider between the check of an automatic change and its turn. */
function refuseUnsealed({ unattended }: Dependent, key: string, { key: at, revision, seal }: ReleaseRecord): void {
  if (unattended === true && !seal.sealed) {
    throw problem(
      'RELEASE_NOT_SEALED',
      `dependency ${key}: Walm does not by itself use the outputs of revision ${revision} of ${at}: ${seal.reason}`,
      { provider: at, revision },
    );
  }
}

function checkVersion(
  key: string,
  provider: string,
  { chartVersion }: ProviderFacts,
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

/** Dependencies that the chart requires and the request does not name. */
function unnamed({ dependencies, metainfo }: Dependent): Warning[] {
  return (metainfo?.dependencies ?? [])
    .filter(({ name, optional }) => !optional && name !== '' && !Object.hasOwn(dependencies, name))
    .map(({ name }) => warning('DEPENDENCY_MISSING', name, `the chart needs ${name}, and no release is named for it`));
}

function warning(code: string, key: string, message: string): Warning {
  return { code, message, path: `/dependencies/${key}` };
}
