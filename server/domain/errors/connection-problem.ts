/** What a connection was given that decides how a refusal is read. */
export interface ConnectionMeans {
  readonly tls: boolean;
  /** Whether a client certificate was shown. */
  readonly certificate: boolean;
}

/** Codes of Node for a certificate that nobody known vouches for. */
const NOT_TRUSTED = new Set([
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
/** Codes for bytes that are no TLS. */
const NOT_TLS = new Set(['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_WRONG_VERSION_NUMBER']);
/** The other side ended the connection without a word. */
const HUNG_UP = new Set(['ECONNRESET', 'EPIPE']);
/** Alerts of TLS about the client's certificate, that it is missing or not to the server's liking. */
const ABOUT_CERTIFICATE =
  /_ALERT_(CERTIFICATE_REQUIRED|UNKNOWN_CA|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN))$/;
/** Before TLS 1.3 a missing certificate may show as this; so does any other disagreement. */
const DISAGREED = /_ALERT_HANDSHAKE_FAILURE$/;

/**
 * Why a service did not take a connection, as one sentence that says which option helps. `error` is what its client
 * raised, by whose causes the sentence is found; where none tells more, it is the message of the innermost. Never holds
 * a certificate or a key.
 */
export function connectionProblem(error: unknown, { tls, certificate }: ConnectionMeans): string {
  const root = rootOf(error);
  const { message } = root;
  const code = 'code' in root ? String(root.code) : '';
  if (NOT_TRUSTED.has(code)) return `its certificate is by an authority that is not trusted (caFile): ${message}`;
  if (NOT_TLS.has(code)) return 'it does not speak TLS there';
  if (ABOUT_CERTIFICATE.test(code)) {
    return certificate
      ? `it refuses the client certificate (certFile): ${code}`
      : 'it asks for a client certificate (certFile, keyFile)';
  }
  if (HUNG_UP.has(code)) return `${message}: it ended the connection${hint(tls, certificate)}`;
  if (DISAGREED.test(code)) return `the TLS handshake failed${hint(tls, certificate)}`;
  return message;
}

function hint(tls: boolean, certificate: boolean): string {
  if (!tls) return '; does it ask for TLS (tls)?';
  return certificate ? '' : '; does it ask for a client certificate (certFile, keyFile)?';
}

/** The innermost error: causes and, of several attempts, the last one. */
function rootOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const inner: unknown = error instanceof AggregateError ? error.errors.at(-1) : error.cause;
  return inner instanceof Error ? rootOf(inner) : error;
}
