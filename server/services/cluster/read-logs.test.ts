import { describe, expect, test } from 'vitest';
import { kubeObject } from '../../../test/harness/clients/kube-objects.ts';
import { eventually } from '../../../test/harness/eventually.ts';
import { createMemoryLiveObjects } from '../../adapters/memory/live-objects.ts';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createMemoryPodLogs, type MemoryLog } from '../../adapters/memory/objects/pod-logs.ts';
import { callerOf } from '../../domain/access/caller.ts';
import { createReadLogs } from './read-logs.ts';

const WEB = { namespace: 'demo', name: 'web' };
const wanted = { follow: false, previous: false, timestamps: false };
const OFTEN = { everyMs: 5 };

function stage(log: MemoryLog, annotations: Record<string, string> = {}) {
  const live = createMemoryLiveObjects();
  const spec = { containers: [{ name: 'app' }, { name: 'proxy' }], initContainers: [{ name: 'init' }] };
  live.put(kubeObject('v1', 'Pod', 'web', { spec, status: {} }, { annotations }));
  const logs = createMemoryPodLogs({ 'demo/web/app': log, 'demo/web/proxy': { pieces: ['p'], goesOn: false } });
  const clock = createManualClock();
  return { logs, clock, ...createReadLogs({ live, logs, clock }) };
}
const reading = () => ({ as: callerOf({ user: 'ann', groups: [] }), signal: new AbortController().signal });

describe('a log', () => {
  test('is that of the first container, of the default one, or of the one that is named', async () => {
    const { readLog } = stage({ pieces: ['one\n', 'two\n'], goesOn: false });
    expect(await readLog(WEB, wanted, reading())).toEqual({ container: 'app', text: 'one\ntwo\n' });
    const marked = stage({ pieces: [], goesOn: false }, { 'kubectl.kubernetes.io/default-container': 'proxy' });
    expect(await marked.readLog(WEB, wanted, reading())).toEqual({ container: 'proxy', text: 'p' });
    expect(await marked.readLog(WEB, { ...wanted, container: 'app' }, reading())).toMatchObject({ container: 'app' });
  });

  test('of what is not there names what is', async () => {
    const { readLog } = stage({ pieces: [], goesOn: false });
    await expect(readLog({ ...WEB, name: 'none' }, wanted, reading())).rejects.toMatchObject({ code: 'POD_NOT_FOUND' });
    await expect(readLog(WEB, { ...wanted, container: 'x' }, reading())).rejects.toMatchObject({
      code: 'CONTAINER_NOT_FOUND',
      message: 'pod web has no container "x": it has app, proxy, init',
    });
  });

  test('is no longer than was asked for, whatever the cluster sends', async () => {
    const { readLog, logs } = stage({ pieces: Array.from({ length: 100 }, () => 'x'.repeat(10)), goesOn: true });
    expect((await readLog(WEB, { ...wanted, limitBytes: 25 }, reading())).text).toHaveLength(25);
    expect(logs.asked).toMatchObject([{ limitBytes: 25, follow: false }]);
    await eventually(() => expect(logs.reads).toBe(0), OFTEN);
  });
});

describe('a log that is followed', () => {
  test('is read no faster than it is taken, and no more when the reader goes', async () => {
    let taken = 0;
    const pieces = {
      *[Symbol.iterator]() {
        for (; taken < 1_000; taken += 1) yield `${taken}\n`;
      },
    };
    const { streamLog, logs } = stage({ pieces: pieces as unknown as string[], goesOn: true });
    const { stream } = await streamLog(WEB, { ...wanted, follow: true }, reading());
    const reader = stream.getReader();
    await reader.read();
    await reader.read();
    expect(taken).toBeLessThan(5);
    expect(logs.reads).toBe(1);
    await reader.cancel();
    await eventually(() => expect(logs.reads).toBe(0), OFTEN);
  });

  test('of a known caller ends after five minutes', async () => {
    const { streamLog, logs, clock } = stage({ pieces: ['one\n'], goesOn: true });
    const { stream, container } = await streamLog(WEB, { ...wanted, follow: true }, reading());
    const reader = stream.getReader();
    expect([container, Buffer.from((await reader.read()).value ?? []).toString()]).toEqual(['app', 'one\n']);
    const next = reader.read();
    await clock.advance(5 * 60_000);
    expect((await next).done).toBe(true);
    await eventually(() => expect(logs.reads).toBe(0), OFTEN);
  });
});
