import { readFileSync, writeFileSync } from 'node:fs';

/** One entry of `packages` in package-lock.json (lockfileVersion 3), as far as this tool reads and writes it. */
interface LockEntry {
  version?: string;
  resolved?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  optionalDependencies?: Record<string, string>;
}

interface Lockfile {
  packages: Record<string, LockEntry>;
}

const PLATFORMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'aix',
];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

/** Operating system and processor that a platform package serves, by the naming habit `…-<os>-<cpu>[-<libc>]`. */
function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu'> {
  const words = name.split(/[/-]/);
  const os = PLATFORMS.find((known) => words.includes(known));
  const cpu = PROCESSORS.find((known) => words.includes(known));
  return { ...(cpu === undefined ? {} : { cpu: [cpu] }), ...(os === undefined ? {} : { os: [os] }) };
}

/**
 * Adds the optional platform packages that the lockfile names but does not contain, and returns their names.
 *
 * npm writes no entry for a platform package that the registry in use does not have, and `npm ci` then refuses the
 * lockfile as out of sync. An entry with version and platform is enough: `npm ci` skips it on every other platform.
 */
export function completeLockfile(lockfile: Lockfile): string[] {
  const added: string[] = [];
  for (const entry of Object.values(lockfile.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      const version = /^\D*(\d+\.\d+\.\d+\S*)$/.exec(range)?.[1];
      if (lockfile.packages[path] !== undefined || version === undefined) continue;
      const dev = entry.dev === true ? { dev: true } : {};
      lockfile.packages[path] = { version, ...platformOf(name), ...dev, optional: true };
      added.push(name);
    }
  }
  const sorted = Object.entries(lockfile.packages).toSorted(([left], [right]) => left.localeCompare(right, 'en'));
  lockfile.packages = Object.fromEntries(sorted);
  return added;
}

/** Hosts that the lockfile names: there should be none, so that every registry can serve it. */
export function recordedHosts(lockfile: Lockfile): string[] {
  const hosts = Object.values(lockfile.packages).flatMap(({ resolved }) =>
    resolved?.startsWith('http') === true ? [new URL(resolved).host] : [],
  );
  return [...new Set(hosts)];
}

if (import.meta.main) {
  const file = new URL('../package-lock.json', import.meta.url);
  const lockfile = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;
  const added = completeLockfile(lockfile);
  const hosts = recordedHosts(lockfile);
  if (process.argv.includes('--check')) {
    if (added.length > 0) console.error(`missing: ${added.join(', ')}: run node tools/complete-lockfile.ts`);
    if (hosts.length > 0) console.error(`the lockfile names hosts: ${hosts.join(', ')}: delete its "resolved" lines`);
    if (added.length + hosts.length > 0) process.exitCode = 1;
  } else {
    writeFileSync(file, `${JSON.stringify(lockfile, null, 2)}\n`);
    console.log(added.length === 0 ? 'package-lock.json is complete' : `added ${added.length} platform packages`);
  }
}
