import { isJsonObject, type JsonObject, type JsonValue } from '../json/json.ts';
import { asArray, asObject, asObjects, asString, valueAt } from '../json/json-reading.ts';
import { sortedJson } from '../json/sorted-json.ts';

/** The capabilities of a container that does not mention any (Docker's and containerd's list). */
const DEFAULT_CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/**
 * What a container may do beyond the strictest settings, including its pod's context: fewer entries are stricter.
 * Follows the Pod Security Standards of Kubernetes.
 */
export function containerPrivileges(container: JsonObject, podContext: JsonObject): Set<string> {
  const own = asObject(container['securityContext']);
  const effective = (field: string): JsonValue | undefined => own[field] ?? podContext[field] ?? undefined;
  const found: [string, boolean][] = [
    ['privileged', own['privileged'] === true],
    ['allowPrivilegeEscalation', own['allowPrivilegeEscalation'] !== false],
    ['a writable root file system', own['readOnlyRootFilesystem'] !== true],
    ['procMount Unmasked', own['procMount'] === 'Unmasked'],
    ['running as root', effective('runAsUser') === 0],
    ['running as an unchecked user', (effective('runAsUser') ?? 0) === 0 && effective('runAsNonRoot') !== true],
    ['no runAsNonRoot', effective('runAsNonRoot') !== true],
    ['running as group root', effective('runAsGroup') === 0],
    ['no seccomp profile', isUnconfined(effective('seccompProfile'), true)],
    ['seccomp profile Unconfined', isUnconfined(effective('seccompProfile'), false)],
    ['AppArmor profile Unconfined', isUnconfined(effective('appArmorProfile'), false)],
    ['hostProcess', valueAt(effective('windowsOptions'), 'hostProcess') === true],
  ];
  const { seLinuxOptions = podContext['seLinuxOptions'] } = own;
  return new Set([
    ...found.filter(([, is]) => is).map(([name]) => name),
    ...capabilities(asObject(own['capabilities'])),
    ...(isJsonObject(seLinuxOptions) ? [`SELinux options ${sortedJson(seLinuxOptions)}`] : []),
    ...asObjects(container['ports']).flatMap(({ hostPort }) =>
      typeof hostPort === 'number' && hostPort > 0 ? [`host port ${hostPort}`] : [],
    ),
  ]);
}

function isUnconfined(profile: JsonValue | undefined, orUnset: boolean): boolean {
  const type = asString(valueAt(profile, 'type'));
  return type === 'Unconfined' || (orUnset && type === '');
}

function capabilities({ add, drop }: JsonObject): string[] {
  const name = (each: JsonValue) => asString(each).toUpperCase().replace(/^CAP_/, '');
  const dropped = new Set(asArray(drop).map(name));
  const kept = dropped.has('ALL') ? [] : DEFAULT_CAPABILITIES.filter((each) => !dropped.has(each));
  return [...kept, ...asArray(add).map(name)].map((each) => `capability ${each}`);
}
