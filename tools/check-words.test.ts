import { expect, test } from 'vitest';

import { checkWords } from './check-words.ts';

const find = (path: string, text: string): string[] => checkWords([{ path, text }]).map((line) => line.split(': ')[1]!);

test.each([
  ['server/a.ts', '// TODO later', 'unfinished work'],
  ['server/a.ts', 'const LONGEST_NAME = 256;', 'bound of another name'],
  ['engine/a.go', '// FIXME', 'unfinished work'],
  ['server/a.ts', '/** Whoever asks is told why. */', 'comment in a private dialect'],
  ['server/a.ts', '   * What became of the task.', 'comment in a private dialect'],
  ['engine/a.go', 'return nil // Nobody reads it.', 'comment in a private dialect'],
  ['test/harness/a.ts', '// It begins anew.', 'comment in a private dialect'],
  ['engine/a.go', '	doomed := 1', 'name in a private dialect'],
  ['engine/a.go', 'func (c *Client) overcome(failure error) {', 'name in a private dialect'],
  ['server/a.ts', 'const begun = clock.now();', 'name in a private dialect'],
  ['engine/a.go', 'const mostDeaths = 3', 'name in a private dialect'],
  ['test/simulation/a.ts', '/** Told what nobody should do. */', 'comment in a private dialect'],
  ['engine/a.go', 'op.standIns = nil', 'word of another language'],
  ['cli/a.ts', 'throw new Error(`${text} is no chart`);', 'negation of another language'],
  ['docs/guide/a.md', 'Labels that are no labels.', 'negation of another language'],
  ['server/a.ts', "const folder = '/work/main';", 'path of one machine'],
  ['test/a.ts', "const folder = '/root/x';", 'path of one machine'],
  ['server/a.test.ts', "vi.mock('./b.ts');", 'module mock'],
  ['server/a.test.ts', "test.only('x', () => {});", 'focused or skipped test'],
  [
    'server/a.test.ts',
    'expect(performance.now() - began).toBeLessThan(2_000);',
    'test that depends on the speed of the machine',
  ],
  ['test/a.test.ts', 'const took = process.cpuUsage(before);', 'test that depends on the speed of the machine'],
  ['server/a.conformance.ts', 'const took = Date.now() - began;', 'test that depends on the speed of the machine'],
  ['test/a.test.ts', 'times.push(await timed(call));', 'test that depends on the speed of the machine'],
  ['test/a.test.ts', 'await eventually(look, { withinMs: 2_000 });', 'short wait'],
  ['test/harness/a.ts', 'await eventually(look, { withinMs: 900 });', 'short wait'],
  ['server/a.test.ts', '}, 30_000);', 'short wait'],
  ['server/a.test.ts', "test('a', { timeout: 60_000 }, async () => {", 'short wait'],
  ['server/a.test.ts', 'await vi.waitFor(() => seen);', 'short wait'],
  ['server/a.test.ts', 'await expect.poll(() => seen).toBe(1);', 'short wait'],
  ['server/a.ts', "const message = 'somebody else has changed it';", 'person without a name'],
  ['docs/guide/a.md', 'Nobody has asked for it.', 'person without a name'],
  ['engine/a.go', 'func Of(text string, most int) string {', 'bound of another name in Go'],
  ['engine/a.go', '\tconst most = 64', 'bound of another name in Go'],
  ['engine/a_test.go', 'if time.Since(begun) > time.Second {', 'Go test that depends on the speed of the machine'],
  ['server/api/a.ts', 'process.env.PORT', 'environment read'],
  ['server/main.ts', 'process.exit(1)', 'process exit'],
  ['server/a.ts', '// @ts-ignore', 'silenced compiler or linter'],
  ['server/a.ts', '// @ts-expect-error', 'expected compiler error'],
  ['server/a.ts', 'value as any', 'silenced compiler or linter'],
  ['server/composition/ports.ts', '    engine: measured as HelmEngine,', 'cast in the composition'],
  ['server/composition/ports.ts', '    cluster: unfenced as unknown as Cluster,', 'cast in the composition'],
  ['server/composition/ports.ts', 'const pass = issuePass({});', 'pass that is made outside of the gate'],
  ['server/services/tasks/a.ts', 'const engine = given as HelmEngine;', 'cast to what only the gate makes'],
  [
    'server/services/tasks/a.ts',
    'await claims.remove(a, b, null, {} as WritePass);',
    'cast to what only the gate makes',
  ],
  ['server/services/tasks/a.ts', 'const pass = {} as unknown as TaskPass;', 'cast to what only the gate makes'],
  ['server/services/tasks/a.ts', 'await claims.remove(a, b, null, {} as never);', 'cast to what only the gate makes'],
  ['server/api/handlers/a.ts', 'const raw = deps.claims as ClaimAdapter;', 'cast to what only the gate makes'],
  ['server/adapters/kube/objects/secrets.ts', 'const all = kube as KubeApi;', 'cast to what only the gate makes'],
  [
    'server/reconcilers/tasks/a.ts',
    'const isOpen = (x: unknown): x is HelmEngine => true;',
    'cast to what only the gate makes',
  ],
  ['server/composition/view.ts', 'const engine = measured as { install: Install };', 'cast in the composition'],
  ['server/composition/view.ts', 'const engine = measured as ReturnType<typeof open>;', 'cast in the composition'],
  ['engine/a.go', 'x() //nolint:all', 'silenced compiler or linter'],
])('%s with %j: %s', (path, text, name) => {
  expect(find(path, text)).toEqual([name]);
});

test.each([
  ['server/config/config.ts', 'process.env'],
  ['server/a.test.ts', "test('what somebody else has changed stays', () => {});"],
  ['server/a.ts', '/** With `anew`, asks again. */'],
  ['server/a.ts', '// There is no record, or it is no longer readable.'],
  ['test/harness/a.ts', 'process.env.CI'],
  ['server/a.ts', "const url = 'http://host/work/item/';"],
  ['server/a.ts', 'import x from "../work/a.ts"'],
  ['server/main.ts', 'process.exitCode = 1'],
  ['server/a.ts', 'const took = performance.now() - began;'],
  ['test/bench/a.test.ts', 'performance.now()'],
  ['server/a.test.ts', 'const longAgo = new Date(Date.now() - 3_600_000);'],
  ['test/a.test.ts', 'await eventually(look, { everyMs: 10, withinMs: 240_000 });'],
  ['server/a.test.ts', '}, 2);'],
  ['engine/a.go', 'time.Since(begun)'],
  ['server/a.test.ts', '// @ts-expect-error the row has no such field'],
  ['server/ports/gate/passes.ts', '  const pass = added as Added & WritePass;'],
  ['server/composition/wrappers/gate.ts', 'return [...args, issuePass({})];'],
  ['server/composition/redis.ts', "throw new Error('give host:port, as in redis.example.com:6379');"],
  ['server/composition/view.ts', "const KINDS = ['a', 'b'] as const;"],
  ['server/composition/view.ts', '/** The ports as the whole server uses them. */'],
])('%s may contain %j', (path, text) => {
  expect(find(path, text)).toEqual([]);
});

test('a finding has file, line and remedy', () => {
  expect(checkWords([{ path: 'server/a.ts', text: 'ok\nprocess.exit(1)\n' }])).toEqual([
    'server/a.ts:2: process exit: set process.exitCode and let what runs end',
  ]);
});
