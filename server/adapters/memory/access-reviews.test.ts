import { accessReviewsConformance } from '../../ports/access-reviews.conformance.ts';
import { createMemoryAccessReviews } from './access-reviews.ts';

accessReviewsConformance('memory', () => {
  const caller = { user: 'ann', groups: ['dev'] };
  const rights = ['get demo', 'list demo', 'create demo'];
  const reviews = createMemoryAccessReviews([{ ...caller, token: 'of-ann', rights }]);
  return Promise.resolve({ reviews, token: 'of-ann', caller, namespace: 'demo' });
});
