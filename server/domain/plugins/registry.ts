import { allPlugins } from './all-plugins.ts';
import type { Plugin } from './plugin.ts';

/** Every plugin, by name; of two versions of a plugin the newer first. */
export const plugins: readonly Plugin[] = orderPlugins(allPlugins);

/** The plugins ordered by name, ignoring case, and newer versions first. */
export function orderPlugins(list: readonly Plugin[]): Plugin[] {
  return list.toSorted((a, b) => {
    const [left, right] = [a.name.toLowerCase(), b.name.toLowerCase()];
    return left === right ? compareVersions(b.version, a.version) : left < right ? -1 : 1;
  });
}

/** The versions of a plugin, newest first; none for an unknown name. */
export function versionsOf(name: string): readonly Plugin[] {
  return plugins.filter((plugin) => plugin.name.toLowerCase() === name.toLowerCase());
}

/**
 * The plugin of a name in a version, at the precision given (`1` is the newest 1.x); the newest if the version is empty
 * or does not exist.
 */
export function findPlugin(name: string, version: string): Plugin | undefined {
  const versions = versionsOf(name);
  return versions.find((plugin) => isVersion(plugin, version)) ?? versions[0];
}

/** Whether a plugin has the version that a request names. */
export function isVersion({ version }: Plugin, wanted: string): boolean {
  return wanted === '' || version === wanted || version.startsWith(`${wanted}.`);
}

/** Compares numerically: 1.10 is newer than 1.9. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const at = left.findIndex((part, index) => part !== (right[index] ?? 0));
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}
