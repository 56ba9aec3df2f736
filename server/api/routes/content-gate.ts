import { ReleaseInfo, ReleaseName, ShownRelease } from '../../../contract/schemas/release.ts';
import type { ResponseSpec } from '../../../contract/operations/parts/operation.ts';
import type { ConfigMapStatus } from '../../../contract/schemas/release-resources.ts';
import type { ReadableContent } from '../../services/access/readable-content.ts';
import type { AnyReply } from '../handlers/handler.ts';

/** Reduces a part of an answer to what the caller may see. */
type Limit = (value: unknown, visible: ReadableContent) => Promise<unknown>;

/**
 * Removes from the answers of an operation what its caller may not read: the data of ConfigMaps, and outputs taken from
 * it, without `get configmaps`; notes and other fields that only Helm's record contains without `list secrets`. Which
 * answers contain
 * releases is derived from their schemas, so that no operation can forget it.
 */
export function createContentGate(responses: Readonly<Record<number, ResponseSpec>>) {
  const limits = new Map<number, Limit>();
  for (const [status, { schema }] of Object.entries(responses)) {
    const limit = limitOf(schema);
    if (limit !== null) {
      limits.set(Number(status), limit);
    }
  }
  return async (reply: AnyReply, visible: ReadableContent | null): Promise<AnyReply> => {
    const limit = limits.get(reply.status);
    return limit === undefined || visible === null || reply.body === undefined
      ? reply
      : { ...reply, body: await limit(reply.body, visible) };
  };
}

/** Null: the schema contains no releases. */
function limitOf(schema: unknown): Limit | null {
  if (schema === ReleaseInfo || schema === ShownRelease) {
    return async (value, visible) => {
      return isOnlyName(value as object) ? value : limitRelease(value as ReleaseInfo, visible);
    };
  }
  if (typeof schema !== 'object' || schema === null) {
    return null;
  }
  if ('items' in schema) {
    const limit = limitOf(schema.items);
    return limit && (async (value, visible) => Promise.all((value as unknown[]).map((entry) => limit(entry, visible))));
  }
  const properties = 'properties' in schema ? Object.entries(schema.properties as object) : [];
  const inside = properties.flatMap(([name, property]) => {
    const limit = limitOf(property);
    return limit === null ? [] : [[name, limit] as const];
  });
  return inside.length === 0
    ? null
    : async (value, visible) => {
        const whole = value as Readonly<Record<string, unknown>>;
        const limited = await Promise.all(
          inside.map(
            async ([name, limit]) => [name, name in whole ? await limit(whole[name], visible) : undefined] as const,
          ),
        );
        return { ...whole, ...Object.fromEntries(limited.filter(([, entry]) => entry !== undefined)) };
      };
}

/** `view=names`: there is nothing to hide. Whatever has anything else is a release. */
function isOnlyName(value: object): boolean {
  return Object.keys(value).every((key) => Object.hasOwn(ReleaseName.properties, key));
}

async function limitRelease(info: ReleaseInfo, visible: ReadableContent): Promise<ReleaseInfo> {
  const configmaps = info.releaseStatus?.configmaps ?? [];
  // A forged release may name thousands of namespaces, and nothing is shown of most of them: those are not asked about.
  const withData = configmaps.filter(({ data }) => data !== null);
  const namespaces = [...new Set(withData.map(({ namespace }) => namespace))];
  const [readsRecords, ...read] = await Promise.all([
    visible.readsRecords(info.namespace),
    ...namespaces.map((namespace) => visible.readsConfigMaps(namespace)),
  ]);
  const readable = new Set(namespaces.filter((_, at) => read[at]));
  const shown = configmaps.map((one): ConfigMapStatus => (readable.has(one.namespace) ? one : { ...one, data: null }));
  return {
    ...info,
    ...(await limitOutputs(info, visible)),
    ...(info.releaseStatus && { releaseStatus: { ...info.releaseStatus, configmaps: shown } }),
    ...(!readsRecords && {
      notes: '',
      computedValues: null,
      metaInfoValues: null,
      // For a release that plain Helm changed, Walm's own ReleaseConfig does not contain them.
      ...(info.outside && { configValues: null }),
    }),
  };
}

/** An output may show a key of a ConfigMap. */
async function limitOutputs(
  { namespace, outputConfigValues, configMapOutputs = [] }: ReleaseInfo,
  visible: ReadableContent,
): Promise<Partial<ReleaseInfo>> {
  if (outputConfigValues === null || configMapOutputs.length === 0 || (await visible.readsConfigMaps(namespace))) {
    return {};
  }
  const hidden = new Set(configMapOutputs);
  const shown = Object.entries(outputConfigValues).filter(([name]) => !hidden.has(name));
  return { outputConfigValues: Object.fromEntries(shown) };
}
