import type { AccessQuestion } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { AccountName } from '../../domain/access/recorded-identity.ts';

/** Who somebody is and what they may do, asked of the cluster each time: it alone knows. */
export interface AccessReviews {
  /**
   * Whose token it is, by the cluster's own rules: null when it is nobody's, has expired, or names nobody in
   * particular. The token goes nowhere else. @throws ProblemError CLUSTER_UNREACHABLE when that cannot be asked
   */
  identify(token: string): Promise<Caller | null>;
  /** Whether the caller may. @throws ProblemError CLUSTER_UNREACHABLE when that cannot be asked */
  allows(caller: Caller, question: AccessQuestion): Promise<boolean>;
  /**
   * Whether the caller may for one name at least, whichever; true also where the cluster cannot tell all that somebody
   * may. It decides who is listened to, never what is done. @throws ProblemError CLUSTER_UNREACHABLE
   */
  allowsSome(caller: Caller, question: AccessQuestion): Promise<boolean>;
  /**
   * UID of the service account that is there now; null where there is none. Reviews of rights do not tell: bindings
   * outlive the account that they name. @throws ProblemError CLUSTER_UNREACHABLE
   */
  accountUid(account: AccountName): Promise<string | null>;
}
