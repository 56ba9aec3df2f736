import type { AnswerForm, Route } from '../../contract/route.ts';
import type { Operation, ResponseSpec } from '../../contract/operations/parts/operation.ts';
import { operations } from '../../contract/operations/operations.ts';

/** Beginnings of many paths, longest first. */
const BASES: readonly (readonly [name: string, path: string])[] = [
  ['oneRelease', '/api/v1/release/{namespace}/name/{release}'],
  ['oneProject', '/api/v1/project/{namespace}/name/{project}'],
  ['oneChart', '/api/v1/chart/{repo}/chart/{chart}'],
  ['releases', '/api/v1/release/{namespace}'],
  ['v1', '/api/v1'],
];

/** Parameters that many operations share: they stand once, because the table is in every client. */
const SHARED: readonly (readonly [name: string, parameters: string])[] = [
  ['contentQuery', 'waitReady allowMissing createNamespace crds wait forceConflicts upsert'],
  ['changeQuery', 'async timeoutSec force strict expectedRevision operationTimeoutSec'],
  ['projectQuery', 'async timeoutSec force strict operationTimeoutSec'],
  ['previewQuery', 'crds forceConflicts resetValues recreate'],
  ['listQuery', 'labelselector q sort limit continue'],
];

const METHODS = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'del' } as const;

/** The module `contract/routes.ts`: what a client has to know of each operation, without the schemas. */
export function clientRoutes(): string {
  const rows = Object.entries(operations).map(([id, row]: [string, Operation]) => {
    const { method, path, query, ...others } = routeOf(row);
    const fields = Object.entries(others).map(([field, value]) => `${field}: '${value}'`);
    const more = fields.length > 0 ? `{ ${fields.join(', ')} }` : undefined;
    const parts = [underBase(path), query === undefined ? more && "''" : sharing(query), more].filter(
      (part) => part !== undefined,
    );
    return `  ${id}: ${METHODS[method]}(${parts.join(', ')}),`;
  });
  return `${[
    '// Written by `make generate` from the table of operations.',
    "import { del, get, post, put } from './route.ts';",
    '',
    ...BASES.map(([name, path]) => `const ${name} = '${path}';`),
    ...SHARED.map(([name, parameters]) => `const ${name} = '${parameters}';`),
    '',
    '/** How each operation is called. */',
    'export const routes = {',
    ...rows,
    '};',
  ].join('\n')}\n`;
}

function quoted(text: string): string {
  return `'${text}'`;
}

function underBase(path: string): string {
  const base = BASES.find(([, start]) => path === start || path.startsWith(`${start}/`));
  if (base === undefined) return quoted(path);
  const [name, start] = base;
  return path === start ? name : `\`\${${name}}${path.slice(start.length)}\``;
}

/** The names of query parameters as an expression, with what is shared by its name. */
function sharing(query: string): string {
  let text = ` ${query} `;
  for (const [name, parameters] of SHARED) text = text.replace(` ${parameters} `, ` \${${name}} `);
  text = text.trim();
  if (!text.includes('${')) return quoted(text);
  return /^\$\{(\w+)\}$/.exec(text)?.[1] ?? `\`${text}\``;
}

/** `row` describes the operation. */
function routeOf(row: Operation): Route {
  const query = Object.keys(row.query ?? {});
  const answer = answerKind(row.responses[200]);
  return {
    method: row.method,
    path: row.path,
    ...(query.length > 0 && { query: query.join(' ') }),
    ...(row.body !== undefined && { body: row.body.kind }),
    ...(answer !== 'json' && { answer }),
  };
}

function answerKind(spec: ResponseSpec | undefined): AnswerForm {
  const type = spec?.contentType ?? 'application/json';
  if (type === 'text/event-stream') {
    return 'stream';
  }
  if (type === 'application/json') {
    return 'json';
  }
  return type.startsWith('text/') || type === 'application/yaml' ? 'text' : 'bytes';
}
