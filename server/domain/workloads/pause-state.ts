import type { ReleasePlugin } from '../../../contract/schemas/plugin.ts';
import type { ObjectRef } from '../../../contract/schemas/warning.ts';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { asNumber, asObjects, asString } from '../json/json-reading.ts';
import { readObjectRef } from '../kube/kube-object.ts';
import type { PausedField, PausedObject } from './pause-documents.ts';

/** Replicas of a workload that differ from its manifest: an autoscaler or a user scaled it. */
export type LiveCount = ObjectRef & { replicas: number };

/** The recorded pause of a release, in `spec.pause` of its ReleaseConfig. */
export type PauseState = {
  /** RFC 3339: when it was paused. */
  since: string;
  /** The original values of its manifest. */
  objects: PausedObject[];
  /** The replicas to scale its workloads to afterwards. */
  live: LiveCount[];
  /** What pausing could not stop. */
  notPaused: ObjectRef[];
};

/** The plugin that represents a pause in a release's `plugins`, as the original Walm recorded it. */
const PAUSE_PLUGIN: ReleasePlugin = { name: 'PauseRelease', args: '', version: '1.0', disable: false };

/** Whether the plugins of a release say that it is paused. */
export function hasPausePlugin(plugins: readonly ReleasePlugin[]): boolean {
  return plugins.some((plugin) => isPausePlugin(plugin) && !plugin.disable);
}

export function withPausePlugin(plugins: readonly ReleasePlugin[]): ReleasePlugin[] {
  return hasPausePlugin(plugins) ? [...plugins] : [...withoutPausePlugin(plugins), PAUSE_PLUGIN];
}

export function withoutPausePlugin(plugins: readonly ReleasePlugin[]): ReleasePlugin[] {
  return plugins.filter((plugin) => !isPausePlugin(plugin));
}

/** What of the plugins of a release says that it is paused: no request names it. */
export function onlyPausePlugin(plugins: readonly ReleasePlugin[]): ReleasePlugin[] {
  return plugins.filter(isPausePlugin);
}

/** `spec.pause` in its recorded form. */
export function pauseToJson({ since, objects, live, notPaused }: PauseState): JsonObject {
  return {
    since,
    objects: objects.map((entry): JsonValue => ({ ...entry })),
    live: live.map((entry): JsonValue => ({ ...entry })),
    notPaused: notPaused.map((ref): JsonValue => ({ ...ref })),
  };
}

/** Parses `spec.pause`; missing fields count as empty. */
export function readPauseState(pause: JsonObject): PauseState {
  return {
    since: asString(pause['since']),
    objects: asObjects(pause['objects']).flatMap(readPausedObject),
    live: asObjects(pause['live']).map((entry) => ({ ...readObjectRef(entry), replicas: asNumber(entry['replicas']) })),
    notPaused: asObjects(pause['notPaused']).map(readObjectRef),
  };
}

/** What a paused release may still run; undefined if it is not paused. */
export function notPausedOf({
  paused,
  facts,
}: {
  paused: boolean;
  facts: { pause: JsonObject | null } | null;
}): ObjectRef[] | undefined {
  return paused ? readPauseState(facts?.pause ?? {}).notPaused : undefined;
}

function isPausePlugin({ name }: ReleasePlugin): boolean {
  return name.toLowerCase() === PAUSE_PLUGIN.name.toLowerCase();
}

function readPausedObject(entry: JsonObject): PausedObject[] {
  const { kind, namespace, name, field, value } = entry;
  if (!isPausedField(field)) {
    return [];
  }
  const ref = { kind: asString(kind), namespace: asString(namespace), name: asString(name), field };
  return [{ ...ref, ...(value !== undefined && { value }) }];
}

function isPausedField(field: JsonValue | undefined): field is PausedField {
  return field === 'replicas' || field === 'suspend' || field === 'nodeSelector';
}
