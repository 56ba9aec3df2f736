import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../adapters/memory/manual-clock.ts';
import { createReconciler, type ReconcileResult } from './reconciler.ts';

/** A reconciler whose runs end when the test says so. */
function start(concurrency = 2) {
  const clock = createManualClock();
  const stop = new AbortController();
  const started: string[] = [];
  const failed: string[] = [];
  const running = new Map<string, PromiseWithResolvers<ReconcileResult>>();
  const reconciler = createReconciler({
    reconcile(key) {
      started.push(key);
      const end = Promise.withResolvers<ReconcileResult>();
      running.set(key, end);
      return end.promise;
    },
    clock,
    random: () => 1,
    concurrency,
    onError: (key) => failed.push(key),
  });
  async function end(key: string, result?: ReconcileResult | Error): Promise<void> {
    const run = running.get(key);
    running.delete(key);
    if (result instanceof Error) {
      run?.reject(result);
    } else {
      run?.resolve(result);
    }
    await clock.advance(0);
  }
  return { clock, stop, started, failed, reconciler, end, done: reconciler.run(stop.signal) };
}

describe('a reconciler', () => {
  it('lets others go on between runs that wait for nothing', async () => {
    let now = 0;
    const started: string[] = [];
    const reconciler = createReconciler({
      reconcile(key) {
        now += 4;
        started.push(key);
        return Promise.resolve(undefined);
      },
      clock: { ...createManualClock(), now: () => now },
      random: () => 1,
      concurrency: 1,
      onError: () => undefined,
    });
    const stop = new AbortController();
    const done = reconciler.run(stop.signal);
    Array.from({ length: 100 }, (_, i) => reconciler.enqueue(`key-${i}`));
    await new Promise((resolve) => setImmediate(resolve));
    expect(started.length).toBeLessThan(20);
    await reconciler.drain();
    expect(started).toHaveLength(100);
    stop.abort();
    await done;
  });

  it('runs a key once, however often it is queued before', async () => {
    const { reconciler, started, end } = start(1);
    reconciler.enqueue('busy');
    ['a', 'a', 'a'].forEach((key) => reconciler.enqueue(key));
    await end('busy');
    await end('a');
    expect(started).toEqual(['busy', 'a']);
  });

  it('runs a key again that is queued while it runs, and never twice at once', async () => {
    const { reconciler, started, end } = start();
    reconciler.enqueue('a');
    reconciler.enqueue('a');
    reconciler.enqueue('a');
    expect(started).toEqual(['a']);
    await end('a');
    expect(started).toEqual(['a', 'a']);
    await end('a');
    expect(started).toEqual(['a', 'a']);
  });

  it('runs as many keys at once as it may', async () => {
    const { reconciler, started, end } = start(2);
    ['a', 'b', 'c'].forEach((key) => reconciler.enqueue(key));
    expect(started).toEqual(['a', 'b']);
    await end('b');
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('lets namespaces take turns, however many keys one of them has', async () => {
    const { reconciler, started, end } = start(1);
    ['a/1', 'a/2', 'a/3', 'a/4', 'b/1', 'c/1', 'b/2'].forEach((key) => reconciler.enqueue(key));
    for (let i = 0; i < 7; i += 1) {
      await end(started.at(-1) ?? '');
    }
    expect(started).toEqual(['a/1', 'a/2', 'b/1', 'c/1', 'a/3', 'b/2', 'a/4']);
    expect(reconciler.depth()).toBe(0);
  });

  it('repeats a failed run with growing pauses, and resets them after a good one', async () => {
    const { reconciler, started, failed, end, clock } = start();
    reconciler.enqueue('a');
    await end('a', new Error('no'));
    await clock.advance(249);
    expect(started).toHaveLength(1);
    await clock.advance(1);
    await end('a', new Error('no'));
    await clock.advance(499);
    expect(started).toHaveLength(2);
    await clock.advance(1);
    await end('a');
    expect([started.length, failed]).toEqual([3, ['a', 'a']]);
    reconciler.enqueue('a');
    await end('a', new Error('no'));
    await clock.advance(250);
    expect(started).toHaveLength(5);
  });

  it('runs a key again when its time has come, or earlier when it is queued', async () => {
    const { reconciler, started, end, clock } = start();
    reconciler.enqueue('a');
    await end('a', { requeueAfterMs: 1_000 });
    await clock.advance(999);
    expect(started).toHaveLength(1);
    reconciler.enqueue('a');
    await end('a');
    await clock.advance(10_000);
    expect(started).toHaveLength(2);
  });

  it('drains when nothing is queued or running', async () => {
    const { reconciler, end } = start(1);
    await reconciler.drain();
    let drained = false;
    reconciler.enqueue('a');
    reconciler.enqueue('b');
    void reconciler.drain().then(() => (drained = true));
    await end('a');
    expect(drained).toBe(false);
    await end('b');
    expect(drained).toBe(true);
  });

  it('waits for what runs when it is stopped, and starts nothing more', async () => {
    const { reconciler, started, end, stop, done } = start(1);
    let isDone = false;
    void done.then(() => (isDone = true));
    reconciler.enqueue('a');
    reconciler.enqueue('b');
    stop.abort();
    await Promise.resolve();
    expect(isDone).toBe(false);
    await end('a');
    await done;
    expect(started).toEqual(['a']);
  });
});
