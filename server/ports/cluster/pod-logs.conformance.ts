import { describe, expect, test } from 'vitest';
import { eventually } from '../../../test/harness/eventually.ts';
import type { PodLogs } from './pod-logs.ts';

/** Logs under test. */
export type PodLogsUnderTest = {
  logs: PodLogs;
  /** How many logs the cluster still hands out. */
  openReads(): number;
  close(): Promise<void>;
};

/** The log of container `app` of pod `demo/web`, piece by piece; it goes on without an end, or ends. */
export type GivenLog = { pieces: readonly string[]; goesOn: boolean };

const OFTEN = { everyMs: 5 };
const WEB = { namespace: 'demo', name: 'web' };
const query = { container: 'app', follow: true, previous: false, timestamps: false };

/** The contract of every adapter of the port. */
export function podLogsConformance(name: string, open: (given: GivenLog) => Promise<PodLogsUnderTest>): void {
  describe(`logs by ${name}`, () => {
    test('come whole and in order', async () => {
      const { logs, openReads, close } = await open({ pieces: ['one\n', 'two\n', 'three\n'], goesOn: false });
      let text = '';
      for await (const piece of await logs.open(WEB, query, { as: null, signal: new AbortController().signal })) {
        text += Buffer.from(piece).toString();
      }
      expect(text).toBe('one\ntwo\nthree\n');
      await eventually(() => expect(openReads()).toBe(0), OFTEN);
      await close();
    });

    test('of a pod that is not there are an error', async () => {
      const { logs, close } = await open({ pieces: [], goesOn: false });
      const reading = { as: null, signal: new AbortController().signal };
      await expect(logs.open({ namespace: 'demo', name: 'none' }, query, reading)).rejects.toMatchObject({
        code: 'POD_NOT_FOUND',
      });
      await close();
    });

    test('are not asked for any more when the reader has gone', async () => {
      const { logs, openReads, close } = await open({ pieces: ['one\n'], goesOn: true });
      const pieces = await logs.open(WEB, query, { as: null, signal: new AbortController().signal });
      for await (const piece of pieces) {
        expect(Buffer.from(piece).toString()).toBe('one\n');
        expect(openReads()).toBe(1);
        break;
      }
      await eventually(() => expect(openReads()).toBe(0), OFTEN);
      await close();
    });

    test('end with the reason of the signal, whether or not anything comes', async () => {
      const { logs, openReads, close } = await open({ pieces: ['one\n'], goesOn: true });
      const stop = new AbortController();
      const pieces = (await logs.open(WEB, query, { as: null, signal: stop.signal }))[Symbol.asyncIterator]();
      await pieces.next();
      const next = pieces.next();
      stop.abort(new Error('enough'));
      await expect(next).rejects.toThrow('enough');
      await eventually(() => expect(openReads()).toBe(0), OFTEN);
      await close();
    });
  });
}
