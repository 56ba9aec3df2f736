/**
 * What a run of walmctl ended with. `answer` is a negative result, not an error: diff found differences, a release is not
 * ready, a prompt was declined.
 */
export const EXIT = {
  done: 0,
  answer: 1,
  usage: 2,
  refused: 3,
  notFound: 4,
  denied: 5,
  unreachable: 6,
  waitedEnough: 7,
  failed: 8,
  defect: 9,
  interrupted: 130,
  closedPipe: 141,
  terminated: 143,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code of an error response with this HTTP status. */
export function exitCodeOf(status: number): ExitCode {
  if (status === 404) return EXIT.notFound;
  if (status === 401 || status === 403) return EXIT.denied;
  if (status === 504) return EXIT.waitedEnough;
  if (status >= 500 || status === 429) return EXIT.unreachable;
  return EXIT.refused;
}

/** For several objects the highest code counts. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce<ExitCode>((highest, code) => (code > highest ? code : highest), EXIT.done);
}
