import { containersOf, defaultContainer } from '../../domain/cluster/pod-containers.ts';
import { podNotFound } from '../../domain/errors/object-problems.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { LiveObjects } from '../../ports/cluster/live-objects.ts';
import type { ObjectReading } from '../../ports/cluster/object-reader.ts';
import type { LogQuery, PodLogs } from '../../ports/cluster/pod-logs.ts';
import type { Clock } from '../../ports/runtime/clock.ts';

export type ReadLogsDeps = {
  live: Pick<LiveObjects, 'get'>;
  logs: PodLogs;
  clock: Pick<Clock, 'after'>;
};

/** What is asked for; without a container, the pod's default one is meant. */
export type LogsWanted = Omit<LogQuery, 'container'> & { container?: string };

/** A log that has begun: `container` says whose it is. */
export type BegunLog = { container: string; bytes: AsyncIterable<Uint8Array> };

/**
 * Reads the log of a container in the name of the caller, as fast as it is taken.
 * Throws POD_NOT_FOUND, CONTAINER_NOT_FOUND, and as `PodLogs`.
 */
export interface ReadLogs {
  /** The whole of what is asked for, at most `MAX_WHOLE` bytes, as text. */
  readLog(pod: PodName, wanted: LogsWanted, reading: ObjectReading): Promise<{ container: string; text: string }>;
  /**
   * A stream of the log. A known caller's ends after 5 minutes: the token has to be sent again. The request to the cluster
   * ends with it, or as soon as the reader goes.
   */
  streamLog(
    pod: PodName,
    wanted: LogsWanted,
    reading: ObjectReading,
  ): Promise<{ container: string; stream: ReadableStream<Uint8Array> }>;
}

type PodName = { namespace: string; name: string };

/** Bytes of a log that is answered whole. */
const MAX_WHOLE = 10 * 1024 * 1024;
const KNOWN_MS = 5 * 60_000;

export function createReadLogs({ live, logs, clock }: ReadLogsDeps): ReadLogs {
  async function begin(pod: PodName, { container, ...wanted }: LogsWanted, reading: ObjectReading): Promise<BegunLog> {
    const found = live.get({ apiVersion: 'v1', kind: 'Pod', ...pod });
    if (found === undefined) {
      throw podNotFound(pod.namespace, pod.name);
    }
    const known = containersOf(found);
    const chosen = container ?? defaultContainer(found);
    if (!known.includes(chosen)) {
      const message = `pod ${pod.name} has no container ${JSON.stringify(chosen)}: it has ${known.join(', ')}`;
      throw problem('CONTAINER_NOT_FOUND', message, { containers: known }, { kind: 'Pod', ...pod });
    }
    return { container: chosen, bytes: await logs.open(pod, { ...wanted, container: chosen }, reading) };
  }

  return {
    async readLog(pod, wanted, reading) {
      const limitBytes = Math.min(wanted.limitBytes ?? MAX_WHOLE, MAX_WHOLE);
      const { container, bytes } = await begin(pod, { ...wanted, follow: false, limitBytes }, reading);
      const pieces: Uint8Array[] = [];
      let length = 0;
      for await (const piece of bytes) {
        pieces.push(piece);
        length += piece.length;
        // A cluster that sends more than it was asked for is not believed.
        if (length >= limitBytes) {
          break;
        }
      }
      return { container, text: Buffer.concat(pieces).subarray(0, limitBytes).toString('utf8') };
    },
    async streamLog(pod, wanted, { as, signal }) {
      const gone = new AbortController();
      const stop = () => gone.abort();
      const limitBytes = wanted.follow ? wanted.limitBytes : Math.min(wanted.limitBytes ?? MAX_WHOLE, MAX_WHOLE);
      const reading = { as, signal: AbortSignal.any([signal, gone.signal]) };
      const asked = { ...wanted, ...(limitBytes !== undefined && { limitBytes }) };
      const { container, bytes } = await begin(pod, asked, reading);
      const letGo = as === null ? () => undefined : clock.after(KNOWN_MS, stop);
      const pieces = bytes[Symbol.asyncIterator]();
      const stream = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            try {
              const piece = await pieces.next();
              if (piece.done !== true) {
                controller.enqueue(piece.value);
                return;
              }
            } catch {
              // The reader sees that the log ended, and asks again since the last line.
            }
            letGo();
            controller.close();
          },
          async cancel() {
            letGo();
            stop();
            // A piece that is on its way fails with the signal; otherwise the log is let go of here.
            await pieces.return?.().catch(() => undefined);
          },
        },
        { highWaterMark: 0 },
      );
      return { container, stream };
    },
  };
}
