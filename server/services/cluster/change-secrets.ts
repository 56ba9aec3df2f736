import type { SecretRequest } from '../../../contract/schemas/cluster/secret-request.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { isInternalSecret, isInternalType } from '../../domain/cluster/describe-secret.ts';
import { secretValues } from '../../domain/cluster/secret-values.ts';
import { objectChanged, secretToChangeNotFound } from '../../domain/errors/object-problems.ts';
import { problem, type ProblemError } from '../../domain/errors/problem-error.ts';
import { asString, asTextMap } from '../../domain/json/json-reading.ts';
import { fieldOf, type KubeObject } from '../../domain/kube/kube-object.ts';
import type { ObjectReader, ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { ObjectWriter } from '../../ports/cluster/object-writer.ts';

/**
 * Changes Secrets in the name of the caller; those in which Helm and Walm keep what is theirs cannot be changed. Throws
 * as `ObjectReader` and `ObjectWriter`, and the errors that are named. No message has a value.
 */
export interface ChangeSecrets {
  /** @throws ProblemError SECRET_DATA_INVALID, SECRET_EXISTS, SECRET_RESERVED */
  createSecret(namespace: string, request: SecretRequest, caller: Caller | null): Promise<void>;
  /**
   * Replaces the values; labels and annotations stay.
   * @throws ProblemError FIELD_IMMUTABLE, OBJECT_CHANGED, SECRET_DATA_INVALID, SECRET_NOT_FOUND, SECRET_RESERVED
   */
  updateSecret(namespace: string, request: SecretRequest, reading: ObjectReading): Promise<void>;
  /** @throws ProblemError OBJECT_CHANGED, SECRET_NOT_FOUND unless `ignoreNotFound`, SECRET_RESERVED */
  deleteSecret(
    namespace: string,
    name: string,
    options: { ignoreNotFound: boolean },
    reading: ObjectReading,
  ): Promise<void>;
}

const DEFAULT_TYPE = 'Opaque';

export function createChangeSecrets({
  reader,
  writer,
}: {
  reader: Pick<ObjectReader, 'get'>;
  writer: Pick<ObjectWriter, 'create' | 'replace' | 'remove'>;
}): ChangeSecrets {
  async function find(namespace: string, name: string, reading: ObjectReading): Promise<KubeObject | null> {
    const found = await reader.get('Secret', { namespace, name }, reading);
    if (found !== null && isInternalSecret(found)) {
      throw reserved(namespace, name, asString(fieldOf(found, 'type')));
    }
    return found;
  }

  return {
    async createSecret(namespace, { name, type = DEFAULT_TYPE, immutable = false, ...values }, caller) {
      if (isInternalType(type)) {
        throw reserved(namespace, name, type);
      }
      const data = secretValues(values, null);
      const content = { type, data, ...(immutable && { immutable }) };
      if ((await writer.create({ kind: 'Secret', namespace, name, content }, caller)) === null) {
        const message = `secrets ${JSON.stringify(name)} already exists`;
        throw problem('SECRET_EXISTS', message, {}, { kind: 'Secret', namespace, name });
      }
    },
    async updateSecret(namespace, { name, type, immutable, ...values }, reading) {
      const found = await find(namespace, name, reading);
      if (found === null) {
        throw secretToChangeNotFound(namespace, name);
      }
      const before = asTextMap(found.data);
      const data = secretValues(values, before);
      refuseImmutable(found, { type, immutable, data });
      const content = { data, ...(immutable === true && { immutable }) };
      const outcome = await writer.replace({ ...found, kind: 'Secret', ...content }, reading.as);
      if (outcome !== 'done') {
        throw outcome === 'absent' ? secretToChangeNotFound(namespace, name) : objectChanged('Secret', namespace, name);
      }
    },
    async deleteSecret(namespace, name, { ignoreNotFound }, reading) {
      const found = await find(namespace, name, reading);
      const uid = found?.metadata.uid;
      const outcome =
        found === null
          ? 'absent'
          : await writer.remove({ kind: 'Secret', namespace, name, ...(uid !== undefined && { uid }) }, reading.as);
      if (outcome === 'changed') {
        throw objectChanged('Secret', namespace, name);
      }
      if (outcome === 'absent' && !ignoreNotFound) {
        throw secretToChangeNotFound(namespace, name);
      }
    },
  };
}

/** @throws ProblemError FIELD_IMMUTABLE for what the cluster would refuse */
function refuseImmutable(
  found: KubeObject,
  wanted: { type: string | undefined; immutable: boolean | undefined; data: Readonly<Record<string, string>> },
): void {
  const { name, namespace = '' } = found.metadata;
  const object = { kind: 'Secret', namespace, name };
  const type = asString(fieldOf(found, 'type'));
  if (wanted.type !== undefined && wanted.type !== type) {
    const message = `the type of Secret ${namespace}/${name} is ${JSON.stringify(type)} and cannot be changed: delete it and create it again`;
    throw problem('FIELD_IMMUTABLE', message, { field: 'type' }, object);
  }
  if (
    fieldOf(found, 'immutable') === true &&
    (wanted.immutable === false || !isSame(asTextMap(found.data), wanted.data))
  ) {
    const message = `Secret ${namespace}/${name} is immutable: delete it and create it again`;
    throw problem('FIELD_IMMUTABLE', message, { field: 'immutable' }, object);
  }
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function reserved(namespace: string, name: string, type: string): ProblemError {
  const message = `Secret ${namespace}/${name} has the type ${type}, in which Helm or Walm keep what is theirs`;
  return problem('SECRET_RESERVED', message, { type }, { kind: 'Secret', namespace, name });
}
