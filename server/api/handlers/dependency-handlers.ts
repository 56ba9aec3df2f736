import type { DependencyGraph } from '../../../contract/schemas/dependency.ts';
import type { VisibleNamespaces } from '../../services/access/visible-namespaces.ts';
import type { WhenLong } from '../../services/jobs/long-answer.ts';
import type { HandlersOf } from './handler.ts';

/** The use cases of dependency operations. */
export interface DependencyServices {
  /** An empty namespace means all. */
  readonly getDependencies: (
    namespace: string,
    visible: VisibleNamespaces | null,
    whenLong: WhenLong,
  ) => Promise<DependencyGraph>;
}

/** The handlers of the operations on dependencies. */
export function createDependencyHandlers({ getDependencies }: DependencyServices): HandlersOf<'getDependencies'> {
  return {
    getDependencies: async ({ query, visible, whenLong }) => ({
      status: 200,
      body: await getDependencies(query.namespace ?? '', visible, whenLong),
    }),
  };
}
