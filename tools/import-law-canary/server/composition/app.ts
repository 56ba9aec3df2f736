export const app = 'all';
