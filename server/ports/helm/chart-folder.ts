/** A received archive that is not in the folder yet. The caller must call `keep` or `discard`; both are allowed. */
export interface IncomingArchive {
  readonly digest: string;
  /** Moves it into the folder. */
  keep(): Promise<void>;
  /** Removes it, unless it was kept. */
  discard(): Promise<void>;
}

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
  /** Streams an archive in, never whole in memory. Rejects with the error of `bytes`, and leaves nothing behind. */
  receive(bytes: AsyncIterable<Uint8Array>): Promise<IncomingArchive>;
  /** Removes an archive; does nothing if there is none. */
  remove(digest: string): Promise<void>;
}
