import type { Attack, HostileStage } from '../attack.ts';

const LOOKS = ['', '/history', '/history/1', '/diff', '/manifest', '/values', '/notes', '/drift'];

/** Everything that an attacker may request about a release of someone else. */
async function lookAt({ attacker, stranger, victim }: HostileStage): Promise<void> {
  for (const { api } of [attacker, stranger]) {
    for (const look of LOOKS) {
      const { status, text } = await api.send('GET', `/api/v1/release/${victim.namespace}/name/resident${look}`);
      if (status !== 403) throw new Error(`${look || 'the release'} answered ${status} ${text.slice(0, 300)}`);
    }
    const { status, text } = await api.send('GET', '/api/v1/release');
    if (status !== 200) throw new Error(`the list of everything answered ${status} ${text.slice(0, 300)}`);
    if (text.includes(victim.namespace)) throw new Error(`the list of everything tells of ${victim.namespace}`);
  }
}

/** Reading what belongs to others. */
export const attacks: readonly Attack[] = [
  { name: 'looks at a release of somebody else, from every side', sample: true, run: lookAt },
];
