import { accessReviewsConformance } from '../../ports/cluster/access-reviews.conformance.ts';
import { createMemoryAccessReviews } from './access-reviews.ts';
import { person } from '../../../test/harness/fakes/person.ts';

accessReviewsConformance('memory', () => {
  const caller = person('system:serviceaccount:demo:ann', ['dev']);
  const rights = ['get demo', 'list demo', 'create demo'];
  const reviews = createMemoryAccessReviews([{ ...caller, token: 'of-ann', rights }]);
  return Promise.resolve({ reviews, token: 'of-ann', caller, namespace: 'demo' });
});
