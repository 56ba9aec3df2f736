import { parseExact } from '../../contract/exact-json.ts';
import { objectLines } from '../render/difference.ts';
import { listAt, numberAt, textAt } from '../render/read-value.ts';
import { oneLine } from '../render/width.ts';
import type { Call, OperationName } from '../http/request.ts';
import type { Session } from '../session/session.ts';

/** Asks the server what a change would do; nothing is written. */
export async function foretell(session: Session, operation: OperationName, call: Call): Promise<string> {
  const walm = await session.walm();
  return (await walm.call(operation, { ...call, query: { ...call.query, dryrun: true } })).text;
}

/** What a change would do, as lines: objects that go, change or stay, hooks, and dependents. Its warnings are given at once. */
export function fateLines(text: string, session: Session): string[] {
  const preview = parseExact(text);
  const { paint } = session.output;
  session.output.warn(listAt(preview, 'warnings'));
  const objects = listAt(preview, 'objects');
  const moved = objects.filter((object) => !['kept', 'gone'].includes(textAt(object, 'outcome')));
  const kept = objects.filter((object) => textAt(object, 'outcome') === 'kept');
  const hidden = numberAt(preview, 'hiddenDependents');
  const refused = textAt(preview, 'refused', 'message');
  return [
    ...(refused === '' ? [] : [`would be refused: ${oneLine(refused)} (${textAt(preview, 'refused', 'code')})`]),
    ...moved.flatMap((object) => objectLines(object, paint)),
    ...(kept.length === 0
      ? []
      : ['stays', ...kept.map((object) => `  ${oneLine(`${textAt(object, 'kind')} ${textAt(object, 'name')}`)}`)]),
    ...listAt(preview, 'hooks').map((hook) =>
      oneLine(`hook ${textAt(hook, 'kind')} ${textAt(hook, 'name')} would run`),
    ),
    ...listAt(preview, 'dependents').map((one) =>
      oneLine(`needed by ${textAt(one, 'namespace')}/${textAt(one, 'name')} (${textAt(one, 'key')})`),
    ),
    ...(hidden > 0 ? [`needed by ${hidden} releases that you may not list`] : []),
  ];
}

/** Prints what a change would do, in the format that -o asks for. */
export async function printFate(session: Session, operation: OperationName, call: Call): Promise<void> {
  const text = await foretell(session, operation, call);
  if (await session.output.data(text)) return;
  const lines = fateLines(text, session);
  for (const line of lines) session.output.say(line);
  session.output.note(lines.length === 0 ? 'nothing would change' : 'nothing was written');
}
