import type { EngineCall } from '../../ports/helm/engine-call.ts';

/** Maximum charts whose answers are kept. */
const MAX_ANSWERS = 64;

/**
 * Caches answers about charts by digest, because an archive never changes. Failures are not cached, and
 * callers do not share a question in flight, because its caller may cancel it.
 */
export function memoizeByDigest<T>(ask: (digest: string, call: EngineCall) => Promise<T>) {
  const answers = new Map<string, T>();
  return async function memoized(digest: string, call: EngineCall = {}): Promise<T> {
    const known = answers.get(digest);
    if (known !== undefined) {
      return known;
    }
    const answer = await ask(digest, call);
    answers.set(digest, answer);
    const [oldest] = answers.keys();
    if (answers.size > MAX_ANSWERS && oldest !== undefined) {
      answers.delete(oldest);
    }
    return answer;
  };
}
