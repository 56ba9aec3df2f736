/** An archive that has come in whole and lies nowhere yet. Either `keep` or `discard` must be called, or both. */
export interface IncomingArchive {
  readonly digest: string;
  /** Puts it into the folder. */
  keep(): Promise<void>;
  /** Forgets it, unless it is kept. */
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
  /** Takes in an archive as it comes, never whole in memory. Rejects with what `bytes` fails with; nothing stays then. */
  receive(bytes: AsyncIterable<Uint8Array>): Promise<IncomingArchive>;
  /** Removes an archive; nothing where there is none. */
  remove(digest: string): Promise<void>;
}
