import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runProgram } from './run-program.ts';

/** A certificate and its key: PEM texts, and the files that hold them. */
export interface Identity {
  cert: string;
  key: string;
  certFile: string;
  keyFile: string;
  /** Key and certificate in one file. */
  bothFile: string;
}

/** A certificate authority that no system trusts. Its certificates are for 127.0.0.1, for servers and clients. */
export interface Authority {
  ca: string;
  caFile: string;
  /** Issues a certificate whose subject is that common name. */
  issue(commonName: string): Promise<Identity>;
  /** Removes all files. */
  remove(): void;
}

const KEY = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
const EXTENSIONS = [
  'subjectAltName=IP:127.0.0.1,DNS:localhost',
  'basicConstraints=CA:FALSE',
  'extendedKeyUsage=serverAuth,clientAuth',
];

/** Creates an authority with the `openssl` command. */
export async function createAuthority(): Promise<Authority> {
  const folder = mkdtempSync(join(tmpdir(), 'walm-authority-'));
  const [caFile, caKeyFile] = [join(folder, 'ca.pem'), join(folder, 'ca-key.pem')];
  const order = async (subject: string, keyFile: string, certFile: string, ...more: string[]): Promise<void> => {
    await runProgram('openssl', [
      'req',
      '-x509',
      ...KEY,
      '-subj',
      subject,
      '-keyout',
      keyFile,
      '-out',
      certFile,
      ...more,
    ]);
  };
  await order('/CN=Authority of a test', caKeyFile, caFile);
  return {
    ca: readFileSync(caFile, 'utf8'),
    caFile,
    async issue(commonName) {
      const [certFile, keyFile, bothFile] = ['cert', 'key', 'both'].map((kind) =>
        join(folder, `${commonName}-${kind}.pem`),
      ) as [string, string, string];
      const extensions = EXTENSIONS.flatMap((extension) => ['-addext', extension]);
      await order(`/CN=${commonName}`, keyFile, certFile, '-CA', caFile, '-CAkey', caKeyFile, ...extensions);
      const [cert, key] = [readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8')];
      writeFileSync(bothFile, key + cert, { mode: 0o600 });
      return { cert, key, certFile, keyFile, bothFile };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
