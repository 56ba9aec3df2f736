import { parseExact, stringifyExact } from '../../contract/exact-json.ts';
import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import type { JsonObject } from '../files/json-object.ts';
import { applyDifference, differenceCounts } from '../render/difference.ts';
import { listAt } from '../render/read-value.ts';
import { agrees } from '../session/question.ts';
import type { Session } from '../session/session.ts';
import { carryOut } from './carry-out.ts';
import { dryRun } from './preview-apply.ts';

/** A release as a file says it is to be. */
export interface WantedRelease {
  readonly kind: 'release';
  readonly namespace: string;
  readonly name: string;
  readonly request: JsonObject;
}

/** What applying it would change, as the API says it. */
async function preview(session: Session, wanted: WantedRelease) {
  const text = await dryRun(session, { ...wanted, archive: undefined, chart: '' }, { diff: true });
  const answer = parseExact(text);
  const objects = listAt(answer, 'objects');
  const lines = applyDifference(answer, session.output.paint);
  return {
    text,
    lines,
    summary: `release ${wanted.namespace}/${wanted.name}: ${differenceCounts(objects)}`,
    changes: lines.length > 0,
  };
}

/** Shows what would make a release what a file says; nothing is changed. */
export async function planRelease(session: Session, wanted: WantedRelease): Promise<ExitCode> {
  const { line, output } = session;
  if (line.given('out')) throw new UsageError('--out keeps the plan of a project: this is a release');
  const { text, lines, summary, changes } = await preview(session, wanted);
  if (!(await output.data(text))) {
    for (const shown of lines) output.say(shown);
    output.note(summary);
  }
  return line.on('exit-code') && changes ? EXIT.answer : EXIT.done;
}

/** Installs or upgrades a release as a file says: what would change first, with a question on a terminal. */
export async function applyRelease(session: Session, wanted: WantedRelease): Promise<ExitCode> {
  const { line, output } = session;
  if (line.on('dry-run')) return planRelease(session, wanted);
  const { lines, summary, changes } = await preview(session, wanted);
  if (!changes) {
    output.note(summary);
    return EXIT.done;
  }
  const { namespace, name } = wanted;
  const shown = [summary, ...lines];
  const isSilent = line.on('yes') || !(session.io.input.isTerminal && session.io.err.isTerminal);
  if (isSilent) for (const text of shown) output.note(text);
  if (!(await agrees(session, isSilent ? [] : shown, `apply this to release ${namespace}/${name}`, true))) {
    return EXIT.answer;
  }
  return carryOut(session, {
    operation: 'upgradeRelease',
    call: {
      path: { namespace },
      query: {
        upsert: true,
        allowMissing: line.on('allow-missing') || undefined,
        wait: line.on('wait') || undefined,
      },
      body: stringifyExact(wanted.request) ?? '{}',
    },
    namespace,
    name,
    done: 'applied',
    leavesRelease: true,
  });
}
