import { expect, test } from 'vitest';

import { parseLine } from '../../cli/arguments/parse-line.ts';
import { commandTable, flagsOf } from '../../cli/table/command-table.ts';
import type { Flag } from '../../cli/table/command.ts';
import { allCommandLines, walmctlArguments } from './command-lines.ts';

/** Flags that a test on a server cannot exercise, and the test that does. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'ca-file': 'kept in a context by 5-settings; a real authority in cli/http',
  help: 'never runs a command: 5-settings',
};

test('every command and every flag of the table is exercised by a command line on a real server', async () => {
  const commands = new Set<string>();
  const flags = new Set<Flag>();
  for (const argv of allCommandLines()) {
    const understood = await parseLine(argv).catch(() => undefined);
    if (understood?.kind === 'help') commands.add('help');
    if (understood?.kind !== 'run') continue;
    const { command, given } = understood.line;
    commands.add(command.name);
    for (const flag of flagsOf(command)) if (given(flag.name)) flags.add(flag);
  }
  expect(commandTable.map(({ name }) => name as string).filter((name) => !commands.has(name))).toEqual([]);
  const left = commandTable.flatMap((command) =>
    flagsOf(command)
      .filter((flag) => !flags.has(flag) && !Object.hasOwn(ELSEWHERE, flag.name))
      .map(({ name }) => `${command.name} --${name}`),
  );
  expect(left).toEqual([]);
});

test('words are split as a shell does', () => {
  expect(walmctlArguments(`A=1 walmctl get a -o jsonpath='{.b c}' | head; walmctl list --set "x y"=1 > f`)).toEqual([
    ['get', 'a', '-o', 'jsonpath={.b c}'],
    ['list', '--set', 'x y=1'],
  ]);
});
