import { claimsConformance } from '../../ports/cluster/claims.conformance.ts';
import { createMemoryClaims } from './claims.ts';

claimsConformance('memory', async (given) => ({ claims: createMemoryClaims({ demo: given }), namespace: 'demo' }));
