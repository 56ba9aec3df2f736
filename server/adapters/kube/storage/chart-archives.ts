import { createHash } from 'node:crypto';
import { chunksOf, splitArchive } from '../../../domain/charts/chart-archive-chunks.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { CHART_LABEL, chartLabelValue } from '../../../domain/charts/chart-label.ts';
import { asObject, asString } from '../../../domain/json/json-reading.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { ChartArchiveStore, KeptArchive } from '../../../ports/storage/chart-archive-store.ts';
import type { KubeApi, ListQuery } from '../client/kube-api.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { listPages } from '../client/list-pages.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';
import { RECORD_SECRET_TYPE } from '../../../domain/names/helm-record-name.ts';

const SECRETS = { group: '', version: 'v1', plural: 'secrets' };

/** One of the Secrets that an archive is stored in. */
type Part = { name: string; chunk: Uint8Array };

export const CHUNK_TYPE = 'walm.io/chart.v1';
/** Secrets that are listed by one request: each may have a quarter of a mebibyte of annotations. */
const PAGE = 50;
/** `walm-chart-<digest>-<index>-of-<count>`: the name alone identifies a chunk. */
const CHUNK_NAME = /^walm-chart-([0-9a-f]{64})-(\d+)-of-(\d+)$/;

/**
 * Archives as Secrets in the namespaces of the releases. Chunks are immutable, and the same bytes have the same names.
 * An editor of a namespace can create any number of such Secrets: they are read one chunk after the other, and never
 * more than the maximum size of an archive (`maxBytes`).
 */
export function createKubeChartArchives({ kube, maxBytes }: { kube: KubeApi; maxBytes: number }): ChartArchiveStore {
  const nameOf = (digest: string, index: number, count: number) => `walm-chart-${digest}-${index}-of-${count}`;

  async function putChunk(namespace: string, digest: string, part: Part, as: Caller | null): Promise<void> {
    const { name, chunk } = part;
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name,
        namespace,
        labels: { 'app.kubernetes.io/managed-by': 'walm', [CHART_LABEL]: chartLabelValue(digest) },
      },
      type: CHUNK_TYPE,
      immutable: true,
      data: { chunk: Buffer.from(chunk).toString('base64') },
    };
    try {
      await kube.create(resourcePath(SECRETS, namespace), secret, { as });
    } catch (error) {
      if (!hasStatus(error, 409)) {
        throw problemOf(error, { kind: 'Secret', namespace, name });
      }
    }
  }

  /** The chunks of one archive, or of all, without their content. */
  async function chunks(namespace: string | undefined, as: Caller | null, digest?: string) {
    const labelSelector = digest === undefined ? CHART_LABEL : `${CHART_LABEL}=${chartLabelValue(digest)}`;
    const query = { fieldSelector: `type=${CHUNK_TYPE}`, labelSelector, metadataOnly: true };
    const items = await list(namespace, query, as);
    return items.flatMap((secret) => {
      const match = CHUNK_NAME.exec(secret.metadata.name);
      return match === null
        ? []
        : [{ secret, digest: match[1] ?? '', index: Number(match[2]), count: Number(match[3]) }];
    });
  }

  async function list(namespace: string | undefined, query: ListQuery, as: Caller | null): Promise<KubeObject[]> {
    const found: KubeObject[] = [];
    try {
      for await (const page of listPages(kube, resourcePath(SECRETS, namespace), { limit: PAGE, ...query }, { as })) {
        // What others wrote beside the names is not held.
        found.push(...page.map(lean));
        if (query.limit !== undefined) {
          break;
        }
      }
      return found;
    } catch (error) {
      throw problemOf(error, { kind: 'Secret', ...(namespace !== undefined && { namespace }), name: '' });
    }
  }

  async function read(namespace: string, name: string, as: Caller | null): Promise<Buffer> {
    try {
      return contentOf(await kube.get(resourcePath(SECRETS, namespace, name), { as }));
    } catch (error) {
      throw problemOf(error, { kind: 'Secret', namespace, name });
    }
  }

  return {
    async put(namespace, digest, bytes, as) {
      const chunked = splitArchive(bytes);
      const parts = chunked.map((chunk, i) => ({ name: nameOf(digest, i, chunked.length), chunk }));
      await Promise.all(parts.map((part) => putChunk(namespace, digest, part, as)));
    },
    async get(namespace, digest, as) {
      const kept = (await chunks(namespace, as, digest)).filter((chunk) => chunk.digest === digest);
      const ordered = kept.toSorted((a, b) => a.index - b.index);
      if (ordered.length === 0 || ordered.length !== ordered[0]?.count || ordered.length > chunksOf(maxBytes)) {
        return null;
      }
      const parts: Buffer[] = [];
      let leftBytes = maxBytes;
      for (const { secret } of ordered) {
        const part = await read(namespace, secret.metadata.name, as);
        leftBytes -= part.length;
        if (leftBytes < 0) {
          return null;
        }
        parts.push(part);
      }
      const bytes = Buffer.concat(parts);
      return createHash('sha256').update(bytes).digest('hex') === digest ? bytes : null;
    },
    async list(namespace) {
      const archives = new Map<string, KeptArchive>();
      for (const { secret, digest } of await chunks(namespace, null)) {
        const at = secret.metadata.namespace ?? '';
        archives.set(`${at}/${digest}`, {
          namespace: at,
          digest,
          keptAt: secret.metadata.creationTimestamp ?? '',
        });
      }
      return [...archives.values()];
    },
    async remove(namespace, digest, as) {
      const kept = (await chunks(namespace, as, digest)).filter((chunk) => chunk.digest === digest);
      await Promise.all(
        kept.map(async ({ secret }) => {
          try {
            await kube.remove(resourcePath(SECRETS, namespace, secret.metadata.name), {}, { as });
          } catch (error) {
            if (!hasStatus(error, 404)) {
              throw problemOf(error, { kind: 'Secret', namespace, name: secret.metadata.name });
            }
          }
        }),
      );
    },
    async isReferenced(namespace, digest, as) {
      const labelSelector = `owner=helm,${CHART_LABEL}=${chartLabelValue(digest)}`;
      const query = { fieldSelector: `type=${RECORD_SECRET_TYPE}`, labelSelector, metadataOnly: true, limit: 1 };
      return (await list(namespace, query, as)).length > 0;
    },
  };
}

function lean({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, creationTimestamp } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace && { namespace }), ...(creationTimestamp && { creationTimestamp }) },
  };
}

function contentOf(secret: KubeObject): Buffer {
  return Buffer.from(asString(asObject(secret.data)['chunk']), 'base64');
}
