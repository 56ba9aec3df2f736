import { hostname } from 'node:os';
import { destination } from 'pino';
import { createApp } from './app.ts';
import { helpText } from './config-help.ts';
import { ConfigError, readCommandLine } from './config.ts';
import type { Config } from './config-options.ts';
import { createLog } from './logging.ts';
import { packageVersion } from './package-version.ts';

try {
  const command = readCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case 'help':
      process.stdout.write(helpText());
      break;
    case 'version':
      process.stdout.write(`walm ${packageVersion()}\n`);
      break;
    case 'run':
      await run(command.config, command.file);
      break;
    default:
      command satisfies never;
  }
} catch (error) {
  if (!(error instanceof ConfigError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

/** Serves until SIGINT or SIGTERM, then stops in order; a second signal ends the process at once. */
async function run(given: Config, file: string | null): Promise<void> {
  const config = { ...given, instanceId: given.instanceId || `${hostname()}-${process.pid}` };
  const log = createLog(config.log, config.instanceId, destination({ fd: 1, sync: true }), process.stdout.isTTY);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stopping.abort(signal));
  }
  process.on('uncaughtExceptionMonitor', (error) => log.fatal({ err: error }, 'the server fails'));

  const version = packageVersion();
  const app = await createApp(config, { log, version });
  try {
    const address = await app.start();
    log.info({ address, version, config: file ?? 'defaults' }, `Walm serves at ${address}`);
    await aborted(stopping.signal);
    log.info({ reason: String(stopping.signal.reason) }, 'stopping');
  } catch (error) {
    log.fatal({ err: error }, 'the server cannot start');
    process.exitCode = 1;
  }
  const unstopped = await app.stop();
  if (unstopped.length > 0) {
    process.exitCode = 1;
  }
  log.info('stopped');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
