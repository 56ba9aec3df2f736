import { parseExact } from '../../contract/exact-json.ts';
import { nearest } from '../arguments/nearest.ts';
import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { at, listAt, textAt } from '../render/read-value.ts';
import { oneLine } from '../render/width.ts';
import type { CommandRun } from '../session/command-run.ts';
import type { Session } from '../session/session.ts';
import { findCommand } from '../table/command-table.ts';
import { typeOf } from '../table/object-types.ts';

/** Operations that commands need, by command and type. A command that is not here is its own operation, or none. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  adopt: { release: 'adoptRelease' },
  cancel: { release: 'cancelTask', task: 'cancelTask' },
  delete: { release: 'deleteRelease', project: 'deleteProject' },
  deps: { release: 'getDependencies' },
  detach: { release: 'detachRelease' },
  diff: { release: 'previewRelease' },
  edit: { release: 'upgradeRelease' },
  events: { release: 'streamEvents' },
  get: { release: 'getRelease', project: 'getProject', task: 'getTask', plugin: 'listPlugins' },
  history: { release: 'listRevisions' },
  install: { release: 'installRelease', project: 'createProject' },
  list: {
    release: 'listNamespaceReleases',
    project: 'listNamespaceProjects',
    task: 'listTasks',
    plugin: 'listPlugins',
  },
  manifest: { release: 'showManifest' },
  notes: { release: 'showNotes' },
  pause: { release: 'pauseRelease' },
  recover: { release: 'recoverRelease' },
  restart: { release: 'restartRelease' },
  rollback: { release: 'rollback' },
  status: { release: 'getRelease', project: 'getProject', task: 'getTask' },
  template: { release: 'dryRunRelease', project: 'dryRunProject' },
  test: { release: 'runTests' },
  tree: { release: 'getRelease' },
  upgrade: { release: 'upgradeRelease' },
  values: { release: 'showValues' },
  wait: { release: 'getRelease', task: 'getTask' },
};

/** Says who one is at which server. Exit 5 if the server wants a credential and accepts none. */
export const status: CommandRun = async (session) => {
  const { output } = session;
  const { target, walm, credential } = await session.connect();
  const { text } = await walm.call('getSession', {});
  const found = parseExact(text);
  const isOpen = textAt(found, 'auth', 'mode') === 'none';
  const user = textAt(found, 'caller', 'user');
  if (!(await output.data(text))) {
    output.say(`server      ${target.server.href.replace(/\/$/, '')} (from ${target.serverFrom})`);
    output.say(`credential  ${credential.from}`);
    const groups = listAt(found, 'caller', 'groups').map(String);
    output.say(`signed in   ${isOpen ? 'everyone may do everything' : user === '' ? 'no' : oneLine(user)}`);
    if (groups.length > 0) output.say(`groups      ${oneLine(groups.join(', '))}`);
  }
  return isOpen || user !== '' ? EXIT.done : EXIT.denied;
};

/** Says whether a command is allowed, and which right is missing. Exit 1 if it is not. */
export const canI: CommandRun = async (session) => {
  const { output } = session;
  const operation = operationOf(session);
  const namespace = session.line.on('all-namespaces') ? undefined : await session.namespace();
  const walm = await session.walm();
  const { text } = await walm.call('getAccess', { query: { namespace } });
  const access = parseExact(text);
  const judged = listAt(access, 'operations').find((one) => textAt(one, 'operation') === operation);
  const isAllowed = at(access, 'everything') === true || at(judged, 'allowed') === true;
  if (!(await output.data(text))) {
    output.say(isAllowed ? 'yes' : 'no');
    const reason = textAt(judged, 'reason');
    if (!isAllowed && reason !== '') output.note(oneLine(reason));
  }
  return isAllowed ? EXIT.done : EXIT.answer;
};

function operationOf({ line }: Session): string {
  const [verb = '', word] = line.words;
  const type = word === undefined ? 'release' : typeOf(word);
  const command = findCommand(verb)?.name ?? verb;
  const byType = Object.hasOwn(NEEDED, command) ? NEEDED[command] : undefined;
  if (byType === undefined) {
    const near = nearest(verb, Object.keys(NEEDED));
    throw new UsageError(`there is nothing to ask about ${verb}`, [
      ...(near === undefined ? [] : [`did you mean: ${near}`]),
      `commands: ${Object.keys(NEEDED).join(' ')}`,
    ]);
  }
  const operation = type === undefined ? undefined : byType[type];
  if (operation === undefined) {
    throw new UsageError(`${command} takes no ${word ?? ''}`, [`types: ${Object.keys(byType).join(', ')}`]);
  }
  return operation;
}
