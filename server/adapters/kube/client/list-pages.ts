import type { KubeObject } from '../../../domain/kube/kube-object.ts';
import type { KubeReader, KubeCall, ListQuery } from './kube-api.ts';

/**
 * The objects of a list, page by page: an editor of a namespace decides how many there are and how large, so only one
 * page is held at a time. A page is read when the caller asks for it. Throws `KubeApiError`, or the signal's reason.
 */
export async function* listPages(
  kube: Pick<KubeReader, 'list'>,
  path: string,
  query: ListQuery & { limit: number },
  call: KubeCall = {},
): AsyncGenerator<KubeObject[], void, undefined> {
  let from = '';
  do {
    const page = await kube.list(path, { ...query, ...(from !== '' && { continue: from }) }, call);
    yield page.items;
    from = page.continue;
  } while (from !== '');
}
