type AnyVerb = (...args: never[]) => unknown;
type Verbs<Port> = { readonly [Verb in keyof Port]: AnyVerb };

/** One call of a verb, with the table's rule for that verb. */
export interface VerbCall<Rule> {
  readonly verb: string;
  readonly rule: Rule;
  readonly args: readonly unknown[];
}

/** Wraps a call; `act` carries it out, with these arguments. */
export type Around<Rule> = (
  call: VerbCall<Rule>,
  act: (args: readonly unknown[]) => Promise<unknown>,
) => Promise<unknown>;

/** The rule for a verb that is not wrapped. */
export const UNWRAPPED = 'unwrapped';

/**
 * The port with `around` at each verb that the table has a rule for. The table has to name every verb of the port, and
 * the result has exactly the verbs of the table: a new verb does not compile until the table names it.
 * @param port carries out the verbs; it may require more arguments than `Port`, which `around` adds
 */
export function wrapVerbs<Port extends Verbs<Port>, Rule>(
  port: Verbs<Port>,
  rules: { readonly [Verb in keyof Port]: Rule | typeof UNWRAPPED },
  around: Around<Rule>,
): Port {
  const verbs = port as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
  const wrapped = Object.entries<Rule | typeof UNWRAPPED>(rules).map(([verb, rule]) => {
    const act = (...args: readonly unknown[]) => verbs[verb]?.(...args);
    return [
      verb,
      rule === UNWRAPPED
        ? act
        : (...args: readonly unknown[]) => around({ verb, rule, args }, async (given) => act(...given)),
    ];
  });
  // Its verbs are exactly those of the table, which has exactly those of the port.
  return Object.fromEntries(wrapped) as Port;
}
