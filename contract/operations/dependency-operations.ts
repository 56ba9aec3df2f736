import { Type } from 'typebox';
import { whatIsVisible } from '../schemas/access.ts';
import { DependencyGraph } from '../schemas/dependency.ts';
import { operation } from './parts/operation.ts';

/** The operations on dependencies between releases. */
export const dependencyOperations = {
  getDependencies: operation({
    method: 'GET',
    path: '/api/v1/dependency',
    tag: 'release',
    access: whatIsVisible,
    summary: 'Get the graph of dependencies between releases',
    query: {
      namespace: Type.Optional(
        Type.String({
          description: 'Only dependencies from or to releases of this namespace; absent or empty: all namespaces.',
        }),
      ),
    },
    responses: {
      200: {
        description: 'Releases that are dependents or providers, and the dependencies between them.',
        schema: DependencyGraph,
      },
    },
    errors: ['CLUSTER_UNREACHABLE', 'ENGINE_STOPPED'],
    errorPrefix: 'failed to get dependencies: ',
  }),
};
