import { secretChangesConformance } from '../../ports/cluster/secret-changes.conformance.ts';
import { createMemorySecretChanges } from './secret-changes.ts';

secretChangesConformance('memory', () => {
  const changes = createMemorySecretChanges();
  const change = (name: string) => Promise.resolve(changes.change(`shop/${name}`));
  return Promise.resolve({ changes, namespace: 'shop', write: change, remove: change });
});
