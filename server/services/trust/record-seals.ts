import { openSeal, writeSeal } from '../../domain/seals/record-seal.ts';
import { unsealed } from '../../domain/seals/seal-state.ts';
import { toRecordedIdentity } from '../../domain/access/recorded-identity.ts';
import { namespaceNotFound } from '../../domain/errors/namespace-problems.ts';
import { type Clock, timestamp } from '../../ports/runtime/clock.ts';
import type { NamespaceUids } from '../../ports/cluster/namespace-uids.ts';
import type { RecordSeals } from '../../ports/storage/record-seals.ts';
import type { SealRing } from './seal-ring.ts';

export type RecordSealsDeps = {
  ring: Pick<SealRing, 'record' | 'refresh'>;
  namespaces: NamespaceUids;
  clock: Clock;
};

/** Seals under the keys of this cluster, bound to the present namespace object (its UID). */
export function createRecordSeals({ ring, namespaces, clock }: RecordSealsDeps): RecordSeals {
  return {
    async make(facts, { by, operation, since = timestamp(clock) }) {
      const namespaceUid = await namespaces.uidOf(facts.namespace);
      if (namespaceUid === null) {
        throw namespaceNotFound(facts.namespace);
      }
      return writeSeal(
        facts,
        { namespaceUid, by: by && toRecordedIdentity(by), operation, at: since },
        await ring.record(),
      );
    },
    async judge(text, facts) {
      let opened = openSeal(text, facts, await ring.record());
      if ('sealed' in opened) {
        // Another replica may have signed with a key that this one has not read yet.
        await ring.refresh();
        opened = openSeal(text, facts, await ring.record());
      }
      if ('sealed' in opened) {
        return opened;
      }
      const uid = await namespaces.uidOf(facts.namespace);
      return uid === opened.namespaceUid
        ? opened.state
        : unsealed(`it was sealed in an earlier namespace ${facts.namespace}`);
    },
  };
}
