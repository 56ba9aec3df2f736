/** Maximum part of an archive in one Secret, in bytes: below Kubernetes' limit of 1 MiB including its envelope. */
const CHUNK_BYTES = 900 * 1024;

/** Splits an archive; an empty one is one empty chunk. */
export function splitArchive(bytes: Uint8Array, chunkBytes = CHUNK_BYTES): Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / chunkBytes));
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes));
}
