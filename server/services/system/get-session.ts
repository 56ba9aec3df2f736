import { DEFAULT_WAIT_SEC, MAX_WAIT_SEC } from '../../../contract/schemas/default-waits.ts';
import type { Session } from '../../../contract/schemas/session.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { HelmControl } from '../../ports/helm/helm-control.ts';

export type GetSessionDeps = {
  mode: Session['auth']['mode'];
  compatibility: Session['compatibility'];
  version: string;
  engine: Pick<HelmControl, 'info'>;
  limits: Pick<Session['limits'], 'archiveBytes' | 'bodyBytes' | 'operationTimeoutSec'>;
  maxHistory: number;
  retentionSec: number;
};

/** Tells a client where it is and, with a token that the cluster accepts, who it is. Contains no secret. */
export type GetSession = (caller: Caller | null) => Session;

export function createGetSession(deps: GetSessionDeps): GetSession {
  return function getSession(caller) {
    return {
      auth: { mode: deps.mode },
      caller: caller && { user: caller.user, groups: [...caller.groups] },
      versions: { walm: deps.version, api: 'v1', kubernetes: deps.engine.info()?.kubernetesVersion ?? null },
      compatibility: deps.compatibility,
      limits: { ...deps.limits, waitSec: MAX_WAIT_SEC, defaultWaitSec: DEFAULT_WAIT_SEC.release },
      history: { max: deps.maxHistory },
      tasks: { retentionSec: deps.retentionSec },
    };
  };
}
