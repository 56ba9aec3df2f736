import { EXIT, exitCodeOf, type ExitCode } from '../errors/exit-code.ts';
import { ClosedPipe, CommandFailure, NotReached, Refusal, UsageError } from '../errors/failures.ts';
import { remedyLines } from '../errors/remedies.ts';
import { listAt, textAt } from '../render/read-value.ts';
import { oneLine, severalLines } from '../render/width.ts';
import type { Session } from './session.ts';

/** An error as it is printed, and the exit code that it has. */
export interface ErrorReport {
  readonly lines: readonly string[];
  readonly exitCode: ExitCode;
}

/** Says what happened and what can be done. `session` is undefined if the command line was not understood. */
export function reportError(error: unknown, session: Session | undefined): ErrorReport {
  if (error instanceof ClosedPipe) return { lines: [], exitCode: EXIT.closedPipe };
  if (error instanceof UsageError) return { lines: withHints(error.message, error.hints), exitCode: EXIT.usage };
  if (error instanceof CommandFailure)
    return { lines: withHints(error.message, error.hints), exitCode: error.exitCode };
  if (error instanceof NotReached) return { lines: notReachedLines(error, session), exitCode: EXIT.unreachable };
  if (error instanceof Refusal) return refusalReport(error, session);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    lines: [
      `error: walmctl failed unexpectedly; please report this text`,
      ...severalLines(text)
        .split('\n')
        .map((line) => `  ${line}`),
    ],
    exitCode: EXIT.defect,
  };
}

function withHints(message: string, hints: readonly string[]): string[] {
  return message === '' ? [] : [`error: ${severalLines(message)}`, ...hints.map((hint) => `  ${severalLines(hint)}`)];
}

function notReachedLines({ address, message, proxy }: NotReached, session: Session | undefined): string[] {
  const target = session?.connected()?.target;
  return [
    `error: the server ${address} cannot be reached: ${oneLine(message)}`,
    ...(proxy === undefined ? [] : [`  through the proxy ${proxy}`]),
    ...(target === undefined ? [] : [`  the address comes from: ${target.serverFrom}`]),
    '  diagnose:         walmctl doctor',
    '  another server:   walmctl -s URL …, or walmctl config set-context NAME -s URL',
  ];
}

function refusalReport(refusal: Refusal, session: Session | undefined): ErrorReport {
  const { status, problem, text } = refusal;
  const exitCode = exitCodeOf(status);
  if (problem === undefined) {
    const start = oneLine(text.slice(0, 200));
    const where = session?.connected()?.target.server.href ?? '';
    return {
      lines: [
        `error: ${where} returned HTTP ${status}${start === '' ? '' : `: ${start}`}`,
        ...signInLines(status, session),
      ],
      exitCode,
    };
  }
  if (isJson(session)) return { lines: [oneLineJson(text)], exitCode };
  const command = session?.line.command.name ?? '';
  const name = nameOf(problem.details, session);
  return {
    lines: [
      `error: ${severalLines(withoutPrefix(problem.errMessage))} (${problem.code})`,
      ...detailLines(problem.details),
      ...remedyLines(problem.code, { command, name }).map((line) => `  ${line}`),
      ...signInLines(status, session),
      originLine(problem.requestId, session),
    ].filter((line) => line !== ''),
    exitCode,
  };
}

/** Messages begin with what was asked for, as the original's do; here the line itself says so. */
export function withoutPrefix(message: string): string {
  return message.replace(/^failed to [a-z][^:]{0,160}?\s?: /, '');
}

/** The facts of an error that its message may not have: errors of fields, what is awaited, who depends on it. */
export function detailLines(details: unknown): string[] {
  const lines: string[] = [];
  for (const error of listAt(details, 'errors').slice(0, 20)) {
    const where = textAt(error, 'pointer') || textAt(error, 'path');
    lines.push(`  ${where === '' ? '' : `${oneLine(where)}: `}${oneLine(textAt(error, 'message'))}`);
  }
  for (const awaited of listAt(details, 'waitingFor').slice(0, 20)) lines.push(`  waits for ${awaitedLine(awaited)}`);
  for (const dependent of listAt(details, 'dependents').slice(0, 20)) {
    const text =
      typeof dependent === 'string' ? dependent : `${textAt(dependent, 'namespace')}/${textAt(dependent, 'name')}`;
    lines.push(`  needed by ${oneLine(text)}`);
  }
  return lines;
}

/** One awaited thing: `StatefulSet demo/kafka (ImagePullBackOff): …`. */
export function awaitedLine(awaited: unknown): string {
  const container = textAt(awaited, 'container');
  const reason = textAt(awaited, 'reason');
  const message = textAt(awaited, 'message');
  return oneLine(
    `${textAt(awaited, 'kind')} ${textAt(awaited, 'name')}${container === '' ? '' : `, container ${container}`}` +
      `${reason === '' ? '' : ` (${reason})`}${message === '' ? '' : `: ${message}`}`,
  );
}

function nameOf(details: unknown, session: Session | undefined): string {
  const words = session?.line.words ?? [];
  const first = words.find((word) => !['release', 'project', 'task'].includes(word));
  return textAt(details, 'object', 'name') || first || 'NAME';
}

function isJson(session: Session | undefined): boolean {
  return session?.line.text('output') === 'json';
}

function oneLineJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return oneLine(text);
  }
}

function signInLines(status: number, session: Session | undefined): string[] {
  const connection = session?.connected();
  if (status !== 401 || connection === undefined) return [];
  const { from } = connection.credential;
  if (from === 'none') {
    return [
      '  no credential was sent; give one:',
      '    walmctl --token-file FILE …, WALMCTL_TOKEN, or',
      '    walmctl config set-context NAME -s URL --kubeconfig-context CONTEXT',
    ];
  }
  return [
    `  the credential came from: ${from}`,
    '  it may have expired: renew it there (kubectl create token NAME creates one)',
  ];
}

function originLine(requestId: string | undefined, session: Session | undefined): string {
  const target = session?.connected()?.target;
  const parts = [
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
    ...(target === undefined ? [] : [`server ${target.server.href.replace(/\/$/, '')}`]),
    ...(target?.context === undefined ? [] : [`context ${target.context}`]),
  ];
  return parts.length === 0 ? '' : `  ${parts.join(', ')}`;
}
