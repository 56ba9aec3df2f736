import type { Warning } from '../../../contract/schemas/warning.ts';

/** Warnings about one of several releases. */
export function ofMember(release: string, warnings: readonly Warning[]): Warning[] {
  return warnings.map((one) => ({ ...one, message: `release ${release}: ${one.message}` }));
}
