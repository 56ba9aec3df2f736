import type { DependencyGraph } from '../../../contract/schemas/dependency.ts';
import type { Sight } from '../../services/access/sight.ts';
import type { HandlersOf } from './handler.ts';

/** What the operations on dependencies ask for. */
export interface DependencyServices {
  /** An empty namespace is all. */
  readonly getDependencies: (namespace: string, sight: Sight | null) => Promise<DependencyGraph>;
}

/** The handlers of the operations on dependencies. */
export function createDependencyHandlers({ getDependencies }: DependencyServices): HandlersOf<'getDependencies'> {
  return {
    getDependencies: async ({ query, sight }) => ({
      status: 200,
      body: await getDependencies(query.namespace ?? '', sight),
    }),
  };
}
