import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
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

/**
 * What adapters need for TLS, as PEM texts; null where the options ask for none. Throws, naming the option below
 * `section` and its file and nothing of what is in it, for a file that cannot be read or is not what it should be, and
 * for a certificate and a key that do not belong together.
 */
export function readTlsFiles({ tls, caFile, certFile, keyFile, verifySsl }: TlsOptions, section: string) {
  if ((certFile === '') !== (keyFile === '')) {
    throw new Error(`${section}: give certFile and keyFile, or neither`);
  }
  const read = <T>(option: string, file: string, what: string, parse: (text: string) => T) => {
    if (file === '') return undefined;
    const text = attempt(`${section}.${option}: ${file} cannot be read`, () => readFileSync(file, 'utf8'));
    return { text, parsed: attempt(`${section}.${option}: ${file} is no ${what} in PEM`, () => parse(text)) };
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
