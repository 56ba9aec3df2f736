/**
 * A Kubernetes quantity, exactly: `numerator / denominator` of the base unit (bytes, cores, pieces). It is rounded only
 * when converted to a number.
 */
export type Quantity = { numerator: bigint; denominator: bigint };

/** For Kubernetes, a binary unit without a number is 0. */
const FORM = /^([+-]?)(\d+\.?\d*|\.\d+|(?=[A-Z]i))(?:([eE])([+-]?\d{1,2})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;
const MAX_LENGTH = 64;
const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Record<string, bigint> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };

/** Parses `4Gi`, `500m`, `1e3`, `0.5` …, or a number; undefined for anything that Kubernetes would not accept. */
export function parseQuantity(text: string | number): Quantity | undefined {
  const written = typeof text === 'number' ? String(text) : text;
  const match = written.length > MAX_LENGTH ? null : FORM.exec(written);
  if (match === null) {
    return undefined;
  }
  const [, sign, digits = '', , exponent, suffix = ''] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const tens = Number(exponent ?? DECIMAL[suffix] ?? 0) - fraction.length;
  const mantissa = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n) * (1n << (BINARY[suffix] ?? 0n));
  return tens < 0
    ? { numerator: mantissa, denominator: 10n ** BigInt(-tens) }
    : { numerator: mantissa * 10n ** BigInt(tens), denominator: 1n };
}

/** In cores (or pieces); thousandths, rounded up as Kubernetes does. */
export function coresOf({ numerator, denominator }: Quantity): number {
  const milli = numerator * 1000n;
  const whole = milli / denominator;
  return Number(milli % denominator > 0n ? whole + 1n : whole) / 1000;
}

/** In Gi (2^30 bytes), fractions included. */
export function gibibytesOf({ numerator, denominator }: Quantity): number {
  return Number(numerator) / Number(denominator) / 2 ** 30;
}
