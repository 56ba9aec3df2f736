import type { JsonObject } from '../../../contract/schemas/json.ts';
import type { Operations } from '../../../contract/operations/operations.ts';
import type { ServerStatus } from '../../../contract/schemas/server-status.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { HandlersOf } from './handler.ts';

/** A part of the server that must be ready before it serves; `waitsFor` is null once it is. */
export interface ReadinessPart {
  readonly name: string;
  readonly waitsFor: () => string | null;
}

/** The use cases of operations on the server itself. */
export interface SystemServices {
  readonly parts: readonly ReadinessPart[];
  readonly serverStatus: () => ServerStatus;
  readonly renderMetrics: () => Promise<string>;
  readonly document: JsonObject;
}

/** Session and access have handlers of their own. */
type SystemOperation = Exclude<
  { [Id in keyof Operations]: Operations[Id]['tag'] extends 'system' ? Id : never }[keyof Operations],
  'getAccess' | 'getSession'
>;

const ok = { status: 200, body: 'OK' } as const;

/** The handlers of the operations on the server itself. */
export function createSystemHandlers({
  parts,
  serverStatus,
  renderMetrics,
  document,
}: SystemServices): HandlersOf<SystemOperation> {
  return {
    readiness: async () => {
      const waiting = parts.flatMap(({ name, waitsFor }) => {
        const reason = waitsFor();
        return reason === null ? [] : [{ name, reason }];
      });
      if (waiting.length > 0) {
        const list = waiting.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
        throw problem('NOT_READY', `the server is not ready: ${list}`, { parts: waiting });
      }
      return ok;
    },
    liveness: async () => ok,
    livenessAlias: async () => ok,
    getServerStatus: async () => ({ status: 200, body: serverStatus() }),
    metrics: async () => ({ status: 200, body: await renderMetrics() }),
    openApi: async () => ({ status: 200, body: document }),
  };
}
