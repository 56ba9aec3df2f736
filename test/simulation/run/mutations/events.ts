import { KINDS, withLoad } from '../emphasis.ts';
import type { Mutation } from '../mutation.ts';

/** Faults of events and of copies for others. */
export const EVENTS: readonly Mutation[] = [
  {
    fault: 'who leads next publishes nothing of what happened before',
    patch: {
      file: 'server/reconcilers/events/event-delivery.ts',
      from: '    [...known.keys(), ...[...statuses.all()].map(({ status }) => status.key)].forEach(note);\n',
      to: '',
    },
  },
  {
    fault: 'what could not be published is forgotten',
    patch: {
      file: 'server/reconcilers/events/event-delivery.ts',
      from: '      batch.forEach(([key, since]) => pending.set(key, since));\n',
      to: '',
    },
  },
  {
    fault: 'what changes while it is published is forgotten',
    patch: {
      file: 'server/reconcilers/events/event-delivery.ts',
      from: '      batch.forEach(([key]) => pending.delete(key));\n      onItsWay = batch.length;\n      try {\n        await publishBatch(batch);',
      to: '      onItsWay = batch.length;\n      try {\n        await publishBatch(batch);\n        batch.forEach(([key]) => pending.delete(key));',
    },
  },
  {
    fault: 'marks are kept before anything is published',
    patch: {
      file: 'server/reconcilers/events/event-delivery.ts',
      from: '      await send(() => bus.publish(built.flatMap(({ records }) => records)));\n      for (const',
      to: '      await marks.save(new Map(built.map(({ key, mark }) => [key, mark])));\n      await send(() => bus.publish(built.flatMap(({ records }) => records)));\n      for (const',
    },
  },
  {
    fault: 'a copy that changed while it was written is forgotten',
    patch: {
      file: 'server/reconcilers/mirror/cache-resync.ts',
      from: 'if (pending.get(id) === one) pending.delete(id);',
      to: 'pending.delete(id);',
    },
  },
  {
    fault: 'who leads next does not compare the copies',
    patch: {
      file: 'server/reconcilers/mirror/cache-resync.ts',
      from: 'async function keepTrue(term: LeaderTerm): Promise<void> {\n    const { signal } = term;\n    resyncAt = 0;',
      to: 'async function keepTrue(term: LeaderTerm): Promise<void> {\n    const { signal } = term;',
    },
  },
  {
    fault: 'copies are not compared after Redis was away',
    under: withLoad(KINDS.lostRedis, 'life', 'life'),
    patch: {
      file: 'server/reconcilers/mirror/cache-resync.ts',
      from: '        shared.subscribe(() => {\n          resyncAt = 0;',
      to: '        shared.subscribe(() => {',
    },
  },
  {
    fault: 'a copy of another revision is believed at the start',
    patch: {
      file: 'server/reconcilers/mirror/shared-records.ts',
      from: 'copy.walm.uid === id &&\n      isOfEarlier(copy.walm, earlier) &&\n      copy.version === applied.revision &&\n      (copy',
      to: '(applied.revision > 0 || id !== "") &&\n      (copy',
    },
  },
  {
    fault: 'what was told of before a kill is never told to be gone',
    patch: {
      file: 'server/reconcilers/events/event-delivery.ts',
      from: "(former.config === '' && mark !== null && mark.config !== '')",
      to: "(former.config === '' && mark === null)",
    },
  },
  {
    fault: 'what leads no more publishes when it wakes',
    patch: {
      file: 'server/reconcilers/loop/while-leading.ts',
      from: 'lost.signal.aborted || !leadership.isLeader()',
      to: 'lost.signal.aborted',
    },
  },
];
