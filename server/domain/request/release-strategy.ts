import type { ReleaseStrategy } from '../../../contract/schemas/release-strategy.ts';
import type { JsonObject } from '../json/json.ts';
import { problem } from '../errors/problem-error.ts';

/**
 * The rollout strategy of a release: that of the request, else the recorded one; null, also for an empty one, leaves
 * Deployments as in the chart (decision 35: strategy).
 * @throws ProblemError REQUEST_INVALID for one that Kubernetes would refuse
 */
export function mergeStrategy(recorded: JsonObject | null, request: ReleaseStrategy | undefined): JsonObject | null {
  if (request === undefined) {
    return recorded;
  }
  const { type, maxSurge, maxUnavailable } = request;
  if (type === 'Recreate' && (maxSurge !== undefined || maxUnavailable !== undefined)) {
    throw refused('Recreate has neither maxSurge nor maxUnavailable');
  }
  if (isNone(maxSurge) && isNone(maxUnavailable)) {
    throw refused('maxSurge and maxUnavailable cannot both be 0: no pod could ever be replaced');
  }
  return Object.keys(request).length === 0 ? null : { ...request };
}

function isNone(amount: number | string | undefined): boolean {
  return amount !== undefined && Number.parseInt(String(amount), 10) === 0;
}

function refused(message: string) {
  return problem('REQUEST_INVALID', `/strategy ${message}`, { errors: [{ pointer: '/strategy', message }] });
}
