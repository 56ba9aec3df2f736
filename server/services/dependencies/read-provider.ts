import { createHmac } from 'node:crypto';
import type { Automation } from '../../domain/automation/automation.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { ClusterView } from '../../domain/kube/cluster-view.ts';
import type { JsonObject, JsonValue } from '../../domain/json/json.ts';
import { evaluateOutputs, objectsOfOutputs, viewOfRelease } from '../../domain/outputs/evaluate-outputs.ts';
import { revealOutputs, secretNamesOf } from '../../domain/outputs/output-secrets.ts';
import { publishedOutputs } from '../../domain/answers/published-outputs.ts';
import { problem, ProblemError } from '../../domain/errors/problem-error.ts';
import type { ReleaseKey } from '../../domain/names/release-key.ts';
import type { ReleaseRecord } from '../../domain/release/release-record.ts';
import { MASK } from '../../domain/secrets/secret-values.ts';
import { sortedJson } from '../../domain/json/sorted-json.ts';
import type { DigestKey } from '../../ports/storage/digest-key.ts';
import type { HelmReader } from '../../ports/helm/helm-reader.ts';
import type { Secrets } from '../../ports/cluster/secrets.ts';
import type { Authorization } from '../access/authorization.ts';
import type { FindDeployed } from '../releases/observe/find-deployed.ts';

export type ReadProviderDeps = {
  findDeployed: FindDeployed;
  engine: Pick<HelmReader, 'getRelease'>;
  live: Pick<ClusterView, 'get'>;
  secrets: Secrets;
  digestKey: DigestKey;
  /** Whom to impersonate when reading the outputs of a release; or why they are not read. */
  readerOf: (record: ReleaseRecord) => Promise<Automation>;
  authorization: Pick<Authorization, 'demand'>;
};

/** What outputs are taken from besides Secrets, which are read in the reader's name. */
const RESOURCES = { Service: 'services', ConfigMap: 'configmaps' } as const;

/** Hexadecimal digits that distinguish one value of an output from another. */
const SHORT = 16;

/** As much of a provider's record as its dependents depend on. */
export type ProviderFacts = Pick<ReleaseRecord, 'chartVersion' | 'key' | 'revision'>;

/** What a release provides once it is as it was rendered. */
export type ForetoldProvider = Omit<Provider, 'record'> & { record: ProviderFacts };

/** What a release provides to its dependents. */
export type Provider = {
  /** The newest deployed revision. */
  record: ReleaseRecord;
  /** The true outputs, including secrets: only for the values of a dependent. */
  outputs: JsonObject;
  /** The same outputs with every secret as `***`. */
  shown: JsonObject;
  /** HMAC of the true outputs, 64 hexadecimal digits. */
  digest: string;
  /** The same for each output by name, 16 hexadecimal digits. */
  digests: Record<string, string>;
};

/**
 * Reads the present outputs of a release; null if it has no deployed revision. Outputs that are secret or taken from
 * objects are read with the rights of the user who made the release, so outputs cannot reveal what that user may not
 * read. If such a right is revoked, dependents keep the values they have.
 * @throws ProblemError RELEASE_NOT_SEALED, FORBIDDEN
 */
export type ReadProvider = (key: ReleaseKey) => Promise<Provider | null>;

export function createReadProvider(deps: ReadProviderDeps): ReadProvider {
  const { findDeployed, engine, live, secrets, digestKey, readerOf, authorization } = deps;

  /** Services and ConfigMaps are known from the live view, which Walm reads in its own name. */
  async function demandObjects(record: ReleaseRecord, as: Caller | null): Promise<void> {
    const { namespace, name: release } = record;
    const questions = objectsOfOutputs(record.outputs, { namespace, release }).flatMap(({ kind, name }) =>
      kind === 'Secret' ? [] : [questionOf({ verb: 'get', group: '', resource: RESOURCES[kind] }, namespace, name)],
    );
    if (questions.length > 0) {
      await authorization.demand(as, questions).catch((error: unknown) => refused(record, error));
    }
  }

  async function trueOutputs(record: ReleaseRecord, as: Caller | null): Promise<JsonObject> {
    const { namespace, name: release, revision, facts } = record;
    const recorded = await engine.getRelease({ identity: as, namespace, name: release }, revision);
    if (recorded !== null && !recorded.seal.sealed) {
      throw notReadable(record, recorded.seal.reason);
    }
    const { outputConfigValues = {}, outputSecrets = [] } = facts ?? {};
    const wanted = objectsOfOutputs(record.outputs, { namespace, release }).filter(({ kind }) => kind === 'Secret');
    const names = new Set([...wanted.map(({ name }) => name), ...secretNamesOf(outputSecrets)]);
    const found = await Promise.all(
      [...names].map(async (name) => [name, (await secrets.read(namespace, name, as)) ?? {}] as const),
    );
    const known = new Map(found);
    const truth = {
      values: recorded?.computedValues ?? {},
      secret: (name: string, key: string) => known.get(name)?.[key],
    };
    const { values } = evaluateOutputs(record.outputs, {
      namespace,
      release,
      view: viewOfRelease(live, { namespace, release }),
      ...truth,
    });
    return { ...revealOutputs(outputConfigValues, outputSecrets, truth), ...values };
  }

  return async function readProvider(key) {
    const record = await findDeployed(key);
    if (record === null) {
      return null;
    }
    const { values: masked } = publishedOutputs(record, live);
    const isSecret = JSON.stringify(masked).includes(MASK);
    const takesFromObjects =
      objectsOfOutputs(record.outputs, { namespace: record.namespace, release: record.name }).length > 0;
    const reader = isSecret || takesFromObjects ? await readerOf(record) : null;
    if (reader?.may === false) {
      throw notReadable(record, reader.reason);
    }
    if (reader !== null) {
      await demandObjects(record, reader.as);
    }
    const outputs =
      isSecret && reader !== null
        ? await trueOutputs(record, reader.as).catch((error: unknown) => refused(record, error))
        : masked;
    const there = Object.entries(masked).filter(([name]) => Object.hasOwn(outputs, name));
    return { record, ...asProvided(await digestKey.read(), outputs, Object.fromEntries(there)) };
  };
}

function notReadable({ namespace, name, revision }: ReleaseRecord, reason: string) {
  return problem(
    'RELEASE_NOT_SEALED',
    `the outputs of release ${namespace}/${name} are not read: ${reason}`,
    { revision },
    { kind: 'Release', namespace, name },
  );
}

/**
 * Tells the caller who changes a dependent that the maker of the provider has lost a right.
 * @throws `error`, a FORBIDDEN that names the provider and the remedy
 */
function refused({ namespace, name }: ReleaseRecord, error: unknown): never {
  if (error instanceof ProblemError && error.code === 'FORBIDDEN') {
    const provider = `${namespace}/${name}`;
    throw problem(
      'FORBIDDEN',
      `the outputs of release ${provider} are read in the name of the caller who made it: ${error.message}; let a caller with ` +
        `that right upgrade or adopt ${provider}`,
      error.details,
      error.object,
    );
  }
  throw error;
}

/** What a release with these outputs gives its dependents; `shown` is without secrets. */
export function asProvided(key: Uint8Array, outputs: JsonObject, shown: JsonObject): Omit<Provider, 'record'> {
  return { outputs, shown, digest: digestOf(key, outputs), digests: outputDigests(key, outputs) };
}

/** Distinguishes one value of each output from another, by name: 16 hexadecimal digits of an HMAC. */
export function outputDigests(key: Uint8Array, outputs: JsonObject): Record<string, string> {
  const digests = Object.entries(outputs).map(([name, value]) => [name, digestOf(key, [name, value]).slice(0, SHORT)]);
  return Object.fromEntries(digests) as Record<string, string>;
}

function digestOf(key: Uint8Array, value: JsonValue): string {
  return createHmac('sha256', key).update(sortedJson(value)).digest('hex');
}
