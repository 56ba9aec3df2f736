type Kept = { revision: number; status: string };

const IN_PROGRESS = /^pending-|^uninstalling$/u;

/** States that no release may have once all tasks have ended: pending, or two revisions in force. */
export function unsoundRevisions(about: string, own: readonly Kept[]): string[] {
  const pending = own.filter(({ status }) => IN_PROGRESS.test(status));
  const deployed = own.filter(({ status }) => status === 'deployed');
  return [
    ...pending.map(({ revision, status }) => `${about} revision ${revision} is ${status}`),
    ...(deployed.length > 1 ? [`${about} has ${deployed.length} deployed revisions: ${inWords(own)}`] : []),
  ];
}

/** Revisions with their status, in the order given. */
export function inWords(own: readonly Kept[]): string {
  return own.map(({ revision, status }) => `${revision} ${status}`).join(', ');
}
