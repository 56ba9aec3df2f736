import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Options of a connection that may use TLS. */
export interface TlsOptions {
  readonly tls: boolean;
  /** Paths of PEM files; empty for none. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly verifySsl: boolean;
}

/**
 * The TLS parameters of an adapter, as PEM texts; null if the options request no TLS. Throws an error that names the
 * option below `section` and the file, but never its contents, for a file that cannot be read or is not valid, and for
 * a certificate and key that do not match.
 */
export function readTlsFiles({ tls, caFile, certFile, keyFile, verifySsl }: TlsOptions, section: string) {
  if ((certFile === '') !== (keyFile === '')) {
    throw new Error(`${section}: give certFile and keyFile, or neither`);
  }
  const read = <T>(option: string, file: string, what: string, parse: (text: string) => T) => {
    if (file === '') return undefined;
    const text = attempt(`${section}.${option}: ${file} cannot be read`, () => readFileSync(file, 'utf8'));
    return { text, parsed: attempt(`${section}.${option}: ${file} is not a ${what} in PEM`, () => parse(text)) };
  };
  const ca = read('caFile', caFile, 'certificate', parseCertificate);
  const cert = read('certFile', certFile, 'certificate', parseCertificate);
  const key = read('keyFile', keyFile, 'private key without a password', parseKey);
  if (cert !== undefined && key !== undefined && !cert.parsed.checkPrivateKey(key.parsed)) {
    throw new Error(`${section}: ${keyFile} is not the key of the certificate in ${certFile}`);
  }
  return !tls && ca === undefined && cert === undefined
    ? null
    : {
        verify: verifySsl,
        ...(ca !== undefined && { ca: ca.text }),
        ...(cert !== undefined && { cert: cert.text }),
        ...(key !== undefined && { key: key.text }),
      };
}

/** The first certificate of a file, which may hold several. */
function parseCertificate(text: string): X509Certificate {
  return new X509Certificate(text);
}

function parseKey(text: string): KeyObject {
  return createPrivateKey(text);
}

function attempt<T>(refusal: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new Error(`${refusal}${code}`, { cause: error });
  }
}
