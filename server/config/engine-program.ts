import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError } from './config.ts';

/** Where the engine's program is: as configured, else where the build puts it. @throws ConfigError when it is not there */
export function engineProgram(configured: string): string {
  const program = configured || fileURLToPath(new URL('../../bin/walm-engine', import.meta.url));
  if (!existsSync(program)) {
    throw new ConfigError([`there is no engine at ${program}: build it with \`make build\`, or set engine.path`]);
  }
  return program;
}
