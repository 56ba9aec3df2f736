import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { applyDifference, differenceCounts } from '../render/difference.ts';
import { listAt, numberAt } from '../render/read-value.ts';
import type { Session } from '../session/session.ts';
import type { ReleaseContent } from './release-content.ts';

/** The answer of a dry run of this content. */
export async function dryRun(
  session: Session,
  content: ReleaseContent,
  query: Readonly<Record<string, string | boolean | undefined>>,
): Promise<string> {
  const walm = await session.walm();
  const path = { namespace: content.namespace };
  const body = stringifyExact(content.request) ?? '{}';
  const { archive, name: release } = content;
  const answer =
    archive === undefined
      ? await walm.call('dryRunRelease', { path, query, body })
      : await walm.call('dryRunReleaseWithChart', { path, query, body, release, archive });
  session.output.warn(warningsOf(answer.headers['walm-warnings']));
  return answer.text;
}

/** The warnings in a header of an answer. */
export function warningsOf(header: string | string[] | undefined): readonly unknown[] {
  if (typeof header !== 'string') return [];
  try {
    const warnings: unknown = JSON.parse(header);
    return Array.isArray(warnings) ? warnings : [];
  } catch {
    return [];
  }
}

/** Query parameters of a dry run that the flags of changes have, too. */
export function previewQuery({ line }: Session) {
  return {
    createNamespace: line.on('create-namespace') || undefined,
    forceConflicts: line.on('force-conflicts') || undefined,
    resetValues: line.on('reset-values') || undefined,
    recreate: line.text('recreate'),
    strict: line.on('strict') || undefined,
    ...(line.given('crds') && { crds: line.text('crds') }),
  };
}

/** Says what an install or upgrade would change. */
export async function previewApply(session: Session, content: ReleaseContent): Promise<void> {
  const { output } = session;
  const text = await dryRun(session, content, { ...previewQuery(session), diff: true });
  if (await output.data(text)) return;
  const answer = parseExact(text);
  for (const line of applyDifference(answer, output.paint)) output.say(line);
  const from = numberAt(answer, 'revision');
  const counts = differenceCounts(listAt(answer, 'objects'));
  output.note(
    `${content.namespace}/${content.name} ${from === 0 ? 'would be installed' : `would follow revision ${from}`}: ${counts}; nothing was written`,
  );
}
