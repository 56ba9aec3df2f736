export const record = 'demo';
