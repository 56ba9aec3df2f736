import { hasStatus } from '../../server/adapters/kube/client/kube-api-error.ts';
import { asObject, asString } from '../../server/domain/json/json-reading.ts';
import type { KubeObject } from '../../server/domain/kube/kube-object.ts';
import { problem } from '../../server/domain/errors/problem-error.ts';
import type { HelmRelease } from '../../server/ports/helm/helm-release.ts';
import { type ApiServer, frozen } from './api-server.ts';
import { RECORD_SECRET_TYPE, recordName } from '../../server/domain/names/helm-record-name.ts';

/** How requests of one operation reach the cluster. */
export interface Requests {
  read<T>(about: string, act: (api: ApiServer) => T): Promise<T>;
  write<T>(about: string, act: (api: ApiServer) => T): Promise<T>;
}

/** Helm's records of one release, as one operation reads and writes them. */
export interface RecordSecrets {
  /** Oldest first. */
  history(): Promise<HelmRelease[]>;
  create(release: HelmRelease): Promise<void>;
  update(release: HelmRelease): Promise<void>;
  remove(release: HelmRelease): Promise<void>;
  /** The same, with what was read so far, through other requests. */
  by(requests: Requests): RecordSecrets;
}

const MAX_UPDATES = 5;
const collectionOf = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets`;

/**
 * Writes a record only over the version that was read or written before, like engine/record/followed_secrets.go; Helm itself
 * overwrites any version.
 */
export function createRecordSecrets(
  target: { namespace: string; name: string },
  { read, write }: Requests,
  seen = new Map<string, KubeObject>(),
): RecordSecrets {
  const { namespace, name } = target;
  const pathOf = (secret: string) => `${collectionOf(namespace)}/${secret}`;
  const note = (secret: KubeObject) => void seen.set(secret.metadata.name, secret);

  async function find(secret: string): Promise<KubeObject> {
    return read(`record ${secret}`, (api) => api.get(pathOf(secret)));
  }

  async function update(release: HelmRelease): Promise<void> {
    const secret = secretOf(release);
    const { name: key } = secret.metadata;
    let known = seen.get(key) ?? (await find(key));
    for (let attempt = 1; ; attempt += 1) {
      const { resourceVersion, uid } = known.metadata;
      const metadata = { ...secret.metadata, resourceVersion, uid };
      try {
        note(
          await write(`record ${key} ${release.status}`, (api) => api.replace(pathOf(key), { ...secret, metadata })),
        );
        return;
      } catch (error) {
        if (!hasStatus(error, 409) || attempt === MAX_UPDATES) throw error;
      }
      const current = await find(key);
      const isOther = contentOf(current) !== contentOf(known) || current.metadata.uid !== known.metadata.uid;
      const isSuperseding = release.status === 'superseded';
      if (isOther && isSuperseding && statusOf(current) === 'superseded') return;
      if (isOther && !(isSuperseding && statusOf(current) === 'deployed')) {
        throw problem('REVISION_MISMATCH', `another process wrote the record ${key}: the operation ends here`);
      }
      known = current;
    }
  }

  /** Like an update: a request that arrives late never removes what stands there by then. */
  async function remove({ revision }: HelmRelease): Promise<void> {
    const key = recordName(name, revision);
    let known = seen.get(key) ?? (await find(key));
    for (let attempt = 1; ; attempt += 1) {
      const { resourceVersion = '', uid = '' } = known.metadata;
      try {
        await write(`record ${key} removed`, (api) =>
          api.remove(pathOf(key), { preconditions: { resourceVersion, uid } }),
        );
        return;
      } catch (error) {
        if (hasStatus(error, 404)) return;
        if (!hasStatus(error, 409) || attempt === MAX_UPDATES) throw error;
      }
      const current = await find(key);
      if (contentOf(current) !== contentOf(known) || current.metadata.uid !== known.metadata.uid) {
        throw problem('REVISION_MISMATCH', `another process wrote the record ${key}: the operation ends here`);
      }
      known = current;
    }
  }

  return {
    async history() {
      const labelSelector = `owner=helm,name=${name}`;
      const { items } = await read(`records of ${name}`, (api) => api.list(collectionOf(namespace), { labelSelector }));
      items.forEach(note);
      return items.map(releaseOf).toSorted((a, b) => a.revision - b.revision);
    },
    async create(release) {
      const secret = secretOf(release);
      try {
        note(
          await write(`record ${secret.metadata.name} ${release.status}`, (api) =>
            api.create(collectionOf(namespace), secret),
          ),
        );
      } catch (error) {
        if (hasStatus(error, 409)) {
          throw problem('RELEASE_EXISTS', `release ${name} already exists in namespace ${namespace}`);
        }
        throw error;
      }
    },
    update,
    by: (requests) => createRecordSecrets(target, requests, seen),
    remove,
  };
}

/** Records already read: a Secret of the simulated cluster is immutable, a change replaces it. */
const read = new WeakMap<KubeObject, HelmRelease>();

/** The release that a Secret records; it must not be modified. */
export function releaseOf(secret: KubeObject): HelmRelease {
  const known = read.get(secret) ?? frozen(JSON.parse(asString(asObject(secret.data)['release'])) as HelmRelease);
  read.set(secret, known);
  return known;
}

/** The Secret that records a release. */
export function secretOf(release: HelmRelease): KubeObject {
  const { namespace, name, revision, status } = release;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: RECORD_SECRET_TYPE,
    metadata: {
      name: recordName(name, revision),
      namespace,
      labels: { ...release.labels, name, owner: 'helm', status, version: String(revision) },
    },
    data: { release: JSON.stringify({ ...release, warnings: [] }) },
  };
}

const statusOf = ({ metadata }: KubeObject) => metadata.labels?.['status'];
const contentOf = (secret: KubeObject) => `${statusOf(secret)} ${asString(asObject(secret.data)['release'])}`;
