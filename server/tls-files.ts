import { readFileSync } from 'node:fs';

/** Options of a connection to a service that may speak TLS. */
export interface TlsOptions {
  readonly tls: boolean;
  /** Names of PEM files; empty is none. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly verifySsl: boolean;
}

/** What adapters need for TLS, as PEM texts; null where the options ask for none. Throws for a file that is not there. */
export function readTlsFiles({ tls, caFile, certFile, keyFile, verifySsl }: TlsOptions) {
  const read = (file: string) => (file === '' ? undefined : readFileSync(file, 'utf8'));
  const [ca, cert, key] = [read(caFile), read(certFile), read(keyFile)];
  return !tls && ca === undefined && cert === undefined
    ? null
    : {
        verify: verifySsl,
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
      };
}
