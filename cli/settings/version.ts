import { EXIT } from '../errors/exit-code.ts';
import { NotReached, Refusal } from '../errors/failures.ts';
import { textAt } from '../render/read-value.ts';
import type { CommandRun } from '../session/command-run.ts';

/** Prints the versions of walmctl and of the server; without a server that of walmctl. */
export const version: CommandRun = async (session) => {
  const { io, output, line } = session;
  let server: string | undefined;
  let reason = '';
  if (!line.on('client')) {
    try {
      const walm = await session.walm();
      server = textAt(JSON.parse((await walm.call('getServerStatus', {})).text), 'version');
    } catch (error) {
      if (!(error instanceof NotReached) && !(error instanceof Refusal)) throw error;
      reason = error.message;
    }
  }
  const versions = { client: io.version, ...(server !== undefined && { server }), api: 'v1' };
  if (await output.data(JSON.stringify(versions))) return EXIT.done;
  output.say(`walmctl ${io.version}`);
  if (server !== undefined) output.say(`server  ${server}`);
  else if (reason !== '') output.note(`server  not known: ${reason}`);
  output.say('API     v1');
  return EXIT.done;
};
