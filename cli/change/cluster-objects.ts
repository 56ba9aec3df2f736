import { parseExact } from '../../contract/exact-json.ts';
import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { readNames, type Named } from '../arguments/targets.ts';
import { listAt, numberAt, textAt } from '../render/read-value.ts';
import { oneLine } from '../render/width.ts';
import type { CommandRun } from '../session/command-run.ts';
import { agrees } from '../session/question.ts';
import type { Session } from '../session/session.ts';
import { typeOf } from '../table/object-types.ts';

/** Sets and removes labels of a node. */
export const label: CommandRun = (session) =>
  mark(session, {
    operation: 'labelNode',
    field: 'labels',
    add: 'addLabels',
    remove: 'removeLabels',
    done: 'labelled',
  });

/** Sets and removes annotations of a node. */
export const annotate: CommandRun = (session) =>
  mark(session, {
    operation: 'annotateNode',
    field: 'annotations',
    add: 'addAnnotations',
    remove: 'removeAnnotations',
    done: 'annotated',
  });

interface Marking {
  readonly operation: 'labelNode' | 'annotateNode';
  /** Fields of a node, and of the request. */
  readonly field: string;
  readonly add: string;
  readonly remove: string;
  readonly done: string;
}

/** `KEY=VALUE` sets, `KEY-` removes; a value that is there is changed with --overwrite only. */
async function mark(session: Session, { operation, field, add, remove, done }: Marking): Promise<ExitCode> {
  const { line, output } = session;
  const at = line.words.findIndex((word, index) => index > 0 && (word.includes('=') || word.endsWith('-')));
  const typed = typeOf(line.words[0] ?? '');
  if (typed === 'release') {
    throw new UsageError(`walmctl ${line.command.name} changes nodes`, [
      'labels of a release: walmctl upgrade NAME --label KEY=VALUE',
    ]);
  }
  const names = readNames(at < 0 ? line.words : line.words.slice(0, at), ['node']);
  const changes = at < 0 ? [] : line.words.slice(at);
  const [named] = names;
  if (named === undefined || names.length > 1 || changes.length === 0) {
    throw new UsageError(`walmctl ${line.command.name} takes node NAME, and KEY=VALUE or KEY-`);
  }
  const set: Record<string, string> = {};
  const removed: string[] = [];
  for (const change of changes) {
    const equals = change.indexOf('=');
    if (equals > 0) set[change.slice(0, equals)] = change.slice(equals + 1);
    else if (equals < 0 && change.endsWith('-')) removed.push(change.slice(0, -1));
    else throw new UsageError(`${change} is neither KEY=VALUE nor KEY-`);
  }
  const walm = await session.walm();
  const path = { node: named.name };
  if (!line.on('overwrite')) {
    const node = parseExact((await walm.call('getNode', { path })).text);
    for (const [key, value] of Object.entries(set)) {
      const present = textAt(node, field, key);
      if (present === '' || present === value) continue;
      throw new UsageError(`node ${named.name} has ${key}=${oneLine(present)} already`, ['change it: --overwrite']);
    }
  }
  const shown = [...Object.entries(set).map(([key, value]) => `${key}=${value}`), ...removed.map((key) => `${key}-`)];
  if (line.on('dry-run')) {
    output.say(`node/${named.name} would be ${done}: ${shown.join(' ')}`);
    return EXIT.done;
  }
  await walm.call(operation, { path, body: JSON.stringify({ [add]: set, [remove]: removed }) });
  output.say(`node/${named.name} ${done}`);
  return EXIT.done;
}

/** Deletes a Secret, a claim or a tenant; on a terminal it says what goes, and asks. */
export async function removeClusterObject(session: Session, named: Named): Promise<ExitCode> {
  const { line, output } = session;
  const { name } = named;
  const query = { ignoreNotFound: line.on('ignore-not-found') || undefined };
  const isTenant = named.type === 'tenant';
  const namespace = named.namespace ?? (isTenant ? name : await session.namespace());
  const walm = await session.walm();
  const shown = `${named.type} ${isTenant ? '' : `${namespace}/`}${name}`;
  const { operation, path } = removalOf(named, namespace);
  const asks = isTenant || session.io.input.isTerminal;
  if ((asks && !line.on('yes')) || line.on('dry-run')) {
    // A Secret that is not there is said before anything is asked.
    const preview =
      operation === 'deleteSecret'
        ? await walm.call('getSecret', { path })
        : await walm.call(operation, { path, query: { dryrun: true } });
    const lines = fateOf(named, parseExact(preview.text));
    if (line.on('dry-run')) {
      for (const text of [`${shown} would be deleted`, ...lines]) output.say(text);
      return EXIT.done;
    }
    if (!(await agrees(session, lines, `delete ${shown}`, !isTenant))) return EXIT.answer;
  }
  const timeoutSec = isTenant && line.given('timeout') ? line.seconds('timeout') : undefined;
  await walm.call(operation, { path, query: { ...query, ...(timeoutSec !== undefined && { timeoutSec }) } });
  output.say(`${shown} deleted`);
  return EXIT.done;
}

interface Removal {
  readonly operation: 'deleteTenant' | 'deleteClaim' | 'deleteSecret';
  readonly path: Readonly<Record<string, string>>;
}

function removalOf({ type, name }: Named, namespace: string): Removal {
  if (type === 'tenant') return { operation: 'deleteTenant', path: { tenant: name } };
  if (type === 'pvc') return { operation: 'deleteClaim', path: { namespace, claim: name } };
  return { operation: 'deleteSecret', path: { namespace, secret: name } };
}

/** What goes with an object. */
function fateOf({ type }: Named, preview: unknown): string[] {
  if (type === 'secret')
    return [`  its ${Object.keys((preview as { data?: object }).data ?? {}).length} values are lost`];
  if (type === 'pvc') {
    const message = textAt(preview, 'error', 'message');
    const size = textAt(preview, 'capacity') || 'no volume';
    return [message === '' ? `  the data of its volume is lost (${size})` : `  it stays: ${oneLine(message)}`];
  }
  return [
    ...listAt(preview, 'releases').map((release) => `  release ${oneLine(String(release))} goes`),
    ...listAt(preview, 'claims').map(
      (claim) =>
        `  claim ${oneLine(textAt(claim, 'name'))} goes with its data (${textAt(claim, 'capacity') || 'no volume'})`,
    ),
    `  pods that are stopped: ${numberAt(preview, 'pods')}`,
  ];
}

/** Deletes a pod so that its controller makes another one. */
export async function restartPod(session: Session, { namespace: own, name }: Named): Promise<ExitCode> {
  const namespace = own ?? (await session.namespace());
  const query = { force: session.line.on('force') || undefined };
  await (await session.walm()).call('restartPod', { path: { namespace, pod: name }, query });
  session.output.say(`pod ${namespace}/${name} deleted; its controller makes another one`);
  return EXIT.done;
}

/** Creates a Secret of texts and files. */
export const createSecret: CommandRun = async (session) => {
  const { line, output } = session;
  const [name, ...more] = line.words;
  if (name === undefined || more.length > 0) throw new UsageError('create secret takes one NAME');
  const stringData: Record<string, string> = {};
  for (const text of line.list('from-literal')) {
    const [key, value] = pairOf(text, '--from-literal');
    stringData[key] = value;
  }
  for (const text of line.list('from-file')) {
    const [key, path] = text.includes('=') ? pairOf(text, '--from-file') : [text.split('/').at(-1) ?? '', text];
    stringData[key] = await session.readInput(path);
  }
  const namespace = await session.namespace();
  const body = JSON.stringify({ name, type: line.text('type'), stringData });
  await (await session.walm()).call('createSecret', { path: { namespace }, body });
  output.say(`secret ${namespace}/${name} created`);
  return EXIT.done;
};

const QUOTA_FIELDS: Readonly<Record<string, string>> = {
  'limits.cpu': 'limitCpu',
  'limits.memory': 'limitMemory',
  'requests.cpu': 'requestsCpu',
  cpu: 'requestsCpu',
  'requests.memory': 'requestsMemory',
  memory: 'requestsMemory',
  'requests.storage': 'requestsStorage',
  pods: 'pods',
};

/** Creates a tenant: a namespace with a quota. */
export const createTenant: CommandRun = async (session) => {
  const { line, output } = session;
  const [name, ...more] = line.words;
  if (name === undefined || more.length > 0) throw new UsageError('create tenant takes one NAME');
  const hard: Record<string, string> = {};
  const others: Record<string, string> = {};
  for (const text of line.list('hard').flatMap((list) => list.split(','))) {
    const [key, value] = pairOf(text, '--hard');
    const field = QUOTA_FIELDS[key];
    if (field === undefined) others[key] = value;
    else hard[field] = value;
  }
  const quotas = line.given('hard') ? [{ quotaName: `${name}-quota`, hard, others }] : [];
  const labels = Object.fromEntries(line.list('label').map((text) => pairOf(text, '--label')));
  const body = JSON.stringify({ tenantLabels: labels, tenantQuotas: quotas });
  await (await session.walm()).call('createTenant', { path: { tenant: name }, body });
  output.say(`tenant ${name} created`);
  return EXIT.done;
};

/** @throws UsageError unless it is KEY=VALUE */
function pairOf(text: string, flag: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`${flag} takes KEY=VALUE, not ${text}`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}
