import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { allPages } from '../look/all-pages.ts';
import type { CommandRun } from '../session/command-run.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD']);

/** Sends any request of the API, for what has no command; prints the body as it is. */
export const api: CommandRun = async (session) => {
  const { line, output } = session;
  const [method = '', path = ''] = line.words;
  if (!METHODS.has(method.toUpperCase()))
    throw new UsageError(`${method} is not an HTTP method`, ['an example: walmctl api GET /api/v1/release']);
  if (!path.startsWith('/') || path.startsWith('//'))
    throw new UsageError('a path begins with one /: the server comes from -s or the context');
  const file = line.text('file');
  const body = file === undefined ? undefined : await session.readInput(file);
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const walm = await session.walm();
  const send = async (more: readonly (readonly [string, string])[]): Promise<string> => {
    const request = {
      method: method.toUpperCase(),
      path: withQuery(path, [...pairs(line.list('query')), ...more]),
      headers,
    };
    return (await walm.send({ ...request, ...(body !== undefined && { body }) })).text;
  };
  // Only a list is read for more: any other answer is passed on as it is.
  const text = line.on('paginate')
    ? await allPages((next) => send(next === undefined ? [] : [['continue', next]]))
    : await send([]);
  const isFormatted = line.given('output') && (await output.data(text));
  if (!isFormatted && text !== '') output.text(text.endsWith('\n') ? text : `${text}\n`);
  return EXIT.done;
};

function pairs(texts: readonly string[]): [string, string][] {
  return texts.map((text) => {
    const equals = text.indexOf('=');
    if (equals < 1) throw new UsageError(`--query takes NAME=VALUE, not ${text}`);
    return [text.slice(0, equals), text.slice(equals + 1)];
  });
}

/** Later parameters replace earlier ones of the same name. */
function withQuery(path: string, parameters: readonly (readonly [string, string])[]): string {
  if (parameters.length === 0) return path;
  const question = path.indexOf('?');
  const query = new URLSearchParams(question < 0 ? '' : path.slice(question + 1));
  for (const [name, value] of parameters) query.set(name, value);
  return `${question < 0 ? path : path.slice(0, question)}?${query.toString()}`;
}
