import { isJsonObject, type JsonObject } from '../../domain/json/json.ts';
import type { DocumentChanges, ManifestDocument } from '../../domain/kube/manifest-document.ts';
import type { DocumentTransform, ReleaseContent } from '../../ports/helm/release-content.ts';
import type { HelmHook, HelmRelease } from '../../ports/helm/helm-release.ts';

/** A chart in memory, and its rendering. */
export type MemoryChart = {
  name: string;
  version: string;
  /** Objects and hooks (marked by `hook`), for the user's values. */
  render: (values: JsonObject) => ManifestDocument[];
};

/** The documents of one revision. */
export type MadeDocuments = Pick<HelmRelease, 'objects' | 'hooks' | 'releaseConfig' | 'warnings' | 'manifest'>;

type Transformed = Pick<DocumentChanges, 'warnings' | 'releaseConfig'> & { documents: ManifestDocument[] };

export type MemoryCharts = ReturnType<typeof createMemoryCharts>;

/** Charts of a Helm in memory: those it was given; any other digest renders to nothing. */
export function createMemoryCharts() {
  const charts = new Map<string, MemoryChart>();
  const unserved = new Set<string>();
  const served = (apiVersion: string, kind: string) => !unserved.has(`${apiVersion}/${kind}`);

  /** Like the engine: calls back if the transform is always wanted, or for a kind that is not served. */
  async function transformed(
    documents: ManifestDocument[],
    transform: DocumentTransform | undefined,
    recorded: boolean,
  ): Promise<Transformed> {
    const needed = documents.some(({ apiVersion, kind }) => !served(apiVersion, kind));
    if (transform === undefined || !(transform.always || needed)) return { documents, warnings: [] };
    const { changed, added, ...rest } = await transform.run(documents, { recorded, compared: false, served });
    const namespace = documents[0]?.namespace ?? '';
    return { documents: numbered([...changesMade(documents, changed), ...asAdded(added, namespace)]), ...rest };
  }

  return {
    put: (digest: string, chart: MemoryChart) => void charts.set(digest, chart),
    /** From now on the cluster does not serve this kind. */
    unserve: (apiVersion: string, kind: string) => void unserved.add(`${apiVersion}/${kind}`),
    get: (digest: string): MemoryChart => charts.get(digest) ?? { name: 'chart', version: '1.0.0', render: () => [] },
    async rendered({ chart, values, releaseConfig, transform }: ReleaseContent): Promise<MadeDocuments> {
      const documents = charts.get(chart)?.render(values) ?? [];
      return withReleaseConfig(await transformed(numbered(documents), transform, false), releaseConfig ?? null);
    },
    async rewritten(
      base: HelmRelease,
      releaseConfig: JsonObject | null,
      transform?: DocumentTransform,
    ): Promise<MadeDocuments> {
      const objects = base.objects.filter(({ kind }) => kind !== 'ReleaseConfig');
      const documents = numbered([...objects, ...base.hooks.map(documentOfHook)]);
      return withReleaseConfig(await transformed(documents, transform, true), releaseConfig);
    },
  };
}

function numbered(documents: ManifestDocument[]): ManifestDocument[] {
  return documents.map((document, index) => ({ ...document, index }));
}

function changesMade(documents: ManifestDocument[], changed: DocumentChanges['changed']): ManifestDocument[] {
  return documents.flatMap((document) => {
    const change = changed.find(({ index }) => index === document.index);
    if (change === undefined) return [document];
    return change.object === null ? [] : [{ ...document, ...headOf(change.object), object: change.object }];
  });
}

/** Objects as documents of a manifest. */
export function asAdded(added: JsonObject[], namespace: string): ManifestDocument[] {
  return added.map((object, index) => ({
    index,
    source: 'chart/templates/walm-added.yaml',
    namespace,
    ...headOf(object),
    object,
  }));
}

function headOf(object: JsonObject): Pick<ManifestDocument, 'apiVersion' | 'kind' | 'name'> {
  const metadata = isJsonObject(object['metadata']) ? object['metadata'] : {};
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return { apiVersion: text(object['apiVersion']), kind: text(object['kind']), name: text(metadata['name']) };
}

function withReleaseConfig(
  { documents, warnings, releaseConfig: changed }: Transformed,
  given: JsonObject | null,
): MadeDocuments {
  const releaseConfig = changed ?? given;
  const objects = documents.filter(({ hook }) => hook === undefined);
  const source = 'chart/templates/walm-release-config.yaml';
  if (releaseConfig !== null) {
    objects.push({ index: 0, source, namespace: '', ...headOf(releaseConfig), object: releaseConfig });
  }
  const manifest = objects.map(({ source: from, object }) => `---\n# Source: ${from}\n${JSON.stringify(object)}\n`);
  const hooks = documents.flatMap(hookOfDocument);
  return { objects: numbered(objects), hooks, releaseConfig, warnings, manifest: manifest.join('') };
}

function hookOfDocument({ hook, name, kind, apiVersion, source, object }: ManifestDocument): HelmHook[] {
  return hook === undefined
    ? []
    : [{ ...hook, name, kind, apiVersion, path: source, manifest: JSON.stringify(object) }];
}

function documentOfHook(hook: HelmHook): ManifestDocument {
  const { name, kind, apiVersion, path, manifest, events, weight, deletePolicies } = hook;
  const object = JSON.parse(manifest) as JsonObject;
  return {
    index: 0,
    source: path,
    namespace: '',
    name,
    kind,
    apiVersion,
    hook: { events, weight, deletePolicies },
    object,
  };
}
