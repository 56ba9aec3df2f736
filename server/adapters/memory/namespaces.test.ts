import { namespacesConformance } from '../../ports/cluster/namespaces.conformance.ts';
import { createMemoryNamespaces } from './namespaces.ts';

namespacesConformance('memory', () => {
  const namespaces = createMemoryNamespaces(['default']);
  return {
    namespaces,
    fresh: () => 'fresh',
    fill: async (name) => namespaces.fill(name),
    terminate: async (name) => namespaces.terminate(name),
  };
});
