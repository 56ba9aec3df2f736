/**
 * The folder of chart archives that server and engine share. It is a cache: whatever is lost is fetched again, or
 * restored from the archives that the cluster keeps. A digest is the hexadecimal sha256 of an archive's bytes.
 */
export interface ChartFolder {
  has(digest: string): Promise<boolean>;
  /** The archive's bytes; null when it is not there. */
  read(digest: string): Promise<Uint8Array | null>;
  /** Puts an archive there whole or not at all. */
  write(digest: string, bytes: Uint8Array): Promise<void>;
}
