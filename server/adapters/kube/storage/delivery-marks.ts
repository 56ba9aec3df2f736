import { createHash } from 'node:crypto';
import type { JsonValue } from '../../../domain/json/json.ts';
import { asObject, asString } from '../../../domain/json/json-reading.ts';
import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { ReleaseKey } from '../../../domain/names/release-key.ts';
import type { DeliveryMarkAdapter } from '../../../ports/gate/gated-adapters.ts';
import type { WritePass } from '../../../ports/gate/passes.ts';
import type { DeliveryMark } from '../../../ports/storage/delivery-marks.ts';
import { hasStatus } from '../client/kube-api-error.ts';
import type { FencedKube } from '../client/fenced-kube.ts';
import { problemOf } from '../client/problem-of.ts';
import { resourcePath } from '../client/resource-path.ts';

const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps' };
const PREFIX = 'walm-delivered-';
/** So that 5,000 releases use ConfigMaps of about 30 KiB, and one change rewrites one of them. */
const SHARDS = 16;
const FIELD = 'marks';

type Shard = { marks: Map<ReleaseKey, DeliveryMark>; version: string | undefined };

/** Marks in ConfigMaps of Walm's own namespace, distributed by the release's name. */
export function createKubeDeliveryMarks(deps: {
  kube: Pick<FencedKube, 'get' | 'writing'>;
  namespace: string;
}): DeliveryMarkAdapter {
  const { kube, namespace } = deps;
  let shards: Shard[] = [];

  async function read(index: number): Promise<Shard> {
    try {
      return toShard(await kube.get(resourcePath(CONFIG_MAPS, namespace, `${PREFIX}${index}`)));
    } catch (error) {
      if (hasStatus(error, 404)) {
        return { marks: new Map(), version: undefined };
      }
      throw problemOf(error, { kind: 'ConfigMap', namespace, name: `${PREFIX}${index}` });
    }
  }

  async function write(index: number, marks: Shard['marks'], pass: WritePass): Promise<void> {
    const name = `${PREFIX}${index}`;
    const version = shards[index]?.version;
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name,
        namespace,
        labels: { 'app.kubernetes.io/managed-by': 'walm' },
        ...(version !== undefined && { resourceVersion: version }),
      },
      data: { [FIELD]: JSON.stringify(Object.fromEntries(marks)) },
    };
    try {
      const written =
        version === undefined
          ? await kube.writing(pass).create(resourcePath(CONFIG_MAPS, namespace), object)
          : await kube.writing(pass).replace(resourcePath(CONFIG_MAPS, namespace, name), object);
      shards[index] = { marks, version: written.metadata.resourceVersion };
    } catch (error) {
      throw problemOf(error, { kind: 'ConfigMap', namespace, name });
    }
  }

  return {
    async load() {
      shards = await Promise.all(Array.from({ length: SHARDS }, (_, index) => read(index)));
      return new Map(shards.flatMap(({ marks }) => [...marks]));
    },
    async save(changes, pass) {
      const byShard = Map.groupBy(changes, ([key]) => shardOf(key));
      await Promise.all(
        [...byShard].map(([index, entries]) => {
          const marks = new Map(shards[index]?.marks);
          for (const [key, mark] of entries) {
            if (mark === null) {
              marks.delete(key);
            } else {
              marks.set(key, mark);
            }
          }
          return write(index, marks, pass);
        }),
      );
    },
  };
}

function shardOf(key: ReleaseKey): number {
  return (createHash('sha256').update(key).digest()[0] ?? 0) % SHARDS;
}

/** Parses a shard; entries of other writers that are not marks are ignored. */
function toShard({ data, metadata }: KubeObject): Shard {
  const marks = new Map<ReleaseKey, DeliveryMark>();
  for (const [key, value] of Object.entries(asObject(parse(asString(asObject(data)[FIELD]))))) {
    const { config, status } = asObject(value);
    if (key.includes('/')) {
      marks.set(key, { config: asString(config), status: asString(status) });
    }
  }
  return { marks, version: metadata.resourceVersion };
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
