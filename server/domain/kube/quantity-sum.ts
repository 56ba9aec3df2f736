import { parseQuantity, type Quantity } from './quantity.ts';

export const ZERO: Quantity = { numerator: 0n, denominator: 1n };

const MI = 1n << 20n;
const BINARY_UNITS = [
  ['Ti', 40n],
  ['Gi', 30n],
  ['Mi', 20n],
  ['Ki', 10n],
] as const;

/** A quantity as manifests write it, as text or number; undefined for anything that Kubernetes would not accept. */
export function readQuantity(value: unknown): Quantity | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
}

/** Exact; denominators are powers of ten, so the larger one fits both, however many are added. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  const denominator = a.denominator > b.denominator ? a.denominator : b.denominator;
  return {
    numerator: a.numerator * (denominator / a.denominator) + b.numerator * (denominator / b.denominator),
    denominator,
  };
}

export function subtractQuantities(a: Quantity, b: Quantity): Quantity {
  return addQuantities(a, { numerator: -b.numerator, denominator: b.denominator });
}

/** `quantity` times `count`, a whole number. */
export function timesQuantity({ numerator, denominator }: Quantity, count: number): Quantity {
  return { numerator: numerator * BigInt(count), denominator };
}

/** Negative, 0 or positive, like a comparator. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : Number(difference > 0n);
}

export function maxQuantity(a: Quantity, b: Quantity): Quantity {
  return compareQuantities(a, b) < 0 ? b : a;
}

/** Whole units of `unit` (2^20 for Mi, 2^30 for Gi), rounded down. */
export function floorOf({ numerator, denominator }: Quantity, unit: bigint): number {
  return Number(numerator / (denominator * unit));
}

/** As Kubernetes prints it: bytes with the largest binary unit that divides them, the rest in thousandths or whole. */
export function printQuantity(quantity: Quantity, isBytes: boolean): string {
  if (!isBytes) {
    const milli = roundedUp(quantity, 1000n);
    return milli % 1000n === 0n ? String(milli / 1000n) : `${milli}m`;
  }
  const bytes = roundedUp(quantity, 1n);
  const unit = bytes === 0n ? undefined : BINARY_UNITS.find(([, power]) => bytes % (1n << power) === 0n);
  return unit === undefined ? String(bytes) : `${bytes >> unit[1]}${unit[0]}`;
}

function roundedUp({ numerator, denominator }: Quantity, parts: bigint): bigint {
  const scaled = numerator * parts;
  const whole = scaled / denominator;
  return scaled % denominator > 0n ? whole + 1n : whole;
}

/** 2^20 bytes, and 2^30. */
export const UNIT = { mi: MI, gi: MI << 10n } as const;
