import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import { objectWriterConformance } from '../../../ports/cluster/object-writer.conformance.ts';
import { createMemoryObjectWriter } from './object-writer.ts';

objectWriterConformance('memory', () => {
  const objects: KubeObject[] = [];
  const find = (name: string) => Promise.resolve(objects.find(({ metadata }) => metadata.name === name) ?? null);
  return Promise.resolve({ writer: createMemoryObjectWriter(objects), namespace: 'demo', find });
});
