import { Type } from 'typebox';

/** Response headers of an answer that is made from something with a digest. */
export const etagHeaders = {
  ETag: 'Changes when the answer does; `If-None-Match` with it is answered with 304.',
  'Cache-Control': 'Always `private, max-age=0`.',
};

/** Request headers of the same. */
export const ifNoneMatch = { 'If-None-Match': 'The ETag of an earlier answer.' };

/** The response if the client has the answer already. */
export const notModified = { description: 'It is what the ETag in `If-None-Match` says.', headers: etagHeaders };

/** Bytes of any kind. */
export const Bytes = Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' });
