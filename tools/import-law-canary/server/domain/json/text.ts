export const text = '{}';
