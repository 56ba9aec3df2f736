import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { EngineCall, EngineProgress } from '../../ports/helm/engine-call.ts';
import { objectRef, wireRef } from './document-answers.ts';
import { text } from './json-schemas.ts';

const notification = Compile(
  Type.Object({
    requestId: text,
    phase: Type.Enum(['fetch', 'crds', 'render', 'validate', 'hooks', 'apply', 'wait', 'record', 'delete']),
    message: text,
    object: Type.Optional(wireRef),
    done: Type.Optional(Type.Integer()),
    total: Type.Optional(Type.Integer()),
  }),
);

/** Routes progress notifications to the calls they belong to. */
export type ProgressListeners = {
  /** Registers a call with the engine; call `forget` when it has ended. */
  register(call: EngineCall | undefined): { requestId: string; forget(): void };
  receive(params: unknown): void;
};

export function createProgressListeners(): ProgressListeners {
  const listeners = new Map<string, (progress: EngineProgress) => void>();
  let count = 0;
  return {
    register(call) {
      const requestId = `${call?.requestId ?? 'walm'}#${++count}`;
      if (call?.onProgress !== undefined) listeners.set(requestId, call.onProgress);
      return { requestId, forget: () => listeners.delete(requestId) };
    },
    receive(params) {
      if (!notification.Check(params)) return;
      const { requestId, object, ...progress } = params;
      listeners.get(requestId)?.({ ...progress, ...(object && { object: objectRef(object) }) });
    },
  };
}
