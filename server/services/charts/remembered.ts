import type { EngineCall } from '../../ports/helm/engine-call.ts';

/** Maximum charts for which an answer is remembered. */
const REMEMBERED = 64;

/**
 * Remembers answers about charts, by digest: an archive never changes. Only answers are remembered, never failures, and
 * callers do not share a question in flight, because its caller may cancel it.
 */
export function createRemembered<T>(ask: (digest: string, call: EngineCall) => Promise<T>) {
  const answers = new Map<string, T>();
  return async function remembered(digest: string, call: EngineCall = {}): Promise<T> {
    const known = answers.get(digest);
    if (known !== undefined) {
      return known;
    }
    const answer = await ask(digest, call);
    answers.set(digest, answer);
    const [oldest] = answers.keys();
    if (answers.size > REMEMBERED && oldest !== undefined) {
      answers.delete(oldest);
    }
    return answer;
  };
}
