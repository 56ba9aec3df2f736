/** What the Secret of a repository has before the repository's name in its own: rights can be given for one of them. */
export const REPOSITORY_SECRET_PREFIX = 'walm-repository-';
