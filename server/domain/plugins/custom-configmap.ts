import { Type, type Static } from 'typebox';
import type { JsonObject } from '../json/json.ts';
import { asArray, asObjects, asString, valueAt } from '../json/json-reading.ts';
import type { ManifestDocument } from '../kube/manifest-document.ts';
import { sortedJson } from '../json/sorted-json.ts';
import { editDocuments } from './edit-documents.ts';
import { definePlugin, refused } from './plugin.ts';
import { editContainers, editPodSpec } from './pod-templates.ts';

const NAME = 'CustomConfigmap';
const CONTAINERS = ['containers', 'initContainers'];

const Item = Type.Object({
  configMapData: Type.String({ description: 'Content of the file.' }),
  configMapVolumeMountsMountPath: Type.String({ pattern: '^/', description: 'Where the container sees it.' }),
  configMapVolumeMountsSubPath: Type.Optional(
    Type.String({
      description: 'Name of the file, which alone is mounted; without it the whole ConfigMap is mounted as a folder.',
    }),
  ),
  configMapMode: Type.Optional(Type.Integer({ minimum: 0, maximum: 0o777, description: 'Decimal: 420 is 0644.' })),
});
const Addition = Type.Object({
  applyAllResources: Type.Optional(Type.Boolean({ description: 'Mount it in every workload.' })),
  kind: Type.Optional(Type.String({ description: 'Of the workload that mounts it.' })),
  resourceName: Type.Optional(Type.String({ description: 'Of the workload that mounts it.' })),
  containerName: Type.Optional(Type.String({ description: 'Empty: all containers.' })),
  items: Type.Array(Item, { maxItems: 100 }),
});
type Addition = Static<typeof Addition>;

/** Mounts files from added ConfigMaps, and keeps existing ConfigMaps unchanged. */
export const customConfigmap = definePlugin({
  name: NAME,
  version: '1.0',
  description:
    'Adds ConfigMaps and mounts their entries as files in containers of chosen workloads (`configmapToAdd`, by the name of the ConfigMap). On an upgrade the ConfigMaps in `configmapToSkipNames`, or all with `configmapSkipAll`, stay as the release recorded them.',
  args: Type.Object({
    configmapToAdd: Type.Optional(Type.Record(Type.String({ minLength: 1 }), Addition, { maxProperties: 100 })),
    configmapToSkipNames: Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })),
    configmapSkipAll: Type.Optional(Type.Boolean()),
  }),
  example: {
    configmapToAdd: {
      'web-extra': {
        kind: 'Deployment',
        resourceName: 'web',
        containerName: 'web',
        items: [
          {
            configMapData: 'level=debug\n',
            configMapVolumeMountsMountPath: '/etc/web/log.conf',
            configMapVolumeMountsSubPath: 'log.conf',
            configMapMode: 420,
          },
        ],
      },
    },
  },
  apply: (documents, { configmapToAdd = {}, configmapToSkipNames = [], configmapSkipAll = false }, { recorded }) => {
    const skipped = new Set(configmapToSkipNames);
    const kept = new Map(
      recorded
        .filter(({ kind, name }) => kind === 'ConfigMap' && (configmapSkipAll || skipped.has(name)))
        .map(({ name, object }) => [name, object]),
    );
    const added = Object.entries(configmapToAdd).flatMap(([name, addition]): JsonObject[] => {
      const object = keep(kept, configMapOf(name, addition));
      return isThere(documents, name, object) ? [] : [object];
    });
    const edited = editDocuments(documents, (document) => {
      const base = document.kind === 'ConfigMap' ? keep(kept, document.object) : document.object;
      return Object.entries(configmapToAdd).reduce(
        (object, [name, addition]) => (isMountedBy(document, addition) ? mount(object, name, addition) : object),
        base,
      );
    });
    Object.entries(configmapToAdd).forEach(([name, addition]) => checkTarget(documents, name, addition));
    return { ...edited, added };
  },
});

/** The ConfigMap as the release recorded it, if it is to be kept and differs. */
function keep(kept: ReadonlyMap<string, JsonObject>, object: JsonObject): JsonObject {
  const old = kept.get(nameOf(object));
  return old === undefined || sortedJson(old) === sortedJson(object) ? object : old;
}

function nameOf(object: JsonObject): string {
  return asString(valueAt(object, 'metadata', 'name'));
}

function configMapOf(name: string, { items }: Addition): JsonObject {
  const data = Object.fromEntries(items.map((item) => [keyOf(item), item.configMapData]));
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

/** The key that an item fills: the file's name. */
function keyOf(item: Static<typeof Item>): string {
  const path = item.configMapVolumeMountsSubPath || item.configMapVolumeMountsMountPath;
  return path.slice(path.lastIndexOf('/') + 1);
}

function isThere(documents: readonly ManifestDocument[], name: string, object: JsonObject): boolean {
  const other = documents.find((each) => each.kind === 'ConfigMap' && each.name === name);
  if (other !== undefined && sortedJson(other.object) !== sortedJson(object)) {
    throw refused(NAME, `the chart has a ConfigMap ${name} of its own: choose another name`, other);
  }
  return other !== undefined;
}

function isMountedBy({ kind, name }: ManifestDocument, addition: Addition): boolean {
  const { applyAllResources = false, kind: wantedKind = '', resourceName = '' } = addition;
  const isNamed = wantedKind !== '' || resourceName !== '';
  const fits =
    (wantedKind === '' || wantedKind.toLowerCase() === kind.toLowerCase()) &&
    (resourceName === '' || resourceName === name);
  return applyAllResources || (isNamed && fits);
}

function mount(object: JsonObject, name: string, { items, containerName = '' }: Addition): JsonObject {
  const volume = volumeName(name);
  return editPodSpec(object, (spec) => {
    const mounted = editContainers(
      spec,
      (container) => {
        if (containerName !== '' && container['name'] !== containerName) {
          return container;
        }
        return withEntries(
          container,
          'volumeMounts',
          'mountPath',
          items.map((item) => mountOf(volume, item)),
        );
      },
      containerName === '' ? ['containers'] : CONTAINERS,
    );
    const files = items.map((item) => ({
      key: keyOf(item),
      path: item.configMapVolumeMountsSubPath || keyOf(item),
      ...(item.configMapMode !== undefined && { mode: item.configMapMode }),
    }));
    return mounted === spec
      ? spec
      : withEntries(mounted, 'volumes', 'name', [{ name: volume, configMap: { name, items: files } }]);
  });
}

function mountOf(name: string, item: Static<typeof Item>): JsonObject {
  const { configMapVolumeMountsMountPath: mountPath, configMapVolumeMountsSubPath: subPath = '' } = item;
  return { name, mountPath, ...(subPath !== '' && { subPath }) };
}

/** Names of volumes are DNS labels, those of ConfigMaps may have dots and be longer. */
function volumeName(configMap: string): string {
  return `walm-${configMap.replaceAll('.', '-')}`.slice(0, 63).replace(/-+$/, '');
}

/** The object with entries added to one of its lists, replacing those with the same key. */
function withEntries(object: JsonObject, list: string, key: string, entries: readonly JsonObject[]): JsonObject {
  const keys = new Set(entries.map((entry) => entry[key]));
  const others = asObjects(object[list]).filter((entry) => !keys.has(entry[key]));
  const after = [...others, ...entries];
  return sortedJson(asArray(object[list])) === sortedJson(after) ? object : { ...object, [list]: after };
}

/** @throws PLUGIN_REFUSED if the chart lacks the named workload or container */
function checkTarget(documents: readonly ManifestDocument[], name: string, addition: Addition): void {
  const { kind = '', resourceName = '', containerName = '', items } = addition;
  if (items.length === 0 || (kind === '' && resourceName === '' && addition.applyAllResources !== true)) {
    return;
  }
  const isMounted = documents.some(
    (document) => isMountedBy(document, addition) && hasContainer(document.object, containerName),
  );
  if (!isMounted) {
    const container = containerName === '' ? '' : ` with a container ${containerName}`;
    throw refused(
      NAME,
      `the chart has no ${kind || 'workload'} ${resourceName}${container} to mount ConfigMap ${name} in`,
    );
  }
}

function hasContainer(object: JsonObject, containerName: string): boolean {
  let found = false;
  editPodSpec(object, (spec) =>
    editContainers(
      spec,
      (container) => {
        found ||= containerName === '' || container['name'] === containerName;
        return container;
      },
      CONTAINERS,
    ),
  );
  return found;
}
