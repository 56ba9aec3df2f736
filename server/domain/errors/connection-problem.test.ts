import { expect, it } from 'vitest';

import { connectionProblem } from './connection-problem.ts';

const failed = (code: string, message = 'message') => Object.assign(new Error(message), { code });
const plain = { tls: false, certificate: false };
const tls = { tls: true, certificate: false };
const mutual = { tls: true, certificate: true };

it.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', tls, 'its certificate is by an authority that is not trusted (caFile): message'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', tls, 'it does not speak TLS there'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', tls, 'it asks for a client certificate (certFile, keyFile)'],
  ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', tls, 'it asks for a client certificate (certFile, keyFile)'],
  [
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    mutual,
    'it refuses the client certificate (certFile): ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
  ],
  [
    'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
    tls,
    'the TLS handshake failed; does it ask for a client certificate (certFile, keyFile)?',
  ],
  ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', mutual, 'the TLS handshake failed'],
  ['ECONNRESET', plain, 'message: it ended the connection; does it ask for TLS (tls)?'],
  ['ECONNRESET', mutual, 'message: it ended the connection'],
  ['ECONNREFUSED', plain, 'message'],
])('%s is told in words', (code, means, told) => {
  expect(connectionProblem(failed(code), means)).toBe(told);
});

it('reports the innermost reason, and of several attempts the last one', () => {
  const attempts = [failed('ECONNREFUSED', 'first'), new Error('outer', { cause: failed('ECONNREFUSED', 'last') })];
  const error = new Error('it failed', { cause: new AggregateError(attempts, 'it failed twice') });
  expect(connectionProblem(error, plain)).toBe('last');
});

it('passes a non-error through unchanged', () => {
  expect(connectionProblem('gone', plain)).toBe('gone');
  expect(connectionProblem(new AggregateError([], 'no attempt'), plain)).toBe('no attempt');
});
