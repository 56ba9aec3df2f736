import { whenAborted } from './ports/runtime/clock.ts';
import { destination } from 'pino';
import type { App } from './composition/app.ts';
import { helpText } from './config/config-help.ts';
import { ConfigError, readCommandLine } from './config/config.ts';
import type { Config } from './config/config-options.ts';
import { openDataFolder } from './process/data-folder.ts';
import { createLog } from './process/logging.ts';
import { packageVersion } from './process/package-version.ts';
import type { Overrides } from './composition/overrides.ts';

/** Runs the command line: serves until a signal arrives, or prints help or the version. */
export async function serve(args: readonly string[], overrides: Overrides = {}): Promise<void> {
  try {
    const command = readCommandLine([...args]);
    switch (command.kind) {
      case 'help':
        process.stdout.write(helpText());
        break;
      case 'version':
        process.stdout.write(`walm ${packageVersion()}\n`);
        break;
      case 'run':
        await run(command.config, command.file, overrides);
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
}

/** Serves until SIGINT or SIGTERM, then stops in order; a second signal ends the process at once. */
async function run(config: Config, file: string | null, overrides: Overrides): Promise<void> {
  const folder = openDataFolder(config);
  const log = createLog(config.log, folder.instanceId, destination({ fd: 1, sync: true }), process.stdout.isTTY);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stopping.abort(signal));
  }
  process.on('uncaughtExceptionMonitor', (error) => log.fatal({ err: error }, 'uncaught exception'));

  const version = packageVersion();
  let app: App | undefined;
  try {
    const { createApp } = await import('./composition/app.ts');
    app = await createApp(config, { folder, log, version }, overrides);
    const address = await app.start();
    log.info({ address, version, config: file ?? 'defaults' }, `Walm serves at ${address}`);
    await whenAborted(stopping.signal);
    log.info({ reason: String(stopping.signal.reason) }, 'stopping');
  } catch (error) {
    log.fatal({ err: error }, 'the server cannot start');
    process.exitCode = 1;
  }
  const unstopped = (await app?.stop()) ?? [];
  log.info('stopped');
  if (unstopped.length > 0) {
    // Otherwise parts that did not stop could keep the process alive forever.
    process.kill(process.pid, 'SIGKILL');
  }
}
