import { readdirSync } from 'node:fs';

import type { Attack } from './attack.ts';

const FOLDER = new URL('attacks/', import.meta.url);

/** Every attack of every file in `attacks/`, in the order of the file names. Names must be unique. */
export async function listAttacks(): Promise<Attack[]> {
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .toSorted();
  const modules = await Promise.all(
    files.map(async (name) => (await import(new URL(name, FOLDER).href)) as { attacks?: readonly Attack[] }),
  );
  const attacks = modules.flatMap(({ attacks: found }, i) => {
    if (found === undefined) throw new Error(`test/hostile/attacks/${files[i]} exports no attacks`);
    return found;
  });
  const names = new Set(attacks.map(({ name }) => name));
  if (names.size !== attacks.length) throw new Error('two attacks have the same name');
  return attacks;
}
