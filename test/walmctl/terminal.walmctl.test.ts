import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';

import { createKubeClient } from '../harness/clients/kube-client.ts';
import { createNamespace } from '../harness/clients/test-namespace.ts';
import { eventually } from '../harness/eventually.ts';
import { binaryPath } from '../harness/programs/binaries.ts';
import { startWalmServer } from '../harness/programs/walm-server.ts';
import { openShell, type Running, type Shell } from './shell.ts';

const { server, bin, kubeconfig, program, repository } = inject('walmctl');
const namespace = 'cli-terminal';
/** What erases the rest of a terminal. */
const ERASE = '\u001b[J';
/** Pods that become ready only after a while: what is tested happens before. */
const slowly = (seconds: number): string =>
  [
    '--set replicas=1',
    String.raw`--set-string 'podAnnotations.sandbox\.walm\.io/behaviour=slow-ready'`,
    String.raw`--set-string 'podAnnotations.sandbox\.walm\.io/ready-after=${seconds}s'`,
  ].join(' ');

const kube = createKubeClient(kubeconfig);
let shell: Shell;

beforeAll(async () => {
  await createNamespace(kube, namespace);
  shell = openShell(bin, { WALMCTL_SERVER: server, WALMCTL_NAMESPACE: namespace, TERM: 'xterm' });
});

afterAll(() => {
  shell.close();
  kube.close();
});

function hasScript(): boolean {
  try {
    execFileSync('script', ['--version']);
    return true;
  } catch {
    console.log('script(1) of util-linux is not there: no terminal is tested');
    return false;
  }
}

/** Presses Ctrl-C once the command has printed something. */
async function interrupt({ child, out, err, ended }: Running, printed: RegExp): Promise<{ code: number; err: string }> {
  await eventually(() => expect(`${out()}${err()}`).toMatch(printed));
  child.kill('SIGINT');
  return ended;
}

test.runIf(hasScript())('a terminal shows live progress, redrawn in place, and the answer afterwards', async () => {
  const line = `walmctl install live examples/zookeeper ${slowly(5)} --wait`;
  const { code, out } = await shell.run(`script -qec ${JSON.stringify(line)} /dev/null`, { COLUMNS: '70' });
  expect(code).toBe(0);
  expect(out).toContain(`install ${namespace}/live`);
  // The step at which the change is.
  expect(out).toMatch(/^ {2}(wait|apply|render)/m);
  // Cursor up, to the first column, the rest is erased.
  const redrawn = out.split(ERASE);
  expect(redrawn.length).toBeGreaterThan(2);
  expect(redrawn.slice(0, -1).every((shown) => /\[\d+A\r$/.test(shown))).toBe(true);
  expect(redrawn.at(-1)).toContain(`release ${namespace}/live installed (revision 1)`);
});

test('elsewhere progress is a line per change, without any control character', async () => {
  const { code, out, err } = await shell.run(`walmctl install plain examples/zookeeper ${slowly(3)} --wait`);
  expect([code, out]).toEqual([0, `release ${namespace}/plain installed (revision 1)\n`]);
  expect(err).not.toContain('\u001b');
  const lines = err
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => text.slice(9));
  expect(lines.filter((text, at) => text === lines[at - 1])).toEqual([]);
});

test('Ctrl-C leaves, and the change carries on', async () => {
  const running = shell.start(`exec walmctl install left examples/zookeeper ${slowly(8)} --wait --progress json`);
  const { code, err } = await interrupt(running, /"state":/);
  expect(code).toBe(130);
  expect(err).toContain('carries on');
  expect(err).toMatch(/walmctl wait (left|task\/)/);
  expect((await shell.run('walmctl wait left --progress none')).code).toBe(0);
});

test.each([
  ['list -w', 'exec walmctl list -A -w --search zookeeper', /NAME/],
  ['status -w', 'exec walmctl status watched -w', /watched/],
  ['tree -w', 'exec walmctl tree watched -w --all', /watched/],
  ['events -w', 'exec walmctl events watched -w --since 1h --type release,kube', /watched/],
])('%s follows until Ctrl-C', async (_, line, printed) => {
  const { code } = await shell.run('walmctl upgrade watched examples/zookeeper --install --set replicas=1 -q --wait');
  expect(code).toBe(0);
  const ended = await interrupt(shell.start(line), printed);
  expect([0, 130]).toContain(ended.code);
  expect(ended.err).not.toMatch(/ at .*\.mjs/);
});

test('events -f follows what happens until Ctrl-C', async () => {
  await shell.run('walmctl upgrade told examples/zookeeper --install --set replicas=1 -q');
  const running = shell.start('exec walmctl events told -f --type release');
  await eventually(async () => {
    // The stream may not be open yet.
    await shell.run('walmctl pause told -q; walmctl recover told -q');
    expect(running.out()).toContain(`${namespace}/told`);
  });
  const { code } = await interrupt(running, /told/);
  expect([0, 130]).toContain(code);
});

test('a reader may end before the answer', async () => {
  const child = spawn('bash', ['-c', 'exec walmctl list -A'], {
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, HOME: shell.home, WALMCTL_SERVER: server },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
  const [code] = (await once(child, 'close')) as [number | null];
  expect([code, err]).toEqual([141, '']);
});

test('a server that dies and comes back is waited for', async () => {
  const options = {
    kubeconfig,
    program,
    repositories: [{ name: 'examples', url: repository }],
    flags: ['--kubernetes-system-namespace=walm-cli-dies', `--engine-path=${binaryPath('walm-engine')}`],
  };
  const first = await startWalmServer(options);
  let last = first;
  onTestFinished(async () => void (await last.stop()));
  const running = shell.start(`walmctl install survivor examples/zookeeper ${slowly(10)} --wait --progress json`, {
    WALMCTL_SERVER: first.url,
  });
  await eventually(() => expect(running.err()).toContain('"state":"running"'));
  await first.kill();
  last = await startWalmServer({ ...options, after: first });
  const { code, out, err } = await running.ended;
  expect([code, out]).toEqual([0, `release ${namespace}/survivor installed (revision 1)\n`]);
  expect(err).not.toMatch(/ at .*\.mjs/);
});
