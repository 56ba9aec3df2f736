import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parsedLine } from '../arguments/parsed-line.ts';
import { cacheFolder } from '../context/settings-file.ts';
import { listAt, textAt } from '../render/read-value.ts';
import type { Io } from '../session/io.ts';
import { createSession, type Session } from '../session/session.ts';
import type { Completer } from '../table/command.ts';
import { commandTable, findCommand, flagsOf } from '../table/command-table.ts';

/** Names as young as this are used as they are. */
const FRESH_MS = 5000;
/** Names up to this age are used where the server does not answer in time. */
const USABLE_MS = 300_000;
const PATIENCE_MS = 100;
const MAX_NAMES = 100;

/**
 * Prints the names that a word may become, one a line: `__complete KIND PREFIX WORDS…`, where WORDS are those of the line
 * so far. Whatever goes wrong, nothing is printed: no error, no question, and no credential plugin is started.
 */
export async function completeNames(argv: readonly string[], io: Io): Promise<void> {
  const [kind = '', prefix = '', ...words] = argv;
  const row = findCommand('list');
  if (row === undefined) return;
  const flags = flagsOf(row);
  const line = parsedLine(row, flags, [], occurrencesOf(words, flags));
  const session = createSession(line, io, false);
  try {
    const names = await namesOf(session, kind as Completer, prefix);
    const shown = names.filter((name) => name.startsWith(prefix) && /^[\w./@:-]+$/.test(name)).slice(0, MAX_NAMES);
    if (shown.length > 0) io.out.write(`${shown.join('\n')}\n`);
  } catch {
    // A shell that completes has no place for errors.
  } finally {
    session.close();
  }
}

/** What the line says about server and namespace; everything else does not matter here. */
function occurrencesOf(words: readonly string[], flags: ReturnType<typeof flagsOf>) {
  const wanted = ['namespace', 'server', 'context', 'token-file', 'ca-file'];
  return words.flatMap((word, index) => {
    const [, long, equal] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    const short = /^-([a-zA-Z])$/.exec(word)?.[1];
    const flag = flags.find(
      ({ name, short: letter }) =>
        wanted.includes(name) && (name === long || (letter !== undefined && letter === short)),
    );
    const value = equal ?? words[index + 1];
    return flag === undefined || value === undefined ? [] : [{ name: flag.name, value }];
  });
}

async function namesOf(session: Session, kind: Completer, prefix: string): Promise<readonly string[]> {
  switch (kind) {
    case 'command':
      return commandTable.map(({ name }) => name);
    case 'context':
      return (await session.settings()).contexts.map(({ name }) => name);
    case 'release':
    case 'project':
    case 'namespace':
    case 'task':
    case 'pod':
    case 'node':
    case 'plugin':
    case 'chart':
      return cached(session, kind, prefix);
    case 'file':
      return [];
    default:
      return kind satisfies never;
  }
}

type LiveKind = Exclude<Completer, 'command' | 'context' | 'file'>;

const NAMESPACED: ReadonlySet<LiveKind> = new Set<LiveKind>(['release', 'project', 'task', 'pod']);

/** Names of the server: fresh ones from the cache, otherwise asked for, otherwise what the cache still has. */
async function cached(session: Session, kind: LiveKind, prefix: string): Promise<readonly string[]> {
  const { io } = session;
  const { server, context } = await session.target();
  const namespace = NAMESPACED.has(kind) ? await session.namespace() : '';
  const folder = join(cacheFolder(io.env), 'names');
  const file = join(
    folder,
    `${encodeURIComponent([context ?? '', server.href, kind, namespace, prefix].join(' ')).slice(0, 200)}.json`,
  );
  const kept = readKept(file);
  const age = kept === undefined ? Number.POSITIVE_INFINITY : io.now() - kept.at;
  if (kept !== undefined && age < FRESH_MS) return kept.names;
  const timer = new AbortController();
  const late = io.pause(PATIENCE_MS, timer.signal).then(() => undefined);
  const asked = ask(session, kind, namespace, prefix).catch(() => undefined);
  const names = await (kept !== undefined && age < USABLE_MS ? Promise.race([asked, late]) : asked);
  timer.abort();
  if (names === undefined) return kept !== undefined && age < USABLE_MS ? kept.names : [];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ at: io.now(), names }), { mode: 0o600 });
  renameSync(draft, file);
  return names;
}

function readKept(file: string): { at: number; names: string[] } | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { at?: unknown; names?: unknown };
    if (typeof kept.at !== 'number' || !Array.isArray(kept.names)) return undefined;
    return { at: kept.at, names: kept.names.filter((name) => typeof name === 'string') };
  } catch {
    return undefined;
  }
}

async function ask(session: Session, kind: LiveKind, namespace: string, prefix: string): Promise<string[]> {
  const walm = await session.walm();
  const texts = (text: string, ...path: string[]) =>
    listAt(JSON.parse(text), 'items').map((item) => textAt(item, ...path));
  switch (kind) {
    case 'release': {
      const query = { view: 'names', q: prefix === '' ? undefined : prefix, limit: MAX_NAMES };
      return texts((await walm.call('listNamespaceReleases', { path: { namespace }, query })).text, 'name');
    }
    case 'project':
      return texts((await walm.call('listNamespaceProjects', { path: { namespace } })).text, 'name');
    case 'namespace':
      return [...new Set(texts((await walm.call('listReleases', { query: { view: 'names' } })).text, 'namespace'))];
    case 'task':
      return texts((await walm.call('listTasks', { query: { namespace, limit: MAX_NAMES } })).text, 'id');
    case 'pod':
    case 'node': {
      const query = { q: prefix === '' ? undefined : prefix, limit: MAX_NAMES };
      const { text } =
        kind === 'node'
          ? await walm.call('listNodes', { query })
          : await walm.call('listPods', { path: { namespace }, query });
      return texts(text, 'name');
    }
    case 'plugin':
      return texts((await walm.call('listPlugins', {})).text, 'name');
    case 'chart':
      return charts(session, prefix);
    default:
      return kind satisfies never;
  }
}

/** `repo/` first, then the charts of the repository that stands before the slash. */
async function charts(session: Session, prefix: string): Promise<string[]> {
  const walm = await session.walm();
  const slash = prefix.indexOf('/');
  if (slash < 0) {
    const { text } = await walm.call('listRepositories', {});
    return listAt(JSON.parse(text), 'items').map((item) => `${textAt(item, 'repoName') || textAt(item, 'name')}/`);
  }
  const repo = prefix.slice(0, slash);
  const { text } = await walm.call('listCharts', { path: { repo } });
  return [
    ...new Set(
      listAt(JSON.parse(text), 'items').map((item) => `${repo}/${textAt(item, 'chartName') || textAt(item, 'name')}`),
    ),
  ];
}
