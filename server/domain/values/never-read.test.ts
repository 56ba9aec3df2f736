import { expect, test } from 'vitest';
import { parseValuePath } from './value-path.ts';
import { createNeverRead } from './never-read.ts';

const values = {
  app: { web: { replicas: 1, image: 'x' } },
  whole: { a: 1 },
  resources: {},
  list: [1],
  nothing: null,
};
const readWords = new Set(['Values', 'app', 'web', 'replicas', 'image', 'whole', 'resources', 'list', 'cpu', 'redis']);

test.each([
  ['app.web.replicas', false, 'has a default'],
  ['app.web.memory', true, 'is mentioned nowhere, and what is beside it is'],
  ['app.gitlab.memory', true, 'lies below what is mentioned nowhere'],
  ['app.web.cpu', false, 'is mentioned somewhere'],
  ['other', true, 'is mentioned nowhere'],
  ['redis.password', false, 'belongs to a subchart'],
  ['whole.b', false, 'may be read as a whole'],
  ['resources.limits.memory', false, 'may be read as a whole, as what is empty'],
  ['nothing.b', false, 'may be given as a whole'],
  ['list.0', false, 'lies in a list'],
  ['', false, 'is not a path'],
])('%s: %s, it %s', (path, expected) => {
  expect(createNeverRead({ values, readWords })(parseValuePath(path))).toBe(expected);
});

test('unknown parameters are not reported', () => {
  expect(createNeverRead({ values, readWords: null })(['other'])).toBe(false);
});
