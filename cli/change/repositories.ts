import { readFileSync } from 'node:fs';

import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { at, listAt, numberAt, textAt } from '../render/read-value.ts';
import type { CommandRun } from '../session/command-run.ts';
import { agrees } from '../session/question.ts';
import type { Session } from '../session/session.ts';

/** Adds a chart repository to the server. Its password or token comes from standard input, never from the line. */
export const addRepository: CommandRun = async (session) => {
  const { line, output } = session;
  const [name, url, ...more] = line.words;
  if (name === undefined || url === undefined || more.length > 0) {
    throw new UsageError('repo add takes the name and the address of a repository: repo add NAME URL');
  }
  const ca = line.text('repo-ca-file');
  const body = {
    name,
    url,
    ...(await credentialOf(session)),
    ...(ca !== undefined && { caPem: readText(ca) }),
    ...(line.on('repo-insecure') && { insecureSkipTlsVerify: true }),
  };
  const walm = await session.walm();
  const query = { check: line.given('check') ? line.on('check') : undefined };
  const { text } = await walm.call('addRepository', { query, body: stringifyExact(body) ?? '{}' });
  if (await output.data(text)) return EXIT.done;
  const answer = parseExact(text);
  const charts = at(answer, 'charts') === undefined ? '' : ` (${numberAt(answer, 'charts')} charts)`;
  output.say(`repository ${textAt(answer, 'repoName')} added${charts}`);
  return EXIT.done;
};

/** Removes a repository that was added at run time; releases whose chart came from it run on. */
export const removeRepository: CommandRun = async (session) => {
  const { line, output } = session;
  const [repo, ...more] = line.words;
  if (repo === undefined || more.length > 0) throw new UsageError('repo remove takes the name of one repository');
  if (!(await agrees(session, [], `remove repository ${repo}`, true))) return EXIT.answer;
  const walm = await session.walm();
  const query = { ignoreNotFound: line.on('ignore-not-found') || undefined };
  const { text } = await walm.call('removeRepository', { path: { repo }, query });
  if (await output.data(text)) return EXIT.done;
  const answer = parseExact(text);
  output.warn(listAt(answer, 'warnings'));
  output.say(`repository ${repo} removed`);
  return EXIT.done;
};

/** Reads the index of a repository now, and says how that went; exit 1 if it cannot be read. */
export const checkRepository: CommandRun = async (session) => {
  const { line, output } = session;
  const [repo, ...more] = line.words;
  if (repo === undefined || more.length > 0) throw new UsageError('repo check takes the name of one repository');
  const walm = await session.walm();
  const { text } = await walm.call('checkRepository', { path: { repo } });
  const answer = parseExact(text);
  const isRead = at(answer, 'reachable') === true;
  if (!(await output.data(text))) {
    const charts = at(answer, 'charts') === undefined ? '' : `: ${numberAt(answer, 'charts')} charts`;
    output.say(isRead ? `repository ${repo} was read${charts}` : `repository ${repo}: ${textAt(answer, 'message')}`);
  }
  return isRead || textAt(answer, 'kind') === 'registry' ? EXIT.done : EXIT.answer;
};

async function credentialOf({ line, io }: Session): Promise<Record<string, string>> {
  const username = line.text('username');
  const [password, token] = [line.on('password-stdin'), line.on('token-stdin')];
  if (password && token) throw new UsageError('--password-stdin or --token-stdin, not both');
  if (password !== (username !== undefined)) {
    throw new UsageError('--username and --password-stdin belong together');
  }
  if (!password && !token) return {};
  const secret = (await io.input.readAll()).replace(/\r?\n$/, '');
  if (secret === '') throw new UsageError('standard input is empty: the secret is read from there');
  return token ? { token: secret } : { username: username ?? '', password: secret };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`the certificates ${path} cannot be read`);
  }
}
