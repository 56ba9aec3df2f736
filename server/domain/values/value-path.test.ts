import { describe, expect, it } from 'vitest';
import { parseValuePath, readValuePath } from './value-path.ts';

const VALUES = {
  app: { 'zookeeper.client.port': 2181, list: [{ name: 'first' }, 'second'], empty: null },
  '': 'nameless',
};

describe('a path into values', () => {
  it.each([
    ['keys', 'app.list', VALUES.app.list],
    ['an index and a key', 'app.list.0.name', 'first'],
    ['a key with dots', 'app.zookeeper\\.client\\.port', 2181],
    ['a value that is null', 'app.empty', null],
    ['a key that does not exist', 'app.missing.deeper', undefined],
    ['an index beyond the end', 'app.list.9', undefined],
    ['a key of an array', 'app.list.name', undefined],
    ['a key of a text', 'app.list.1.x', undefined],
    ['what every object inherits', 'app.constructor', undefined],
    ['nothing', '', undefined],
  ])('follows %s', (_name, mapKey, found) => {
    expect(readValuePath(VALUES, parseValuePath(mapKey))).toEqual(found);
  });
});
