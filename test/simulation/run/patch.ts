import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A change of the sources, as somebody could make it by mistake. */
export interface Patch {
  /** From the top of the repository. */
  file: string;
  /** Text of the file, which stands there once. */
  from: string;
  to: string;
}

const TOP = join(import.meta.dirname, '../../..');
const MARK = '?patch=';

/** The file with the change made. Throws where the text does not stand there exactly once: the patch has to follow the code. */
function patched({ file, from, to }: Patch): string {
  const text = readFileSync(join(TOP, file), 'utf8');
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${from}`);
  return parts.join(to);
}

/**
 * Loads modules of the repository from changed sources; no file is written, and what is loaded as ever stays as it is. What
 * `load` answers is a copy of the module, with copies of all modules of the repository that it imports.
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
      // Known before anything is loaded: a patch that does not follow the code is an error here.
      patched(patch);
      const mark = patches.push(patch) - 1;
      return import(`${url.href}${MARK}${mark}`);
    },
  };
}
