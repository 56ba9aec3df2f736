import { expect, it } from 'vitest';
import type { JsonObject, JsonValue } from './schemas/json.ts';
import { errorsOf, openApiDocument } from './openapi-document.ts';
import type { Operation } from './operations/parts/operation.ts';
import { operations } from './operations/operations.ts';
import { chartProblems } from './problems/chart-problems.ts';
import { clusterProblems } from './problems/cluster-problems.ts';
import { dependencyProblems } from './problems/dependency-problems.ts';
import { problemCatalogue } from './problems/catalogue.ts';
import { objectProblems } from './problems/object-problems.ts';
import { projectProblems } from './problems/project-problems.ts';
import { releaseProblems } from './problems/release-problems.ts';
import { requestProblems } from './problems/request-problems.ts';

interface Described {
  operationId: string;
  parameters: { name: string; in: string }[];
  responses: Record<string, { description: string; content: Record<string, { schema: JsonObject }> }>;
}

const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3'))) as {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: JsonObject };
};

it('describes every operation once, with all of its parameters', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters }]) => {
      const names = parameters.filter((parameter) => parameter.in === 'path').map((parameter) => `{${parameter.name}}`);
      expect(path.match(/\{\w+\}/g) ?? []).toEqual(names);
      return `${operationId} ${method.toUpperCase()} ${path}`;
    }),
  );
  expect(described.sort()).toEqual(
    Object.entries(operations)
      .map(([id, { method, path }]) => `${id} ${method} ${path}`)
      .sort(),
  );
});

it('refers only to components that exist, and uses each', () => {
  const used = new Set<string>();
  const visit = (value: JsonValue): void => {
    if (typeof value !== 'object' || value === null) {
      return;
    }
    for (const [key, item] of Object.entries(value)) {
      if (key === '$ref' && typeof item === 'string') {
        used.add(item.replace('#/components/schemas/', ''));
      }
      expect(key).not.toBe('$id');
      visit(item);
    }
  };
  visit(document as unknown as JsonObject);
  expect([...used].sort()).toEqual(Object.keys(document.components.schemas).sort());
});

it('gives each operation its errors by status', () => {
  const responses = document.paths['/api/v1/release/{namespace}']?.['post']?.responses ?? {};
  expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '202', '400', '404', '409', '422', '500']));
  expect(responses['409']?.description).toContain('`RELEASE_EXISTS`');
  expect(responses['409']?.content['application/json']?.schema).toEqual({ $ref: '#/components/schemas/Problem' });
});

it('has a catalogue of errors, each group in alphabetical order, each error with a status and whole sentences', () => {
  const groups = [
    chartProblems,
    clusterProblems,
    dependencyProblems,
    objectProblems,
    projectProblems,
    releaseProblems,
    requestProblems,
  ];
  for (const group of groups) {
    expect(Object.keys(group)).toEqual(Object.keys(group).toSorted());
  }
  for (const [code, { status, title, remedy }] of Object.entries(problemCatalogue)) {
    expect(status, code).toBeGreaterThanOrEqual(400);
    expect(title, code).toMatch(/^[A-Z'`].*[^.]$/);
    expect(remedy, code).toMatch(/\.$/);
  }
});

it('says of every error which operation answers with it', () => {
  const everywhere = ['HEADERS_TOO_LARGE', 'HOST_REFUSED', 'METHOD_NOT_ALLOWED', 'REQUEST_TIMEOUT', 'ROUTE_NOT_FOUND'];
  const answered = new Set<string>([...Object.values(operations).flatMap((row) => errorsOf(row)), ...everywhere]);
  expect(Object.keys(problemCatalogue).filter((code) => !answered.has(code))).toEqual([]);
});

it('gives every duration of a request a maximum that a timer can wait', () => {
  const durations = Object.values<Operation>(operations).flatMap(({ query = {} }) =>
    Object.entries(query).filter(([name]) => /(Sec|Ms|Seconds|timeout)$/i.test(name)),
  );
  expect(durations.length).toBeGreaterThan(10);
  for (const [, schema] of durations) {
    expect((schema as { maximum?: number }).maximum).toBeLessThanOrEqual(2_147_483);
  }
});
