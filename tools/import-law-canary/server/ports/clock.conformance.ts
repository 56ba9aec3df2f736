export const suite = 'clock';
