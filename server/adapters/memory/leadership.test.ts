import { describeLeadership } from '../../ports/storage/leadership.conformance.ts';
import { createMemoryLead } from './leadership.ts';

describeLeadership('memory', () => {
  const lead = createMemoryLead();
  return Promise.resolve({ contender: () => lead.contender(), passLease: () => Promise.resolve() });
});
