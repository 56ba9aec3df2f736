import type { objectOperations } from '../../../contract/operations/object-operations.ts';
import { problem } from '../../domain/errors/problem-error.ts';
import type { ReadReleaseEvents } from '../../services/cluster/read-release-events.ts';
import type { ReadReleaseObject } from '../../services/cluster/read-release-object.ts';
import type { CallContext, HandlersOf } from './handler.ts';

/** The use cases of the operations on what a release consists of in the cluster. */
export interface ReleaseObjectServices {
  readonly readReleaseEvents: ReadReleaseEvents;
  readonly readReleaseObject: ReadReleaseObject;
}

/** Their handlers. */
export function createReleaseObjectHandlers(
  services: ReleaseObjectServices,
): HandlersOf<keyof typeof objectOperations> {
  return {
    listReleaseEvents: async ({ path, query, ...call }) => ({
      status: 200,
      body: await services.readReleaseEvents(path.namespace, path.release, query.limit, readingOf(call)),
    }),
    getReleaseObject: async ({ path, query, ...call }) => {
      const { apiVersion, objectNamespace: namespace } = query;
      const wanted = { kind: required('kind', query.kind), name: required('name', query.name), apiVersion, namespace };
      return {
        status: 200,
        body: await services.readReleaseObject(path.namespace, path.release, wanted, readingOf(call)),
      };
    },
  };
}

function required(parameter: string, value: string | undefined): string {
  if (value === undefined || value === '') {
    throw problem('QUERY_INVALID', `query param ${parameter} is required`, { parameter });
  }
  return value;
}

function readingOf({ caller, signal }: Pick<CallContext, 'caller' | 'signal'>) {
  return { as: caller, signal };
}
