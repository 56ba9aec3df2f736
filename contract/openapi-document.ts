import type { TSchema } from 'typebox';
import { describeAccess } from './schemas/access.ts';
import type { JsonObject, JsonValue } from './schemas/json.ts';
import type { BodySpec, Operation, ResponseSpec } from './operations/parts/operation.ts';
import { operations } from './operations/operations.ts';
import { pathParameters } from './operations/parts/path-parameters.ts';
import { problemCatalogue } from './problems/catalogue.ts';
import { ProblemBody, type ProblemCode } from './problems/problem.ts';
import { warningsHeader } from './operations/release-operations.ts';

/** Errors that any operation can return. */
const commonErrors: readonly ProblemCode[] = ['INTERNAL', 'NOT_READY'];
/** Errors of every operation that authenticates its caller. */
const accessErrors: readonly ProblemCode[] = [
  'CLUSTER_UNREACHABLE',
  'FORBIDDEN',
  'TOO_MANY_REQUESTS',
  'TOO_MANY_REVIEWS',
  'TOO_MANY_TOKENS',
  'UNAUTHENTICATED',
];
const bodyErrors: readonly ProblemCode[] = [
  'BODY_MALFORMED',
  'BODY_TOO_COMPLEX',
  'BODY_TOO_LARGE',
  'CONTENT_TYPE_UNSUPPORTED',
  'REQUEST_INVALID',
  'TOO_MANY_BODIES',
];
const readErrors: Readonly<Record<BodySpec['kind'], readonly ProblemCode[]>> = {
  json: bodyErrors,
  'chart-form': bodyErrors,
  'json-or-form': bodyErrors,
};

/** Everything independent of the version is computed once. */
let described: { paths: JsonObject; schemas: JsonObject } | undefined;

function describeContract(): { paths: JsonObject; schemas: JsonObject } {
  const schemas: JsonObject = {};
  const paths: Record<string, JsonObject> = {};
  for (const [id, row] of Object.entries(operations)) {
    const path = (paths[row.path] ??= {});
    path[row.method.toLowerCase()] = describeOperation(id, row, schemas);
  }
  return { paths, schemas: sortKeys(schemas) };
}

/** The OpenAPI 3.1 description of the whole contract. */
export function openApiDocument(version: string): JsonObject {
  described ??= describeContract();
  const { paths, schemas } = described;
  return {
    openapi: '3.1.0',
    info: {
      title: 'Walm',
      version,
      description: 'Application manager for Kubernetes: installs, watches and removes Helm releases.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token that the cluster knows; asked for in authentication mode `kubernetes` only.',
        },
      },
    },
  };
}

/** Every code that an operation can return, in alphabetical order. */
export function errorsOf(row: Operation): ProblemCode[] {
  const codes = new Set<ProblemCode>([...commonErrors, ...row.errors]);
  if (row.access.kind !== 'open') {
    accessErrors.forEach((code) => codes.add(code));
  }
  if (row.path.includes('{')) {
    codes.add('PATH_INVALID');
  }
  // Only operations that change something refuse unknown parameters, and bodies they do not expect.
  if (row.method !== 'GET') {
    codes.add('CONTENT_TYPE_UNSUPPORTED');
    codes.add('QUERY_UNKNOWN');
  }
  if (row.path.includes('{release}')) {
    codes.add('RELEASE_NAME_INVALID');
  }
  if (row.path.includes('{namespace}') || (row.path.includes('{tenant}') && row.method !== 'GET')) {
    codes.add('NAMESPACE_NOT_WATCHED');
  }
  if (row.query !== undefined) {
    codes.add('QUERY_INVALID');
  }
  if (row.requestHeaders !== undefined) {
    codes.add('HEADER_INVALID');
  }
  if (row.body !== undefined) {
    readErrors[row.body.kind].forEach((code) => codes.add(code));
  }
  return [...codes].sort();
}

function describeOperation(id: string, row: Operation, schemas: JsonObject): JsonObject {
  return {
    operationId: id,
    tags: [row.tag],
    summary: row.summary,
    ...(row.description !== undefined && { description: row.description }),
    ...(row.access.kind !== 'open' && { security: [{ bearer: [] }, {}] }),
    'x-access': describeAccess(row.access),
    parameters: [...pathParametersOf(row, schemas), ...queryParametersOf(row, schemas), ...headersOf(row)],
    ...(row.body !== undefined && { requestBody: describeBody(row.body, schemas) }),
    responses: { ...describeResponses(row, schemas), ...describeErrors(row, schemas) },
  };
}

function pathParametersOf(row: Operation, schemas: JsonObject): JsonObject[] {
  return [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const schema = Object.entries(pathParameters).find(([known]) => known === name)?.[1] ?? {};
    return { name, in: 'path', required: true, schema: reference(schema, schemas) };
  });
}

function queryParametersOf(row: Operation, schemas: JsonObject): JsonObject[] {
  return Object.entries(row.query ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: reference(schema, schemas),
  }));
}

function headersOf(row: Operation): JsonObject[] {
  return Object.entries(row.requestHeaders ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string', maxLength: 200 },
  }));
}

function describeBody(body: BodySpec, schemas: JsonObject): JsonObject {
  const schema = reference(body.schema, schemas);
  const json = { 'application/json': { schema } };
  if (body.kind === 'json') {
    return { description: body.description, required: true, content: json };
  }
  const form: JsonObject = {
    type: 'object',
    required: ['chart'],
    properties: {
      release: { type: 'string', description: 'Name of the release; wins over the name in `body`.' },
      chart: { type: 'string', format: 'binary', description: 'The packaged chart (.tgz).' },
      body: schema,
    },
  };
  return {
    description: body.description,
    required: true,
    content: {
      ...(body.kind === 'json-or-form' && json),
      'multipart/form-data': { schema: form, encoding: { body: { contentType: 'application/json' } } },
    },
  };
}

function describeResponses(row: Operation, schemas: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(row.responses).map(([status, spec]: [string, ResponseSpec]) => [
      status,
      {
        description: spec.description,
        // OpenAPI cannot express an optional body.
        ...(spec.mayBeEmpty === true && { 'x-may-be-empty': true }),
        ...describeHeaders({ ...(row.method === 'GET' && warningsHeader), ...spec.headers }),
        ...(spec.schema !== undefined && {
          content: {
            [spec.contentType ?? 'application/json']: { schema: reference(spec.schema, schemas) },
            ...Object.fromEntries((spec.alternatives ?? []).map((type) => [type, { schema: { type: 'string' } }])),
          },
        }),
      },
    ]),
  );
}

function describeHeaders(headers: Readonly<Record<string, string>>): JsonObject {
  const described = Object.entries(headers).map(([name, description]): [string, JsonObject] => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return described.length === 0 ? {} : { headers: Object.fromEntries(described) };
}

function describeErrors(row: Operation, schemas: JsonObject): JsonObject {
  const schema = reference(ProblemBody, schemas);
  const byStatus = Map.groupBy(errorsOf(row), (code) => problemCatalogue[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${problemCatalogue[code].title}.`).join(' '),
        content: { 'application/json': { schema } },
      },
    ]),
  );
}

/** A schema with every named part moved to the components and referenced. */
function reference(schema: TSchema | object, schemas: JsonObject): JsonObject {
  // A schema is plain JSON; TypeBox keeps its own marks in properties that JSON ignores.
  return moveNamed(JSON.parse(JSON.stringify(schema)) as JsonObject, schemas) as JsonObject;
}

function moveNamed(value: JsonValue, schemas: JsonObject): JsonValue {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => moveNamed(item, schemas));
  }
  const { $id: id, ...rest } = value;
  const moved = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, moveNamed(item, schemas)]));
  if (typeof id !== 'string') {
    return moved;
  }
  schemas[id] = moved;
  return { $ref: `#/components/schemas/${id}` };
}

function sortKeys(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([left], [right]) => (left < right ? -1 : 1)));
}
