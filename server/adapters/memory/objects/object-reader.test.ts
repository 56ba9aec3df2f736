import { objectReaderConformance } from '../../../ports/cluster/object-reader.conformance.ts';
import { createMemoryObjectReader } from './object-reader.ts';

objectReaderConformance('memory', (given) => {
  const objects = given.map((object) => ({ ...object, metadata: { ...object.metadata, namespace: 'demo' } }));
  return Promise.resolve({ reader: createMemoryObjectReader(objects), namespace: 'demo' });
});
