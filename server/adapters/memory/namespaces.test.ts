import { namespacesConformance } from '../../ports/cluster/namespaces.conformance.ts';
import { createMemoryNamespaces } from './namespaces.ts';

namespacesConformance('memory', () => {
  const namespaces = createMemoryNamespaces(['default']);
  let made = 0;
  return {
    namespaces,
    fresh: () => `fresh-${(made += 1)}`,
    fill: async (name) => namespaces.fill(name),
    terminate: async (name) => namespaces.terminate(name),
  };
});
