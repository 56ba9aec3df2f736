import { parseLine } from './arguments/parse-line.ts';
import { nearest } from './arguments/nearest.ts';
import { commandRuns } from './command-runs.ts';
import { EXIT } from './errors/exit-code.ts';
import { UsageError } from './errors/failures.ts';
import type { Io } from './session/io.ts';
import type { Session } from './session/session.ts';
import { helpText } from './settings/help.ts';
import { commandTable } from './table/command-table.ts';
import { pluralOf, typeOf } from './table/object-types.ts';

/** Runs a command line and resolves to its exit code; nothing is thrown. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let session: Session | undefined;
  try {
    if (argv[0] === '__complete') {
      const { completeNames } = await import('./complete/complete-names.ts');
      await completeNames(argv.slice(1), io);
      return EXIT.done;
    }
    const understood = await parseLine(argv);
    if (understood.kind === 'help') {
      io.out.write(helpText(understood.command === undefined ? [] : [understood.command]));
      return EXIT.done;
    }
    if (understood.kind === 'unknown') {
      const { findExtension, runExtension } = await import('./session/extension.ts');
      const extension = findExtension(argv[0] ?? '', io.env);
      if (extension === undefined) throw unknownCommand(understood.words);
      return await runExtension(extension, argv.slice(1));
    }
    // What follows is loaded when it is needed: help and completion are quick without it.
    const { createSession } = await import('./session/session.ts');
    session = createSession(understood.line, io);
    const command = await commandRuns[understood.line.command.name]();
    return await command(session);
  } catch (error) {
    const { reportError } = await import('./session/report-error.ts');
    const { lines, exitCode } = reportError(error, session);
    for (const line of lines) io.err.write(`${line}\n`);
    return exitCode;
  } finally {
    session?.close();
  }
}

/** Words of other tools that are not commands here, and what is meant. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'cluster-info': 'doctor',
  exec: 'kubectl exec',
  ping: 'doctor',
  migrate: 'nothing: it was never published',
  ps: 'list',
  pull: 'chart pull',
  rollout: 'restart, rollback, history or wait',
  scale: 'upgrade NAME --set replicas=N',
  search: 'chart search',
  show: 'chart show, status, values, manifest or notes',
  top: 'get nodes, or tree NAME',
  whoami: 'auth status',
};

function unknownCommand(words: readonly string[]): UsageError {
  const [first = ''] = words;
  const members = commandTable.filter(({ name }) => name.startsWith(`${first} `));
  if (members.length > 0) {
    const lines = members.map(({ name, summary }) => `walmctl ${name}: ${summary}`);
    return new UsageError(`walmctl ${first} needs one of its commands`, lines);
  }
  const type = typeOf(first);
  if (type !== undefined) {
    throw new UsageError(`${first} is a type, not a command`, [`list them: walmctl list ${pluralOf(type)}`]);
  }
  const translated = Object.hasOwn(ELSEWHERE, first) ? ELSEWHERE[first] : undefined;
  const near = nearest(
    first,
    commandTable.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])]),
  );
  const hint = translated ?? near;
  return new UsageError(`walmctl has no command ${first}`, [
    ...(hint === undefined ? [] : [`did you mean: ${hint}`]),
    'all commands: walmctl --help',
  ]);
}
