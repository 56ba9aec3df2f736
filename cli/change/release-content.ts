import { parseExact } from '../../contract/exact-json.ts';
import { readNames, type Named } from '../arguments/targets.ts';
import type { Occurrence } from '../arguments/parsed-line.ts';
import { UsageError } from '../errors/failures.ts';
import { readChart } from '../files/chart-archive.ts';
import { isRecord, mergeObjects, type JsonObject } from '../files/json-object.ts';
import { readObject } from '../files/read-yaml.ts';
import { applyEdit, editedLists, readOne, readSets, typedValue, type Edit } from '../files/set-values.ts';
import { sniff } from '../files/sniff.ts';
import { at } from '../render/read-value.ts';
import type { Session } from '../session/session.ts';
import { addParameters } from './parameters.ts';
import { addFacts } from './release-facts.ts';

/** What a command line says of a release: a request of the API, and the archive of its chart. */
export interface ReleaseContent {
  readonly namespace: string;
  /** Empty if the line names none. */
  readonly name: string;
  readonly request: JsonObject;
  readonly archive: Uint8Array | undefined;
  /** Name of the chart, as far as the line says. */
  readonly chart: string;
}

const VALUE_FLAGS = ['set', 'set-string', 'set-json', 'set-literal', 'set-file'] as const;
const FILE_FLAGS = ['file', 'request', 'values'] as const;
const SECRET_NAME = /(password|passwd|secret|token|private.?key|api.?key)/i;

/**
 * Puts together what the line says: the request file's values, values files from left to right, then the --set* flags
 * from left to right; the name on the line wins over the file.
 * @throws UsageError if a file or a flag cannot be used
 */
export async function readContent(session: Session): Promise<ReleaseContent> {
  const { line } = session;
  const words = namedWords(session);
  const files = await readFiles(session);
  const request: JsonObject = { ...files.request };
  const fromFile = typeof request['name'] === 'string' ? request['name'] : '';
  const name = words.named?.name ?? line.text('name') ?? fromFile;
  const namespaceInFile = typeof request['namespace'] === 'string' ? request['namespace'] : undefined;
  delete request['namespace'];
  delete request['kind'];
  const namespace =
    words.named?.namespace ?? (line.given('namespace') ? undefined : namespaceInFile) ?? (await session.namespace());
  if (name !== '') request['name'] = name;
  const edits = (await Promise.all(line.inOrder(VALUE_FLAGS).map((flag) => readEdits(session, flag)))).flat();
  const values = files.values.reduce(mergeObjects, isRecord(request['configValues']) ? request['configValues'] : {});
  await bringLists(session, values, edits, namespace, name);
  for (const edit of edits) applyEdit(values, edit);
  if (Object.keys(values).length > 0 || request['configValues'] !== undefined) request['configValues'] = values;
  const chart = await addChart(session, request, words.chart ?? line.text('chart'));
  addParameters(line.list('param'), request);
  addFacts(session, request);
  return { namespace, name, request, ...chart };
}

/** The name and the chart among the words. With --name the only word is the chart. */
function namedWords(session: Session): { named: Named | undefined; chart: string | undefined } {
  const { line } = session;
  const [first, ...rest] = line.words[0] === 'release' ? line.words.slice(1) : line.words;
  if (line.given('name')) return { named: undefined, chart: first };
  if (first === undefined) return { named: undefined, chart: undefined };
  const [chart] = rest;
  const isChartOnly = chart === undefined && line.given('generate-name');
  if (isChartOnly) return { named: undefined, chart: first };
  return { named: readNames([first], ['release'])[0], chart };
}

async function readFiles(session: Session): Promise<{ request: JsonObject; values: JsonObject[] }> {
  let request: JsonObject | undefined;
  const values: JsonObject[] = [];
  for (const { name, value: path } of session.line.inOrder(FILE_FLAGS)) {
    const content = await readObject(await session.readInput(path), path);
    const kind = name === 'file' ? sniff(content) : name === 'request' ? 'request' : 'values';
    if (kind === 'project') throw new UsageError(`${path} is a project: this command takes one release`);
    if (kind === 'doubt') {
      throw new UsageError(`${path} may be a request or values: ${Object.keys(content).slice(0, 5).join(', ')}`, [
        `choose one: --request ${path} or --values ${path}; see walmctl help files`,
      ]);
    }
    if (kind === 'values') values.push(content);
    else if (request === undefined) request = canonical(content);
    else throw new UsageError('only one request file can be given', [`values: --values ${path}`]);
  }
  return { request: request ?? {}, values };
}

/** Field names of requests match without case, as the API has it; here they are read, so they are written as it does. */
function canonical(content: JsonObject): JsonObject {
  const names = [
    'name',
    'namespace',
    'kind',
    'configValues',
    'dependencies',
    'releaseLabels',
    'plugins',
    'outputs',
    'metaInfoParams',
  ];
  return Object.fromEntries(
    Object.entries(content).map(([key, value]) => [
      names.find((name) => name.toLowerCase() === key.toLowerCase()) ?? key,
      value,
    ]),
  );
}

async function readEdits(session: Session, { name, value }: Occurrence): Promise<Edit[]> {
  switch (name) {
    case 'set':
      return warnOfSecrets(session, readSets(value, name, typedValue));
    case 'set-string':
      return warnOfSecrets(
        session,
        readSets(value, name, (text) => text),
      );
    case 'set-literal':
      return warnOfSecrets(session, [readOne(value, name, (text) => text)]);
    case 'set-json':
      return readJson(session, value);
    default: {
      const edit = readOne(value, name, (path) => path);
      return [{ path: edit.path, value: await session.readInput(String(edit.value)) }];
    }
  }
}

function readJson(session: Session, text: string): Edit[] {
  const parse = (json: string): unknown => {
    try {
      return parseExact(json);
    } catch {
      throw new UsageError(`--set-json ${text}: the value is not valid JSON`, [
        'an example: --set-json \'a.b={"c":[1,2]}\'',
      ]);
    }
  };
  if (text.startsWith('{')) {
    const whole = parse(text);
    return isRecord(whole) ? Object.entries(whole).map(([key, value]) => ({ path: [key], value })) : [];
  }
  return warnOfSecrets(session, [readOne(text, 'set-json', parse)]);
}

function warnOfSecrets(session: Session, edits: Edit[]): Edit[] {
  for (const { path } of edits) {
    const key = path.findLast((part) => typeof part === 'string');
    if (key !== undefined && SECRET_NAME.test(key)) {
      session.output.warn([
        {
          code: 'SECRET_ON_COMMAND_LINE',
          message: `${key} stays in the history of the shell; --set-file ${key}=FILE does not`,
        },
      ]);
    }
  }
  return edits;
}

/** An element of a list is set in the list that the release has: merging values replaces lists. */
async function bringLists(
  session: Session,
  values: JsonObject,
  edits: readonly Edit[],
  namespace: string,
  name: string,
): Promise<void> {
  const isChange = session.line.command.name === 'upgrade' || session.line.command.name === 'diff';
  const lists = editedLists(edits).filter((path) => at(values, ...path) === undefined);
  if (!isChange || lists.length === 0 || name === '') return;
  const walm = await session.walm();
  const answer = parseExact((await walm.call('showValues', { path: { namespace, release: name } })).text);
  for (const path of lists) {
    const there = at(answer, 'computedValues', ...path);
    if (Array.isArray(there)) applyEdit(values, { path, value: there });
  }
}

async function addChart(
  session: Session,
  request: JsonObject,
  text: string | undefined,
): Promise<{ archive: Uint8Array | undefined; chart: string }> {
  const { line } = session;
  const version = line.text('version');
  if (version !== undefined) request['chartVersion'] = version;
  const repo = line.text('repo');
  if (repo !== undefined) request['repoName'] = repo;
  if (text === undefined) {
    const named = request['chartName'];
    return { archive: undefined, chart: typeof named === 'string' ? named : '' };
  }
  const source = await readChart(text);
  switch (source.kind) {
    case 'archive':
      return { archive: source.archive, chart: source.name };
    case 'image':
      request['chartImage'] = source.reference;
      return { archive: undefined, chart: source.name };
    case 'repository':
      request['chartName'] = source.name;
      if (source.repo !== '') request['repoName'] = source.repo;
      return { archive: undefined, chart: source.name };
    default:
      return source satisfies never;
  }
}
