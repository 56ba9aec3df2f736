import { settleAllocator } from './process/allocator.ts';

settleAllocator(process);
const { serve } = await import('./serve.ts');
await serve(process.argv.slice(2));
