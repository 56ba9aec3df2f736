const STEPS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

/** A span of seconds as kubectl writes ages: 59s, 12m, 22h, 26d. */
export function shortSpan(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [unit, size] = STEPS.find(([, step]) => whole >= 2 * step) ?? ['s', 1];
  return `${Math.floor(whole / size)}${unit}`;
}

/** The age of a moment (RFC 3339) at a time (milliseconds since 1970); empty if it is not a moment. */
export function ageOf(moment: unknown, now: number): string {
  const then = typeof moment === 'string' ? Date.parse(moment) : Number.NaN;
  return Number.isNaN(then) ? '' : shortSpan((now - then) / 1000);
}

/** A span of seconds as a clock: 0:12, 1:02:03. */
export function clockSpan(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => `${value}`.padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
