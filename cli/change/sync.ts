import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import type { ParsedLine } from '../arguments/parsed-line.ts';
import { oneRelease } from '../arguments/targets.ts';
import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import type { JsonObject } from '../files/json-object.ts';
import { oneLine } from '../render/width.ts';
import { yamlOf } from '../render/yaml-text.ts';
import type { CommandRun } from '../session/command-run.ts';
import { createSession, type Session } from '../session/session.ts';
import { carryOut } from './carry-out.ts';
import { previewApply } from './preview-apply.ts';
import { movableRelease } from './release-request.ts';

/** Where the original put what it saved, below the folder where it was called. */
const SAVED = 'walm-sync';

/** Variables that say something about the server or the credential of this side, which must not reach the other one. */
const OF_THIS_SIDE = /^(WALMCTL_(CONTEXT|SERVER|NAMESPACE|TOKEN|TOKEN_FILE|CA_FILE)|WALMSERVER|WALM_HOST|ROOTCA)$/;

/** Copies a release, with its chart as it is kept here, to another server; or saves both. */
export const sync: CommandRun = async (session) => {
  const { line, output } = session;
  const named = oneRelease(line.words);
  const namespace = named.namespace ?? (await session.namespace());
  const { name } = named;
  const [context, server] = [line.text('to'), line.text('target-server')];
  if (context !== undefined && server !== undefined) throw new UsageError('name the other side once: --to CONTEXT');
  const walm = await session.walm();
  const path = { namespace, release: name };
  const release = parseExact((await walm.call('getRelease', { path })).text);
  const { bytes: archive } = await walm.call('getReleaseChart', { path });
  const { request, hidden } = movableRelease(release);
  if (hidden.length > 0) {
    output.warn([
      { code: 'SECRETS_STAY', message: `secret values do not go along: ${hidden.map(oneLine).join(', ')}` },
    ]);
  }
  if (context === undefined && server === undefined) {
    return save(session, line.text('save') ?? SAVED, { namespace, name, request, archive });
  }
  if (line.given('save')) throw new UsageError('--save keeps the release here: leave it out, or --to');
  const there = otherSide(session, { context, server });
  try {
    return await send(there, { namespace: line.text('to-namespace') ?? namespace, name, request, archive });
  } finally {
    there.close();
  }
};

interface Copy {
  readonly namespace: string;
  readonly name: string;
  readonly request: JsonObject;
  readonly archive: Uint8Array;
}

/** A session of the same line at another server, with the credential of that one only. */
function otherSide(session: Session, to: { context: string | undefined; server: string | undefined }): Session {
  const { line, io } = session;
  const replaced: Readonly<Record<string, string | undefined>> = {
    ...to,
    namespace: line.text('to-namespace'),
    'token-file': undefined,
    'ca-file': undefined,
  };
  const other: ParsedLine = {
    ...line,
    text: (flag) => (Object.hasOwn(replaced, flag) ? replaced[flag] : line.text(flag)),
    on: (flag) => flag !== 'insecure-skip-tls-verify' && line.on(flag),
  };
  const env = Object.fromEntries(Object.entries(io.env).filter(([variable]) => !OF_THIS_SIDE.test(variable)));
  return createSession(other, { ...io, env });
}

/** Installs the release at the other side, or brings the one that is there to the same. */
async function send(there: Session, { namespace, name, request, archive }: Copy): Promise<ExitCode> {
  const { line } = there;
  if (line.on('dry-run')) {
    await previewApply(there, { namespace, name, request, archive, chart: '' });
    return EXIT.done;
  }
  const { server } = await there.target();
  return carryOut(there, {
    operation: 'upgradeReleaseWithChart',
    call: {
      path: { namespace },
      query: {
        upsert: true,
        createNamespace: line.on('create-namespace') || undefined,
        allowMissing: line.on('allow-missing') || undefined,
        wait: line.on('wait') || undefined,
      },
      body: stringifyExact(request) ?? '{}',
      release: name,
      archive,
    },
    namespace,
    name,
    done: `copied to ${server.href.replace(/\/$/, '')}`,
    leavesRelease: true,
  });
}

/** Writes request and chart into a folder, as the original does. */
async function save(session: Session, folder: string, { namespace, name, request, archive }: Copy): Promise<ExitCode> {
  const own = join(folder, `${namespace}_${name}`);
  if (session.line.on('dry-run')) {
    session.output.say(`${own}/request.yaml and chart.tgz would be written`);
    return EXIT.done;
  }
  mkdirSync(own, { recursive: true });
  const text = await yamlOf(stringifyExact({ kind: 'Release', ...request }) ?? '{}');
  writeFileSync(join(own, 'request.yaml'), text, { mode: 0o600 });
  writeFileSync(join(own, 'chart.tgz'), archive);
  session.output.say(own);
  session.output.note(`install it: walmctl install -f ${own}/request.yaml --chart ${own}/chart.tgz`);
  return EXIT.done;
}
