import { expect, test } from 'vitest';

import { settleAllocator, type Restartable } from './allocator.ts';

/** The settings with which a process started in this environment is executed again. */
function begunWith(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = 'linux'): unknown[] {
  const calls: unknown[] = [];
  const execve = ((...call: unknown[]) => void calls.push(call)) as Restartable['execve'];
  settleAllocator({
    argv: ['node', 'main.ts', '--config', 'a'],
    execArgv: ['-x'],
    execPath: '/node',
    env,
    execve,
    platform,
  });
  return calls;
}

test('the program executes itself again with its arguments and its environment, once', () => {
  const [call] = begunWith({ HOME: '/home' }) as [[string, string[], NodeJS.ProcessEnv]];
  expect(call).toEqual([
    '/node',
    ['/node', '-x', 'main.ts', '--config', 'a'],
    { HOME: '/home', MALLOC_TRIM_THRESHOLD_: '131072' },
  ]);
  expect(begunWith(call[2])).toEqual([]);
});

test('what an operator has set stays, and other systems are left alone', () => {
  expect(begunWith({ MALLOC_TRIM_THRESHOLD_: '1' })).toEqual([]);
  expect(begunWith({}, 'darwin')).toEqual([]);
});
