import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

import { freePort } from '../../test/harness/programs/free-port.ts';
import { runningPid } from './background-process.ts';
import type { Part } from './parts.ts';
import { STATE, statePaths } from './state-folder.ts';

/**
 * A port of 127.0.0.1 for a use of a part, kept between runs unless another process has taken it meanwhile. The first
 * time it is the preferred one, if that is free; 0 means no preference.
 */
export async function choosePort(part: Part, preferred: number, use = part.name): Promise<number> {
  const kept = existsSync(statePaths.ports)
    ? (JSON.parse(readFileSync(statePaths.ports, 'utf8')) as Record<string, number>)
    : {};
  const known = kept[use];
  if (known !== undefined && runningPid(part) !== undefined) return known;
  const port = await freePort(known ?? preferred);
  mkdirSync(STATE, { recursive: true, mode: 0o700 });
  writeFileSync(statePaths.ports, JSON.stringify({ ...kept, [use]: port }));
  return port;
}
