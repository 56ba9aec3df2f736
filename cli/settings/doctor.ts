import { parseExact } from '../../contract/exact-json.ts';
import { settingsPath } from '../context/settings-file.ts';
import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import { ageOf } from '../render/age.ts';
import { at, listAt, numberAt, textAt } from '../render/read-value.ts';
import { oneLine } from '../render/width.ts';
import type { CommandRun } from '../session/command-run.ts';
import type { Session } from '../session/session.ts';

/** Shows the address, proxy and credential that are used, and whether the server is healthy. Exit 6 if it is not. */
export const doctor: CommandRun = async (session) => {
  const { io, output } = session;
  const connection = await session.connect();
  const { target } = connection;
  const isData = ['json', 'yaml', 'jsonpath'].includes(output.format().kind);
  if (!isData) {
    output.say(`walmctl     ${io.version}`);
    output.say(`settings    ${settingsPath(io.env)}`);
    output.say(`context     ${target.context ?? 'none'}`);
    output.say(`server      ${target.server.href.replace(/\/$/, '')} (from ${target.serverFrom})`);
    output.say(`proxy       ${connection.transport.proxy ?? 'none'}`);
    output.say(`credential  ${connection.credential.from}`);
    output.say(`namespace   ${await session.namespace()}`);
  }
  const { text } = await connection.walm.call('getServerStatus', {});
  const status = parseExact(text);
  if (!(await output.data(text))) for (const line of statusLines(status, session)) output.say(line);
  return codeOf(status);
};

function codeOf(status: unknown): ExitCode {
  return at(status, 'healthy') === true ? EXIT.done : EXIT.unreachable;
}

function statusLines(status: unknown, { io }: Session): string[] {
  const ill = [...listAt(status, 'parts'), ...listAt(status, 'watches')].filter((part) => at(part, 'healthy') !== true);
  const isolation = listAt(status, 'isolation').filter((part) => at(part, 'holds') !== true);
  const releases = at(status, 'releases');
  const tasks = at(status, 'tasks');
  return [
    `version     ${textAt(status, 'version')}, replica ${oneLine(textAt(status, 'instance'))}, up ${ageOf(at(status, 'startedAt'), io.now())}`,
    `releases    ${numberAt(releases, 'known')}, ${numberAt(releases, 'ready')} ready, ${numberAt(releases, 'unreadable')} unreadable, ${numberAt(releases, 'unsealed')} without a seal`,
    `tasks       ${numberAt(tasks, 'running')} running, ${numberAt(tasks, 'queued')} queued`,
    ...ill.map(
      (part) => `unhealthy   ${oneLine(`${textAt(part, 'name') || textAt(part, 'kind')}: ${textAt(part, 'message')}`)}`,
    ),
    ...isolation.map(
      (part) => `unhealthy   ${oneLine(`isolation ${textAt(part, 'name')}: ${textAt(part, 'reason')}`)}`,
    ),
    at(status, 'healthy') === true ? 'healthy' : 'unhealthy',
  ];
}
