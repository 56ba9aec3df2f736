import { containerPrivileges } from './container-privileges.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { asObject, asObjects, asString } from './json-reading.ts';

const HOST_FLAGS = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace'];
const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'];
const SECURITY_CONTEXT = /securityContext$/i;
/** Annotations that named the profiles of containers before there were fields for them. */
const PROFILE_ANNOTATION =
  /^(container\.apparmor\.security\.beta|(container\.)?seccomp\.security\.alpha)\.kubernetes\.io\b/;

/**
 * What the pods of an object may do `after` a change that they could not do before, each as a phrase; empty when
 * nothing was loosened. Whatever looks like the spec of a pod counts, wherever it lies, and security contexts
 * outside of one: custom resources make pods, too.
 */
export function loosenedPrivileges(before: JsonObject, after: JsonObject): string[] {
  const old = privilegesOf(before);
  const now = privilegesOf(after, old);
  return [...now.privileges].flatMap(([place, privileges]) => {
    const had = old.privileges.get(place) ?? now.baselines.get(place) ?? new Set();
    const hadAll = had.has('capability ALL');
    const isNew = (each: string) => !had.has(each) && !(hadAll && each.startsWith('capability '));
    return [...privileges].filter(isNew).map((each) => (place === '' ? each : `${place}: ${each}`));
  });
}

type Privileges = {
  /** By place: a pod's spec, a container, a security context. */
  privileges: Map<string, Set<string>>;
  /** What a container that was not there before has if it says nothing itself. */
  baselines: Map<string, Set<string>>;
  /** Security contexts of pods by place. */
  podContexts: Map<string, JsonObject>;
};

function privilegesOf(object: JsonObject, earlier?: Privileges): Privileges {
  const found: Privileges = { privileges: new Map(), baselines: new Map(), podContexts: new Map() };
  visit(object, '', found, earlier);
  return found;
}

function visit(value: JsonValue, place: string, found: Privileges, earlier: Privileges | undefined): void {
  if (Array.isArray(value)) {
    value.forEach((entry, index) => visit(entry, `${place}[${index}]`, found, earlier));
    return;
  }
  if (!isJsonObject(value)) {
    return;
  }
  note(found, place, annotationPrivileges(asObject(value['annotations'])));
  if (asObjects(value['containers']).length > 0) {
    visitPodSpec(value, place, found, earlier);
    return;
  }
  note(found, place, hostPrivileges(value));
  for (const [key, child] of Object.entries(value)) {
    const inner = place === '' ? key : `${place}.${key}`;
    if (SECURITY_CONTEXT.test(key) && isJsonObject(child)) {
      note(found, inner, containerPrivileges({ securityContext: child }, {}));
      found.baselines.set(inner, containerPrivileges({}, {}));
    } else {
      visit(child, inner, found, earlier);
    }
  }
}

function visitPodSpec(spec: JsonObject, place: string, found: Privileges, earlier: Privileges | undefined): void {
  const context = asObject(spec['securityContext']);
  found.podContexts.set(place, context);
  note(found, place, podPrivileges(spec, context));
  found.baselines.set(place, podPrivileges({}, {}));
  const hostPaths = new Map(
    asObjects(spec['volumes']).flatMap(({ name, hostPath }): [string, string][] =>
      isJsonObject(hostPath) ? [[asString(name), asString(hostPath['path'])]] : [],
    ),
  );
  for (const container of CONTAINER_LISTS.flatMap((list) => asObjects(spec[list]))) {
    const inner = `${place} container ${asString(container['name'])}`.trimStart();
    const mounts = asObjects(container['volumeMounts']).flatMap(({ name, readOnly }) => {
      const path = hostPaths.get(asString(name));
      return path === undefined || readOnly === true ? [] : [`writing to hostPath ${path}`];
    });
    note(found, inner, new Set([...containerPrivileges(container, context), ...mounts]));
    found.baselines.set(inner, containerPrivileges({}, earlier?.podContexts.get(place) ?? {}));
  }
}

function podPrivileges(spec: JsonObject, context: JsonObject): Set<string> {
  const account = asString(spec['serviceAccountName'] ?? spec['serviceAccount']) || 'default';
  return new Set([
    ...hostPrivileges(spec),
    `service account ${account}`,
    ...(spec['automountServiceAccountToken'] === false ? [] : ['the token of its service account']),
    ...(spec['hostUsers'] === false ? [] : ['the user ids of the node']),
    ...asObjects(context['sysctls']).map(({ name }) => `sysctl ${asString(name)}`),
    ...asObjects(spec['volumes']).flatMap((volume) => [...hostPrivileges(volume)]),
  ]);
}

function hostPrivileges(value: JsonObject): Set<string> {
  const { hostPath } = value;
  return new Set([
    ...HOST_FLAGS.filter((flag) => value[flag] === true),
    ...(isJsonObject(hostPath) ? [`hostPath ${asString(hostPath['path'])}`] : []),
  ]);
}

function annotationPrivileges(annotations: JsonObject): Set<string> {
  const unconfined = Object.entries(annotations).filter(
    ([key, value]) => PROFILE_ANNOTATION.test(key) && value === 'unconfined',
  );
  return new Set(unconfined.map(([key]) => `annotation ${key}: unconfined`));
}

function note(found: Privileges, place: string, privileges: ReadonlySet<string>): void {
  if (privileges.size > 0) {
    found.privileges.set(place, new Set([...(found.privileges.get(place) ?? []), ...privileges]));
  }
}
