import { createHash } from 'node:crypto';
import { problem } from '../../../domain/errors/problem-error.ts';
import { chunksOf, splitArchive } from '../../../domain/charts/chart-archive-chunks.ts';
import type { Caller } from '../../../domain/access/caller.ts';
import { CHART_LABEL, chartLabelValue } from '../../../domain/charts/chart-label.ts';
import { asObject, asString } from '../../../domain/json/json-reading.ts';
import type { KubeMetadata, KubeObject } from '../../../domain/kube/kube-object.ts';
import {
  type ArchiveUse,
  readUses,
  unitedUses,
  USES_ANNOTATION,
  withUse,
  writeUses,
} from '../../../domain/charts/archive-uses.ts';
import type { ChartArchiveAdapter } from '../../../ports/gate/gated-adapters.ts';
import type { WritePass } from '../../../ports/gate/passes.ts';
import type { KeptArchive } from '../../../ports/storage/chart-archive-store.ts';
import type { FencedKube } from '../client/fenced-kube.ts';
import type { ListQuery } from '../client/kube-api.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import { listPages } from '../client/list-pages.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';
import type { Clock } from '../../../ports/runtime/clock.ts';
import { RECORD_SECRET_TYPE } from '../../../domain/names/helm-record-name.ts';

const SECRETS = { group: '', version: 'v1', plural: 'secrets' };

/** In whose name an archive is stored for which use, with the pass to write it. */
type Putting = { use: ArchiveUse; as: Caller | null; pass: WritePass };

/** One of the Secrets that an archive is stored in. */
type Part = { namespace: string; name: string; digest: string; chunk: Uint8Array };

/** A Secret of an archive as it was listed. */
type ListedChunk = KeptArchive['parts'][number] & {
  namespace: string;
  uses: ArchiveUse[];
  digest: string;
  index: number;
  count: number;
};

export const CHUNK_TYPE = 'walm.io/chart.v1';
/** Secrets that are listed by one request: each may have a quarter of a mebibyte of annotations. */
const PAGE = 50;
/** `walm-chart-<digest>-<index>-of-<count>`: the name alone identifies a chunk. */
const CHUNK_NAME = /^walm-chart-([0-9a-f]{64})-(\d+)-of-(\d+)$/;

/** Attempts to note a use while others note theirs; the last one writes over theirs, as a use by an unknown task. */
const MAX_ATTEMPTS = 6;

export type KubeChartArchivesDeps = { kube: FencedKube; maxBytes: number; clock: Clock };

/**
 * Archives as Secrets in the namespaces of the releases. The content of chunks is immutable, and the same bytes have
 * the same names; each use of an archive changes an annotation of its chunks, so that they are newer than what others
 * have read of them. An editor of a namespace can create any number of such Secrets: they are read one chunk after the
 * other, and never more than the maximum size of an archive (`maxBytes`).
 */
export function createKubeChartArchives({ kube, maxBytes, clock }: KubeChartArchivesDeps): ChartArchiveAdapter {
  const nameOf = (digest: string, index: number, count: number) => `walm-chart-${digest}-${index}-of-${count}`;

  function secretOf({ namespace, name, digest, chunk }: Part, uses: ArchiveUse[], found?: KubeMetadata) {
    const labels = { 'app.kubernetes.io/managed-by': 'walm', [CHART_LABEL]: chartLabelValue(digest) };
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        ...found,
        name,
        namespace,
        labels: { ...found?.labels, ...labels },
        annotations: { ...found?.annotations, [USES_ANNOTATION]: writeUses(uses) },
      },
      type: CHUNK_TYPE,
      immutable: true,
      data: { chunk: Buffer.from(chunk).toString('base64') },
    };
  }

  /** False if a Secret of this name exists. */
  async function createChunk(part: Part, { use, as, pass }: Putting): Promise<boolean> {
    try {
      await kube.writing(pass).create(resourcePath(SECRETS, part.namespace), secretOf(part, [use]), { as });
      return true;
    } catch (error) {
      if (hasStatus(error, 409)) {
        return false;
      }
      throw problemOf(error, { kind: 'Secret', namespace: part.namespace, name: part.name });
    }
  }

  /**
   * Notes a use of a chunk that exists. By the right to update Secrets, which callers need for Helm's records, too; so the
   * content is sent once more. False if the chunk is gone, or was changed meanwhile.
   */
  async function noteUse(part: Part, { use, as, pass }: Putting, isLast: boolean): Promise<boolean> {
    const { namespace, name } = part;
    const query = { fieldSelector: `metadata.name=${name}`, metadataOnly: true };
    const [found] = await list(namespace, query, as, ({ metadata }) => metadata);
    if (found === undefined) {
      return false;
    }
    const { resourceVersion: _version, uid: _uid, ...whichever } = found;
    const noted = isLast ? { ...use, task: '' } : use;
    const uses = withUse(readUses(found.annotations?.[USES_ANNOTATION]), noted);
    try {
      await kube
        .writing(pass)
        .replace(resourcePath(SECRETS, namespace, name), secretOf(part, uses, isLast ? whichever : found), {
          as,
        });
      return true;
    } catch (error) {
      // 422: other bytes have this name, and cannot be changed. They are not a chart, and are not given out.
      if (hasStatus(error, 422)) {
        return true;
      }
      if (hasStatus(error, 409) || hasStatus(error, 404)) {
        return false;
      }
      throw problemOf(error, { kind: 'Secret', namespace, name });
    }
  }

  async function putChunk(part: Part, putting: Putting): Promise<void> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      if ((await createChunk(part, putting)) || (await noteUse(part, putting, attempt === MAX_ATTEMPTS))) {
        return;
      }
    }
    const { namespace, name } = part;
    throw problem('CLUSTER_UNREACHABLE', `the Secret ${name} in namespace ${namespace} is removed again and again`);
  }

  /** The chunks of one archive, or of all, without their content. */
  async function chunks(namespace: string | undefined, as: Caller | null, digest?: string): Promise<ListedChunk[]> {
    const labelSelector = digest === undefined ? CHART_LABEL : `${CHART_LABEL}=${chartLabelValue(digest)}`;
    const query = { fieldSelector: `type=${CHUNK_TYPE}`, labelSelector, metadataOnly: true };
    const all = await list(namespace, query, as, chunkOf);
    return all.filter((chunk) => chunk !== null).filter((chunk) => digest === undefined || chunk.digest === digest);
  }

  /** What `pick` returns for each object: what others wrote beside that is not held. */
  async function list<T>(
    namespace: string | undefined,
    query: ListQuery,
    as: Caller | null,
    pick: (object: KubeObject) => T,
  ): Promise<T[]> {
    const found: T[] = [];
    try {
      for await (const page of listPages(kube, resourcePath(SECRETS, namespace), { limit: PAGE, ...query }, { as })) {
        found.push(...page.map(pick));
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
    async put(namespace, { digest, bytes }, task, as, pass) {
      const use = { task, at: clock.now() };
      const chunked = splitArchive(bytes);
      const parts = chunked.map((chunk, i) => ({ namespace, name: nameOf(digest, i, chunked.length), digest, chunk }));
      await Promise.all(parts.map((part) => putChunk(part, { use, as, pass })));
    },
    async get(namespace, digest, as) {
      const ordered = (await chunks(namespace, as, digest)).toSorted((a, b) => a.index - b.index);
      if (ordered.length === 0 || ordered.length !== ordered[0]?.count || ordered.length > chunksOf(maxBytes)) {
        return null;
      }
      const parts: Buffer[] = [];
      let leftBytes = maxBytes;
      for (const { name } of ordered) {
        const part = await read(namespace, name, as);
        leftBytes -= part.length;
        if (leftBytes < 0) {
          return null;
        }
        parts.push(part);
      }
      const bytes = Buffer.concat(parts);
      return createHash('sha256').update(bytes).digest('hex') === digest ? bytes : null;
    },
    async find(namespace, digest, as) {
      const found = await chunks(namespace, as, digest);
      return found.length === 0 ? null : archiveOf(namespace, digest, found);
    },
    async list(namespace) {
      const byArchive = Map.groupBy(await chunks(namespace, null), (chunk) => `${chunk.namespace}/${chunk.digest}`);
      return [...byArchive.values()].map((found) =>
        archiveOf(found[0]?.namespace ?? '', found[0]?.digest ?? '', found),
      );
    },
    async remove({ namespace, parts }, as, pass) {
      await Promise.all(
        parts.map(async ({ name, uid, version: resourceVersion }) => {
          try {
            const preconditions = { uid, resourceVersion };
            await kube.writing(pass).remove(resourcePath(SECRETS, namespace, name), { preconditions }, { as });
          } catch (error) {
            // 409: it was stored or used since it was read.
            if (!hasStatus(error, 404) && !hasStatus(error, 409)) {
              throw problemOf(error, { kind: 'Secret', namespace, name });
            }
          }
        }),
      );
    },
    async isReferenced(namespace, digest, as) {
      const labelSelector = `owner=helm,${CHART_LABEL}=${chartLabelValue(digest)}`;
      const query = { fieldSelector: `type=${RECORD_SECRET_TYPE}`, labelSelector, metadataOnly: true, limit: 1 };
      return (await list(namespace, query, as, () => null)).length > 0;
    },
  };
}

/** Null: no chunk of an archive. */
function chunkOf({ metadata }: KubeObject): ListedChunk | null {
  const {
    name,
    namespace = '',
    uid = '',
    resourceVersion: version = '',
    annotations,
    creationTimestamp = '',
  } = metadata;
  const [, digest, index, count] = CHUNK_NAME.exec(name) ?? [];
  if (digest === undefined) {
    return null;
  }
  const noted = readUses(annotations?.[USES_ANNOTATION]);
  const uses = noted.length > 0 ? noted : [{ task: '', at: Date.parse(creationTimestamp) || 0 }];
  return { name, namespace, uid, version, uses, digest, index: Number(index), count: Number(count) };
}

function archiveOf(namespace: string, digest: string, chunks: readonly ListedChunk[]): KeptArchive {
  return {
    namespace,
    digest,
    uses: unitedUses(chunks.map(({ uses }) => uses)),
    parts: chunks.map(({ name, uid, version }) => ({ name, uid, version })),
  };
}

function contentOf(secret: KubeObject): Buffer {
  return Buffer.from(asString(asObject(secret.data)['chunk']), 'base64');
}
