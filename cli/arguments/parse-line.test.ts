import fc from 'fast-check';
import { expect, test } from 'vitest';

import { UsageError } from '../errors/failures.ts';
import { commandTable, flagsOf } from '../table/command-table.ts';
import { commandHelp, overview } from './help-layout.ts';
import { normalizeArguments } from './normalize-arguments.ts';
import { parseLine } from './parse-line.ts';

async function understood(text: string) {
  const result = await parseLine(text.split(' '));
  if (result.kind !== 'run') throw new Error(`${text} is ${result.kind}`);
  return result.line;
}

test.each([
  ['-s 127.0.0.1:29001 -n demo list release -o json', 'list', ['release']],
  ['release list -A', 'list', ['release']],
  ['get values kafka', 'values', ['kafka']],
  ['create release web --name cl1 --async=false', 'install', ['release', 'web']],
  ['uninstall web --deletePvcs=true', 'delete', ['web']],
  ['ls --ready=false', 'list', []],
  ['config use-context local', 'config use-context', ['local']],
  ['rollback -- web 2', 'rollback', ['web', '2']],
  ['status release shop/web', 'status', ['release/shop/web']],
  ['rollback rel web 2', 'rollback', ['rel/web', '2']],
  ['tree project shop -w', 'tree', ['project/shop']],
  ['status release', 'status', ['release']],
])('%s', async (text, command, words) => {
  const line = await understood(text);
  expect([line.command.name, line.words]).toEqual([command, words]);
});

test('a switch never takes the next word, and is negated in two ways', async () => {
  const line = await understood('pause --async web --quiet=false');
  expect([line.words, line.on('async'), line.on('quiet')]).toEqual([['web'], true, false]);
  expect((await understood('restart web --no-async')).on('async')).toBe(false);
  expect((await understood('wait web --no-fail-fast')).on('fail-fast')).toBe(false);
  expect((await understood('wait web')).on('fail-fast')).toBe(true);
});

test('values keep their order over several flags', async () => {
  const line = await understood('upgrade web --set a=1 --set-string b=2 --set c=3');
  expect(line.inOrder(['set', 'set-string'])).toEqual([
    { name: 'set', value: 'a=1' },
    { name: 'set-string', value: 'b=2' },
    { name: 'set', value: 'c=3' },
  ]);
});

test('names match without case and dashes, short flags may be joined to their values', async () => {
  const line = await understood('install web --createNamespace -ojson --timeoutSec 7 -vv -n=shop');
  expect(line.on('create-namespace')).toBe(true);
  expect(line.text('output')).toBe('json');
  expect(line.seconds('timeout')).toBe(7);
  expect(line.count('verbose')).toBe(2);
  expect(line.text('namespace')).toBe('shop');
});

test.each([
  ['upgrade web --deletePvcs', 'walmctl upgrade has no flag --deletePvcs'],
  ['list --ready=maybe', '--ready is true or false, not maybe'],
  ['list --limit', '--limit needs a value: --limit N'],
  ['rollback', 'walmctl rollback needs NAME'],
  ['status a b c', 'walmctl status takes fewer arguments than these'],
  ['pause web --async=maybe', '--async is a switch: it takes =true or =false, not =maybe'],
])('%s is refused', async (text, message) => {
  await expect(parseLine(text.split(' '))).rejects.toThrow(message);
});

test('an unknown flag names the nearest one', () => {
  expect(() => normalizeArguments(['list', '--selecter', 'a=b'])).toThrow(
    expect.objectContaining({ hints: expect.arrayContaining(['did you mean --selector?']) }),
  );
});

test('whatever the line is, there is an answer or a usage error', async () => {
  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      'list',
      'get',
      'release',
      '--',
      '-',
      '-o',
      '--set',
      '--async=false',
      '-n',
      'config',
      '--no-wait',
      '--help',
    ),
  );
  await expect(
    fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 8 }), async (line) => {
        try {
          await parseLine(line);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
        }
      }),
      { numRuns: 500 },
    ),
  ).resolves.toBeUndefined();
});

test('what was normalized once stays so, and values are kept as they are', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string({ minLength: 1 }).filter((text) => !text.startsWith('-')),
      (value, name) => {
        const { command, args } = normalizeArguments(['upgrade', '--set-literal', `a=${value}`, '--', name]);
        expect(command).toBe('upgrade');
        expect(args).toEqual([`--set-literal=a=${value}`, '--', name]);
        expect(normalizeArguments(['upgrade', ...args]).args).toEqual(args);
      },
    ),
  );
});

test('names of commands and flags are unique', () => {
  const names = commandTable.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
  for (const command of commandTable) {
    const flags = flagsOf(command);
    const words = flags.flatMap(({ name, short, aliases = [] }) => [
      name,
      ...aliases,
      ...(short === undefined ? [] : [short]),
    ]);
    expect(words, command.name).toEqual([...new Set(words)]);
  }
});

test('help fits into 80 columns, and every command has examples that are understood', async () => {
  for (const text of [overview(), ...commandTable.map(commandHelp)]) {
    const wide = text.split('\n').filter((line) => line.length > 80);
    // A line that is to be copied is not broken.
    expect(wide.filter((line) => !line.startsWith('  walmctl '))).toEqual([]);
  }
  for (const { name, examples } of commandTable) {
    expect(examples.length, name).toBeGreaterThan(0);
    for (const [line] of examples) {
      const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
      const result = await parseLine(words.slice(1));
      expect(result.kind === 'run' ? result.line.command.name : result.kind, line).toBe(name);
    }
  }
});
