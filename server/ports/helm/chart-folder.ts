/**
 * The folder of chart archives that server and engine share. It is a cache: lost archives are fetched again, or
 * restored from the archives stored in the cluster. A digest is the hexadecimal sha256 of an archive's bytes.
 */
export interface ChartFolder {
  has(digest: string): Promise<boolean>;
  /** The archive's bytes; null if it is missing. */
  read(digest: string): Promise<Uint8Array | null>;
  /** Stores an archive completely or not at all. */
  write(digest: string, bytes: Uint8Array): Promise<void>;
}
