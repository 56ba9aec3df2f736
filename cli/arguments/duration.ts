const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of `90s`, `5m`, `1h30m` or a bare number of seconds; undefined if the text is not a duration. */
export function readDuration(text: string): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (!/^(\d{1,9}(\.\d{1,3})?(ms|[smhd]))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)) {
    seconds += Number(number) * (UNITS[unit] ?? 0);
  }
  return seconds;
}
