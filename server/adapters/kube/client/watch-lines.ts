import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { KubeApiError } from './kube-api-error.ts';

/**
 * Reads the newline-separated JSON of a watch and calls `onLine` for each whole line, in order. Resolves when the
 * server ends the watch. Rejects with what `onLine` throws, with the signal's reason when aborted, or with a
 * `KubeApiError` of status 0 if the connection breaks. Always closes the connection.
 */
export async function readWatchLines(
  response: IncomingMessage,
  signal: AbortSignal | undefined,
  onActivity: (() => void) | undefined,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  const stop = () => response.destroy();
  signal?.addEventListener('abort', stop);
  let rest = '';
  try {
    for await (const chunk of response) {
      onActivity?.();
      const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
      rest = lines.pop() ?? '';
      lines.filter((line) => line !== '').forEach(onLine);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && 'code' in error) {
      throw new KubeApiError(0, 'Unreachable', `the watch was cut: ${error.message}`, [], error);
    }
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    response.destroy();
  }
  signal?.throwIfAborted();
}
