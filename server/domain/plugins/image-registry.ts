import { Type } from 'typebox';
import { editDocuments } from './edit-documents.ts';
import { definePlugin } from './plugin.ts';
import { editContainers, editPodSpec } from './pod-templates.ts';

const DOCKER_HUB = 'docker.io';
/** Host with or without a port, and a path below it. */
const Place = Type.String({ pattern: '^[A-Za-z0-9][-A-Za-z0-9._]*(:\\d+)?(/[-A-Za-z0-9._]+)*$' });

/** Replaces the registries of images. */
export const imageRegistry = definePlugin({
  name: 'ImageRegistry',
  version: '1.0',
  description:
    'Takes the images of containers, init containers and ephemeral containers from another registry: in every workload, CronJob, Job and Pod, those of hooks included. Path, tag and digest stay. `mirrors` names sources one by one (the longest that fits wins, `docker.io/library` are the official images of Docker Hub); `registry` is for all others.',
  touchesHooks: true,
  args: Type.Object({
    registry: Type.Optional(Place),
    mirrors: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Place, {
        maxProperties: 100,
        description: 'Registry, with or without a path → where its images are.',
      }),
    ),
  }),
  example: { registry: 'registry.example.com:5000', mirrors: { 'quay.io': 'mirror.example.com/quay' } },
  apply: (documents, { registry, mirrors = {} }) => {
    const rewrite = createRewrite(registry, mirrors);
    return editDocuments(documents, ({ object }) =>
      editPodSpec(object, (spec) =>
        editContainers(spec, (container) => {
          const { image } = container;
          const moved = typeof image === 'string' && image !== '' ? rewrite(image) : image;
          return moved === undefined || moved === image ? container : { ...container, image: moved };
        }),
      ),
    );
  },
});

function createRewrite(registry: string | undefined, mirrors: Readonly<Record<string, string>>) {
  const sources = Object.entries(mirrors).toSorted(([a], [b]) => b.length - a.length);
  const targets = [...Object.values(mirrors), ...(registry === undefined ? [] : [registry])];
  return (image: string): string => {
    // An image from a target registry stays: applying the plugin twice is the same as once.
    if (targets.some((target) => image.startsWith(`${target}/`))) {
      return image;
    }
    const { host, path } = splitImage(image);
    const full = `${host}/${host === DOCKER_HUB && !path.includes('/') ? 'library/' : ''}${path}`;
    const source = sources.find(([from]) => full.startsWith(`${from}/`));
    if (source !== undefined) {
      const [from, to] = source;
      const kept = from === DOCKER_HUB ? path : full.slice(from.length + 1);
      return `${to}/${kept}`;
    }
    return registry === undefined ? image : `${registry}/${path}`;
  };
}

/** An image's first part is a registry if it could be a host, like in Docker references. */
function splitImage(image: string): { host: string; path: string } {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  const isHost = first.includes('.') || first.includes(':') || first === 'localhost';
  return isHost ? { host: first, path: image.slice(slash + 1) } : { host: DOCKER_HUB, path: image };
}
