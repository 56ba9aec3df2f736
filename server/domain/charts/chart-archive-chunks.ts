/** Maximum part of an archive in one Secret, in bytes: below Kubernetes' limit of 1 MiB including its envelope. */
const CHUNK_BYTES = 900 * 1024;

/** Splits an archive; an empty one is one empty chunk. */
export function splitArchive(bytes: Uint8Array, chunkBytes = CHUNK_BYTES): Uint8Array[] {
  const count = chunksOf(bytes.length, chunkBytes);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes));
}

/** How many chunks an archive of so many bytes is. */
export function chunksOf(bytes: number, chunkBytes = CHUNK_BYTES): number {
  return Math.max(1, Math.ceil(bytes / chunkBytes));
}
