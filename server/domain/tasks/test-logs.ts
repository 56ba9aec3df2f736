/** Maximum bytes of all logs of one run: they are stored with its task, which is one Secret. */
const MAX_BYTES = 256 * 1024;

/** Replaces logs that a caller may not read; `missing` is the missing right, in the cluster's words. */
export function hideTestLogs<Test extends { log: string }>(tests: readonly Test[], missing: string): Test[] {
  return tests.map((test) => (test.log === '' ? test : { ...test, log: `(not shown: ${missing})\n` }));
}

/** Logs truncated to their ends, so that all of them together can be stored; short ones leave their share to others. */
export function keepTestLogs<Test extends { log: string }>(tests: readonly Test[]): Test[] {
  let bytesLeft = MAX_BYTES;
  let testsLeft = tests.length;
  const cut = new Map<Test, string>();
  for (const test of tests.toSorted((a, b) => Buffer.byteLength(a.log) - Buffer.byteLength(b.log))) {
    const log = endOf(test.log, Math.floor(bytesLeft / testsLeft));
    bytesLeft -= Buffer.byteLength(log);
    testsLeft -= 1;
    cut.set(test, log);
  }
  return tests.map((test) => ({ ...test, log: cut.get(test) ?? '' }));
}

/** The end of a text in at most `max` bytes of UTF-8, from the start of a line if possible. */
function endOf(text: string, max: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= max) {
    return text;
  }
  let start = bytes.length - max;
  // Not in the middle of a character.
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) {
    start += 1;
  }
  const end = bytes.subarray(start).toString();
  return end.slice(end.indexOf('\n') + 1);
}
