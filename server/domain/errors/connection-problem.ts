/** Properties of a connection that decide how a refusal is interpreted. */
export interface ConnectionMeans {
  readonly tls: boolean;
  /** Whether a client certificate was sent. */
  readonly certificate: boolean;
}

/** Node's codes for a certificate that no trusted CA signed. */
const NOT_TRUSTED = new Set([
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
/** Node's codes for bytes that are not TLS. */
const NOT_TLS = new Set(['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_WRONG_VERSION_NUMBER']);
/** The other side closed the connection without a message. */
const HUNG_UP = new Set(['ECONNRESET', 'EPIPE']);
/** TLS alerts about the client's certificate: missing or not accepted. */
const ABOUT_CERTIFICATE =
  /_ALERT_(CERTIFICATE_REQUIRED|UNKNOWN_CA|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN))$/;
/** Before TLS 1.3 a missing certificate may show as this; so does any other disagreement. */
const DISAGREED = /_ALERT_HANDSHAKE_FAILURE$/;

/**
 * Why a service refused a connection, as one sentence that names the option that helps. `error` comes from the client
 * library; its causes decide the sentence, or else the message of the innermost one is used. Never contains a
 * certificate or a key.
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

/** The innermost error: follows causes and, of several attempts, the last one. */
function rootOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const inner: unknown = error instanceof AggregateError ? error.errors.at(-1) : error.cause;
  return inner instanceof Error ? rootOf(inner) : error;
}
