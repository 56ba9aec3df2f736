import type { KubeObject } from '../../../server/domain/kube/kube-object.ts';
import type { Change } from '../api-server.ts';

/** Checks objects of releases: no release takes one from another, and kept objects are never deleted. */
export function watchObjects(note: (problem: string) => void): (change: Change) => void {
  return ({ path: { collection, namespace, name }, before, after }) => {
    const about = `${collection.split('/')[1]} ${namespace}/${name}`;
    if (before === null) return;
    if (after === null) {
      if (before.metadata.annotations?.['helm.sh/resource-policy'] === 'keep')
        note(`${about} is kept, and was deleted`);
      return;
    }
    const [was, is] = [ownerOf(before), ownerOf(after)];
    if (was !== '' && was !== is) note(`${about} was taken from ${was} by ${is}`);
  };
}

function ownerOf({ metadata: { annotations } }: KubeObject): string {
  return annotations?.['meta.helm.sh/release-name'] ?? '';
}
