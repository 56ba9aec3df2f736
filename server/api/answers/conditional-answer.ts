/** Headers of an answer that is made from something with a digest: it may be kept, and is asked for again. */
export function taggedHeaders(etag: string): Record<string, string> {
  return { etag, 'cache-control': 'private, max-age=0' };
}

/** Whether the client has the answer with this tag already (RFC 9110, weak comparison). */
export function hasTag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

/** How much `Accept` wants a media type, from 0 to 1. */
function wish(accept: string, type: string): number {
  const [group = ''] = type.split('/');
  const ranges = accept.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { name, weight: weight === undefined ? 1 : Number(weight.slice(2)) || 0 };
  });
  const closest = [type, `${group}/*`, '*/*'].flatMap((name) => ranges.find((range) => range.name === name) ?? []);
  return closest[0]?.weight ?? 0;
}

/** Whether `Accept` prefers a media type to JSON; without a preference, JSON is sent. */
export function prefersToJson(accept: string, type: string): boolean {
  return wish(accept, type) > wish(accept, 'application/json');
}
