import { parseExact } from '../../contract/exact-json.ts';
import { EXIT, worst, type ExitCode } from '../errors/exit-code.ts';
import { UsageError } from '../errors/failures.ts';
import { listAt, textAt } from '../render/read-value.ts';
import { oneLine } from '../render/width.ts';
import { agrees } from '../session/question.ts';
import type { Session } from '../session/session.ts';
import { farewellOf, followTask, taskFailure } from '../waiting/follow-task.ts';
import { interruptible } from '../waiting/interruptible.ts';
import { createProgress } from '../waiting/progress.ts';
import { watchChanges } from '../waiting/watch-changes.ts';
import { waitForRelease } from '../waiting/wait-release.ts';
import { changeQuery } from './carry-out.ts';

/** What is done to all releases of a label selector. */
export interface ChangeOfSeveral {
  readonly action: 'pause' | 'recover' | 'restart' | 'delete' | 'adopt';
  readonly done: string;
  readonly query: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Whether it is asked for even where the releases are shown. */
  readonly asks: boolean;
  /** What the question says beside the names, such as what happens to claims. */
  readonly notes: readonly string[];
}

/**
 * Changes all releases that match --selector: the list first, a question where it has to be asked, then a task for each.
 * @throws UsageError, Refusal
 */
export async function changeSeveral(session: Session, change: ChangeOfSeveral): Promise<ExitCode> {
  const { io, line, output } = session;
  const selector = line.text('selector');
  if (selector === undefined || selector === '')
    throw new UsageError(`walmctl ${line.command.name} needs a NAME, or -l SELECTOR`);
  if (line.words.length > 0) throw new UsageError('name releases or use -l SELECTOR, not both');
  const namespace = await session.namespace();
  const { walm } = await session.connect();
  const query = {
    ...changeQuery(session, 'changeReleases'),
    ...change.query,
    namespace,
    labelselector: selector,
    limit: line.number('limit'),
  };
  const call = { path: { action: change.action }, query };
  const planned = await walm.call('changeReleases', { ...call, query: { ...query, dryrun: true } });
  const names = listAt(parseExact(planned.text), 'items').map(
    (item) => `${textAt(item, 'namespace')}/${textAt(item, 'name')}`,
  );
  if (line.given('dry-run') && line.on('dry-run')) {
    if (!(await output.data(planned.text)))
      for (const name of names) output.say(`release ${name} would be ${change.done}`);
    return EXIT.done;
  }
  if (names.length === 0) {
    output.note(`no releases match ${selector} in namespace ${namespace}`);
    return EXIT.done;
  }
  const shown = names.map((name) => `  ${name}`);
  if (
    change.asks &&
    !(await agrees(session, [...shown, ...change.notes], `${change.action} these ${names.length} releases`, false))
  ) {
    return EXIT.answer;
  }
  const since = io.clock();
  const timeoutSec = line.seconds('timeout') ?? 300;
  const key = line.text('idempotency-key') ?? io.uniqueId();
  const accepted = await walm.change('changeReleases', { ...call, query: { ...query, async: true } }, key);
  if (line.on('async')) {
    if (!(await output.data(accepted.text)))
      for (const item of items(accepted.text))
        output.say(`task/${textAt(item, 'task', 'id')} accepted: ${itemName(item)}`);
    return EXIT.done;
  }
  const texts: string[] = [];
  const codes: ExitCode[] = [];
  await interruptible(
    session,
    items(accepted.text).flatMap((item) => farewellOf(textAt(item, 'task', 'id'))),
    async (signal) => {
      const changes = await watchChanges(session, { namespace }, signal);
      const progress = createProgress(session);
      try {
        for (const item of items(accepted.text)) {
          const id = textAt(item, 'task', 'id');
          if (id === '') {
            codes.push(report(session, item, change));
            continue;
          }
          const release = { namespace: textAt(item, 'namespace'), name: textAt(item, 'name') };
          const title = `${change.action} ${itemName(item)}`;
          const text = await followTask(session, { id, title, release, since, timeoutSec }, changes, progress, signal);
          if (signal.aborted) return;
          texts.push(text);
          const task = parseExact(text);
          progress.end();
          output.warn(listAt(task, 'warnings'));
          if (textAt(task, 'state') !== 'succeeded') {
            const failure = taskFailure(task, line.command.name);
            io.err.write(`error: ${failure.message}\n`);
            codes.push(EXIT.failed);
            continue;
          }
          if (line.on('wait') && change.action !== 'delete' && change.action !== 'pause') {
            const awaited = {
              ...release,
              goal: { kind: 'ready' } as const,
              since,
              timeoutSec,
              failFast: true,
              isNew: false,
            };
            await waitForRelease(session, awaited, changes, progress, signal);
          }
          if (isForPeople(session)) output.say(`release ${itemName(item)} ${change.done}`);
        }
      } finally {
        progress.end();
        changes.close();
      }
    },
  );
  if (!isForPeople(session)) await output.data(`{"num":${texts.length},"items":[${texts.join(',')}]}`);
  return worst(codes);
}

function items(text: string): readonly unknown[] {
  return listAt(parseExact(text), 'items');
}

function itemName(item: unknown): string {
  return oneLine(`${textAt(item, 'namespace')}/${textAt(item, 'name')}`);
}

function isForPeople({ output }: Session): boolean {
  return !['json', 'yaml', 'jsonpath'].includes(output.format().kind);
}

/** A release without a task: nothing was to be done, or it was refused. */
function report(session: Session, item: unknown, change: ChangeOfSeveral): ExitCode {
  const code = textAt(item, 'error', 'code');
  if (code !== '') {
    session.io.err.write(`error: ${itemName(item)}: ${oneLine(textAt(item, 'error', 'message'))} (${code})\n`);
    return EXIT.refused;
  }
  if (isForPeople(session)) session.output.say(`release ${itemName(item)} was ${change.done} already`);
  return EXIT.done;
}
