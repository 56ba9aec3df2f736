import type { ReleaseObject } from '../../../contract/schemas/cluster/release-object.ts';
import { questionOf } from '../../domain/access/access-question.ts';
import { describeObject } from '../../domain/cluster/describe-object.ts';
import { releaseNotFound } from '../../domain/errors/release-problems.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import { type ObjectRef, parseApiVersion } from '../../domain/kube/kube-object.ts';
import { releaseKey } from '../../domain/names/release-key.ts';
import { RELEASE_CONFIG } from '../../domain/release/release-config.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { HelmReader, ServedResource } from '../../ports/helm/helm-reader.ts';
import type { ReleaseCache } from '../../ports/storage/release-cache.ts';
import type { Authorization } from '../access/authorization.ts';

/** Which object of a release: the rest is needed only where kind and name are not enough. */
export type WantedObject = {
  kind: string;
  name: string;
  apiVersion?: string | undefined;
  namespace?: string | undefined;
};

/**
 * An object of a release's manifest as it is in the cluster, read in the name of the caller, who also needs the right to
 * get it. Without the secrets of the release and without values of Secrets.
 * @throws ProblemError RELEASE_NOT_FOUND, OBJECT_NOT_FOUND, OBJECT_AMBIGUOUS, KIND_UNKNOWN, NAMESPACE_RESERVED, FORBIDDEN,
 * what `listResources` throws, and as `ObjectReader`
 */
export type ReadReleaseObject = (
  namespace: string,
  release: string,
  wanted: WantedObject,
  reading: ObjectReading,
) => Promise<ReleaseObject>;

export type ReadReleaseObjectDeps = {
  cache: Pick<ReleaseCache, 'get'>;
  reader: Pick<ObjectReader, 'find'>;
  engine: Pick<HelmReader, 'listResources'>;
  authorization: Pick<Authorization, 'demand'>;
  systemNamespace: string;
};

export function createReadReleaseObject(deps: ReadReleaseObjectDeps): ReadReleaseObject {
  const { cache, reader, engine, authorization, systemNamespace } = deps;

  async function servedAs(ref: ObjectRef): Promise<ServedResource> {
    const { group, version } = parseApiVersion(ref.apiVersion);
    const all = (await engine.listResources()).filter((one) => one.group === group && one.kind === ref.kind);
    const served = all.find((one) => one.version === version) ?? all[0];
    if (served === undefined) {
      const message = `the cluster does not serve the kind ${ref.kind} of ${ref.apiVersion}`;
      throw problem('KIND_UNKNOWN', message, {}, ref);
    }
    return served;
  }

  return async function readReleaseObject(namespace, release, wanted, reading) {
    const record = await cache.get(releaseKey(namespace, release));
    if (record === undefined) {
      throw releaseNotFound(namespace, release);
    }
    // Walm's own object of the release is left out of what is shown of its manifest.
    const own = { ...RELEASE_CONFIG, namespace, name: release };
    const ref = choose([own, ...record.objects], wanted, `${namespace}/${release}`);
    // A manifest can name any namespace.
    if (ref.namespace === systemNamespace) {
      throw problem('NAMESPACE_RESERVED', `nothing of namespace ${systemNamespace} is shown`, {}, ref);
    }
    const served = await servedAs(ref);
    const place = served.namespaced ? ref.namespace : '';
    const right = { verb: 'get', group: served.group, resource: served.plural } as const;
    await authorization.demand(reading.as, [questionOf(right, place, ref.name)]);
    const at = { ...(place !== '' && { namespace: place }), name: ref.name };
    const found = await reader.find(served, at, reading);
    if (found === null) {
      const message = `${ref.kind} ${ref.name} of release ${namespace}/${release} is not in the cluster`;
      throw problem('OBJECT_NOT_FOUND', message, {}, ref);
    }
    return describeObject(found, (value) => record.masker.json(value));
  };
}

/** @throws ProblemError OBJECT_NOT_FOUND, OBJECT_AMBIGUOUS */
function choose(objects: readonly ObjectRef[], wanted: WantedObject, release: string): ObjectRef {
  const { kind, name, apiVersion, namespace } = wanted;
  const found = objects.filter(
    (ref) =>
      ref.kind === kind &&
      ref.name === name &&
      (apiVersion === undefined || ref.apiVersion === apiVersion) &&
      (namespace === undefined || ref.namespace === namespace),
  );
  const [first, second] = found;
  if (first === undefined) {
    const message = `the manifest of release ${release} has no ${kind} ${name}`;
    throw problem('OBJECT_NOT_FOUND', message, {}, { kind, name });
  }
  if (second !== undefined) {
    const message = `release ${release} has ${found.length} objects ${kind} ${name}: say apiVersion and namespace`;
    throw problem('OBJECT_AMBIGUOUS', message, { objects: found.slice(0, 20) }, { kind, name });
  }
  return first;
}
