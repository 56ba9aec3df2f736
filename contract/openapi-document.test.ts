import { expect, it } from 'vitest';
import type { JsonObject, JsonValue } from './json.ts';
import { openApiDocument } from './openapi-document.ts';
import { operations } from './operations.ts';
import { problemCatalogue } from './problem.ts';

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

it('has a catalogue of errors in alphabetical order, each with a status of errors and whole sentences', () => {
  const codes = Object.keys(problemCatalogue);
  expect(codes).toEqual([...codes].sort());
  for (const [code, { status, title, remedy }] of Object.entries(problemCatalogue)) {
    expect(status, code).toBeGreaterThanOrEqual(400);
    expect(title, code).toMatch(/^[A-Z'`].*[^.]$/);
    expect(remedy, code).toMatch(/\.$/);
  }
});
