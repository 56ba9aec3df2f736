import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { EXIT } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { at, listAt, numberAt, textAt } from '../render/read-value.ts';
import { formatScalar } from '../render/scalar.ts';
import { oneLine, severalLines } from '../render/width.ts';
import { yamlOf } from '../render/yaml-text.ts';
import type { CommandRun } from '../session/command-run.ts';
import { page } from '../session/pager.ts';
import type { Session } from '../session/session.ts';
import { dryRun, previewQuery, warningsOf } from './preview-apply.ts';
import { readContent, type ReleaseContent } from './release-content.ts';

/** Shows what would be applied as YAML documents; with --resources what it would request. */
export const template: CommandRun = async (session) => {
  const { line, output } = session;
  const content = await readContent(session);
  if (content.name === '') throw new UsageError('walmctl template needs the name of the release');
  if (line.on('resources')) {
    await showTotals(session, content);
    return EXIT.done;
  }
  const query = {
    ...previewQuery(session),
    hooks: line.on('hooks') || undefined,
    crds: line.on('crds') ? 'true' : undefined,
  };
  const text = await dryRun(session, content, query);
  if (await output.data(text)) return EXIT.done;
  const objects = parseExact(text);
  if (!Array.isArray(objects)) return EXIT.done;
  const documents = await Promise.all(objects.map((object) => yamlOf(stringifyExact(object) ?? 'null')));
  await page(session, severalLines(documents.map((document) => `---\n${document}`).join('')));
  return EXIT.done;
};

async function showTotals(session: Session, content: ReleaseContent): Promise<void> {
  const { output } = session;
  const walm = await session.walm();
  const path = { namespace: content.namespace };
  const { createNamespace, strict } = previewQuery(session);
  const query = { createNamespace, strict };
  const body = stringifyExact(content.request) ?? '{}';
  const { archive, name: release } = content;
  const answer =
    archive === undefined
      ? await walm.call('estimateResources', { path, query, body })
      : await walm.call('estimateResourcesWithChart', { path, query, body, release, archive });
  output.warn(warningsOf(answer.headers['walm-warnings']));
  if (await output.data(answer.text)) return;
  const totals = parseExact(answer.text);
  const total = at(totals, 'total');
  output.say(`pods      ${numberAt(total, 'pods')}`);
  output.say(
    `requests  cpu ${formatScalar(at(total, 'requests', 'cpu'))}, memory ${formatScalar(at(total, 'requests', 'memory'))} Mi`,
  );
  output.say(
    `limits    cpu ${formatScalar(at(total, 'limits', 'cpu'))}, memory ${formatScalar(at(total, 'limits', 'memory'))} Mi`,
  );
  for (const storage of listAt(total, 'storage')) {
    output.say(
      `storage   ${numberAt(storage, 'size')} Gi of ${textAt(storage, 'storageClass') || 'the default class'}`,
    );
  }
  const quotas = listAt(totals, 'quota', 'quotas');
  const rows = quotas.flatMap((quota) =>
    listAt(quota, 'limits').map((limit) => [
      textAt(quota, 'name'),
      textAt(limit, 'resource'),
      textAt(limit, 'needed'),
      textAt(limit, 'remaining'),
      textAt(limit, 'hard'),
      at(limit, 'fits') === true ? 'yes' : 'NO',
    ]),
  );
  if (rows.length > 0) output.table(['QUOTA', 'RESOURCE', 'NEEDED', 'LEFT', 'HARD', 'FITS'], rows);
  const fits = at(totals, 'quota', 'fits') === true;
  output.say(
    fits ? (quotas.length === 0 ? 'fits: the namespace has no quota' : 'fits the quota') : 'does not fit the quota',
  );
  for (const reason of listAt(totals, 'quota', 'reasons')) output.say(`  ${oneLine(formatScalar(reason))}`);
}
