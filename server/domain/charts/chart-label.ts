/**
 * Release label that ties each Helm record to the archive it was made from, so that checking whether an archive is
 * still needed takes one selector and no decoding. Helm keeps release labels when plain `helm` upgrades.
 */
export const CHART_LABEL = 'walm.io/chart';

/** A digest as a label value: a hexadecimal sha256 is one character too long for Kubernetes. */
export function chartLabelValue(digest: string): string {
  return digest.slice(0, 40);
}
