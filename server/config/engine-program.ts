import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigError } from './config.ts';

/**
 * Path of the engine program: as configured, else where the build puts it.
 * @throws ConfigError if it does not exist
 */
export function engineProgram(configured: string): string {
  const program = configured || fileURLToPath(new URL('../../bin/walm-engine', import.meta.url));
  if (!existsSync(program)) {
    throw new ConfigError([`there is no engine at ${program}: build it with \`make build\`, or set engine.path`]);
  }
  return program;
}
