import type { AnswerForm, Route } from '../../contract/route.ts';
import type { Operation, ResponseSpec } from '../../contract/operations/parts/operation.ts';
import { operations } from '../../contract/operations/operations.ts';

/** The module `contract/routes.ts`: what a client has to know of each operation, without the schemas. */
export function clientRoutes(): string {
  const rows = Object.entries(operations).map(([id, row]: [string, Operation]) => {
    const fields = Object.entries(routeOf(row)).map(([field, value]) => `${field}: '${String(value)}'`);
    return `  ${id}: { ${fields.join(', ')} },`;
  });
  return `${[
    '// Written by `make generate` from the table of operations.',
    "import type { Route } from './route.ts';",
    '',
    '/** How each operation is called. */',
    'export const routes = {',
    ...rows,
    '} as const satisfies Record<string, Route>;',
  ].join('\n')}\n`;
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
