export const alone = 'here';
