import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A change of the sources. */
export interface Patch {
  /** Relative to the top of the repository. */
  file: string;
  /** Text that the file contains exactly once. */
  from: string;
  to: string;
}

const TOP = join(import.meta.dirname, '../../..');
const MARK = '?patch=';

/** The changed text of the file. Throws unless it contains `from` exactly once: the patch has to follow the code. */
export function patched({ file, from, to }: Patch): string {
  const text = readFileSync(join(TOP, file), 'utf8');
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${from}`);
  return parts.join(to);
}

/**
 * Loads modules of the repository from changed sources, without writing a file or affecting modules loaded normally. `load`
 * returns a copy of the module, with copies of all modules of the repository that it imports.
 */
export function createPatchedModules(): { load(url: URL, patch: Patch): Promise<unknown> } {
  const patches: Patch[] = [];
  const sources = new Map<string, string>();

  function sourceOf(path: string, patch: Patch | undefined): string {
    if (patch !== undefined && path === join(TOP, patch.file)) return stripTypeScriptTypes(patched(patch));
    const source = sources.get(path) ?? stripTypeScriptTypes(readFileSync(path, 'utf8'));
    sources.set(path, source);
    return source;
  }

  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const [, mark] = context.parentURL?.split(MARK) ?? [];
      const isOurs = resolved.url.endsWith('.ts') && !resolved.url.includes(`${sep}node_modules${sep}`);
      return mark === undefined || !isOurs ? resolved : { ...resolved, url: `${resolved.url}${MARK}${mark}` };
    },
    load(url, context, nextLoad) {
      const [file = '', mark] = url.split(MARK);
      if (mark === undefined) return nextLoad(url, context);
      const source = sourceOf(fileURLToPath(file), patches[Number(mark)]);
      return { format: 'module', source, shortCircuit: true };
    },
  });

  return {
    load(url, patch) {
      // Fails before anything is loaded if the patch does not match the code.
      patched(patch);
      const mark = patches.push(patch) - 1;
      return import(`${url.href}${MARK}${mark}`);
    },
  };
}
