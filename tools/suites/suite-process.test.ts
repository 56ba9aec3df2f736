import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test } from 'vitest';

import { ROOT } from '../source-files.ts';
import { logPath, runSuite } from './suite-process.ts';
import type { Counting, Suite } from './suites.ts';

const never = new AbortController().signal;

function script(counting: Counting, code: string): Suite {
  return { name: 'suite-process-test', command: ['node', '-e', code], counting, cores: 1, limitMinutes: 1 };
}

const readLog = (suite: Suite): string => readFileSync(join(ROOT, logPath(suite)), 'utf8');

afterEach(() => rmSync(join(ROOT, logPath(script('check', ''))), { force: true }));

test('a check counts one, and both its outputs are in the log', async () => {
  const suite = script('check', 'console.log("to say"); console.error("to warn")');
  expect((await runSuite(suite, never)).counts).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(readLog(suite)).toMatch(/to say/);
  expect(readLog(suite)).toMatch(/to warn/);
});

test('a check that fails counts one failure', async () => {
  const { counts } = await runSuite(script('check', 'process.exitCode = 3'), never);
  expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('the events of go test are counted, and the log holds what the tests printed', async () => {
  const events = [
    { Action: 'output', Test: 'TestA', Output: 'printed\n' },
    { Action: 'pass', Test: 'TestA' },
    { Action: 'skip', Test: 'TestB' },
    { Action: 'pass' },
  ];
  const suite = script('go-test', `for (const event of ${JSON.stringify(events)}) console.log(JSON.stringify(event))`);
  expect((await runSuite(suite, never)).counts).toEqual({ passed: 1, failed: 0, skipped: 1 });
  expect(readLog(suite)).toBe('printed\n');
});

test('a suite without a report has run nothing, which is a failure', async () => {
  const { counts } = await runSuite(script('vitest', ''), never);
  expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a program that does not exist is a failure that says so', async () => {
  const suite: Suite = { ...script('check', ''), command: ['no-such-program'] };
  expect((await runSuite(suite, never)).counts.failed).toBe(1);
  expect(readLog(suite)).toMatch(/no-such-program/);
});

test('a suite that starts after the interruption ends at once', async () => {
  const { counts } = await runSuite(script('check', 'setInterval(() => {}, 1000)'), AbortSignal.abort());
  expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('an interrupted suite is killed and counts as failed', async () => {
  const interrupted = new AbortController();
  const run = runSuite(script('check', 'setInterval(() => {}, 1000)'), interrupted.signal);
  interrupted.abort();
  expect((await run).counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
