import type { AccessQuestion } from '../../domain/access/access-question.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { AccountName } from '../../domain/access/recorded-identity.ts';

/** Authentication and authorization of callers; the cluster is asked each time, because only it knows. */
export interface AccessReviews {
  /**
   * The owner of a token according to the cluster: null if the token is invalid, has expired, or names no particular
   * user. The token is sent nowhere else.
   * @throws ProblemError CLUSTER_UNREACHABLE if the cluster cannot be asked
   */
  identify(token: string): Promise<Caller | null>;
  /**
   * Whether the caller has the right.
   * @throws ProblemError CLUSTER_UNREACHABLE if the cluster cannot be asked
   */
  allows(caller: Caller, question: AccessQuestion): Promise<boolean>;
  /**
   * Whether the caller has the right for at least one name; also true if the cluster cannot list all rights of the
   * caller. Use it to decide whether to process a request, never whether to carry it out.
   * @throws ProblemError CLUSTER_UNREACHABLE
   */
  allowsSome(caller: Caller, question: AccessQuestion): Promise<boolean>;
  /**
   * UID of the present service account; null if there is none. Access reviews do not reveal it: role bindings outlive
   * the account they name.
   * @throws ProblemError CLUSTER_UNREACHABLE
   */
  accountUid(account: AccountName): Promise<string | null>;
}
