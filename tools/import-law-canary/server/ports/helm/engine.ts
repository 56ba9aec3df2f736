export const engine = 'helm';
