import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { oneRelease } from '../arguments/targets.ts';
import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { readObject } from '../files/read-yaml.ts';
import { numberAt } from '../render/read-value.ts';
import { yamlOf } from '../render/yaml-text.ts';
import type { CommandRun } from '../session/command-run.ts';
import { agrees } from '../session/question.ts';
import type { Session } from '../session/session.ts';
import { nodeChildProcess } from '../system/node-modules.ts';
import { carryOut } from './carry-out.ts';
import { editableRelease, requestOfEdit } from './edited-release.ts';
import { previewApply } from './preview-apply.ts';

/**
 * Opens values, labels, dependencies and plugins of a release in an editor, and upgrades it with what was changed. What the
 * editor left is kept in its file, and named, if it cannot be used or is refused.
 */
export const edit: CommandRun = async (session) => {
  const { name, namespace: named } = oneRelease(session.line.words);
  const namespace = named ?? (await session.namespace());
  const walm = await session.walm();
  const release = parseExact((await walm.call('getRelease', { path: { namespace, release: name } })).text);
  const revision = numberAt(release, 'version');
  const before = editableRelease(release);
  const text = `${head(namespace, name, revision)}${await yamlOf(stringifyExact(before) ?? '{}')}`;
  const folder = mkdtempSync(join(tmpdir(), 'walmctl-edit-'));
  const file = join(folder, `${name}.yaml`);
  let isDone = false;
  try {
    writeFileSync(file, text, { mode: 0o600 });
    await openEditor(session, file);
    const request = requestOfEdit(before, await readObject(readFileSync(file, 'utf8'), file));
    if (request === undefined) {
      isDone = true;
      session.output.note('edit cancelled, no changes made');
      return EXIT.done;
    }
    const content = { namespace, name, request: { name, ...request }, archive: undefined, chart: '' };
    if (session.line.on('diff')) await previewApply(session, content);
    if (session.line.on('dry-run')) {
      isDone = true;
      return EXIT.done;
    }
    if (!(await agrees(session, [], `Upgrade ${namespace}/${name}`, true))) return EXIT.answer;
    const query = { expectedRevision: session.line.number('expected-revision') ?? revision };
    const code = await carryOut(session, {
      operation: 'upgradeRelease',
      call: { path: { namespace }, query, body: stringifyExact(content.request) ?? '{}' },
      namespace,
      name,
      done: 'upgraded',
      leavesRelease: true,
    });
    isDone = true;
    return code;
  } finally {
    if (isDone) rmSync(folder, { recursive: true, force: true });
    else session.output.note(`what was edited is kept in ${file}`);
  }
};

function head(namespace: string, name: string, revision: number): string {
  return [
    `# Release ${namespace}/${name}, revision ${revision}. What is deleted here is deleted; chart and version stay as they are.`,
    '# *** is a secret, and stays as it is where *** stays. Saved without a change nothing is done.',
    '',
  ].join('\n');
}

/** KUBE_EDITOR, VISUAL, EDITOR or vi, as kubectl has it; it may be a command with arguments. */
async function openEditor({ io }: Session, file: string): Promise<void> {
  const editor = io.env['KUBE_EDITOR'] || io.env['VISUAL'] || io.env['EDITOR'] || 'vi';
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = nodeChildProcess().spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], {
      stdio: ['inherit', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new UsageError(`the editor ${editor} ended with ${code ?? 'a signal'}`);
}
