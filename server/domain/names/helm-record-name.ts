import { isReleaseName } from './release-name.ts';

/** The type of the Secrets in which Helm records revisions. */
export const RECORD_SECRET_TYPE = 'helm.sh/release.v1';

const PREFIX = 'sh.helm.release.v1';
const NAME = /^sh\.helm\.release\.v1\.(.+)\.v([1-9]\d{0,8})$/;

/** Helm's name of the Secret that records a revision of a release. */
export function recordName(release: string, revision: number): string {
  return `${PREFIX}.${release}.v${revision}`;
}

/** The release and revision of a Secret of this name; undefined if it is not the name of a record. */
export function readRecordName(name: string): { release: string; revision: number } | undefined {
  const [, release, revision] = NAME.exec(name) ?? [];
  return release !== undefined && isReleaseName(release) ? { release, revision: Number(revision) } : undefined;
}
