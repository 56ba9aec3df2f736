type AnyVerb = (...args: never[]) => unknown;
type Verbs<Port> = { readonly [Verb in keyof Port]: AnyVerb };

/** One call of a verb, with what the table says of that verb. */
export interface VerbCall<Rule> {
  readonly verb: string;
  readonly rule: Rule;
  readonly args: readonly unknown[];
}

/** What is done around a call; `act` carries it out, with these arguments. */
export type Around<Rule> = (
  call: VerbCall<Rule>,
  act: (args: readonly unknown[]) => Promise<unknown>,
) => Promise<unknown>;

/** Says of a verb that nothing is put around it. */
export const UNWRAPPED = 'unwrapped';

/**
 * The port with `around` at each verb that the table has a rule for. The table has to name every verb of the port, and
 * the result has the verbs of the table and no others: a new verb does not compile until the table says what it is.
 * @param port what carries the verbs out; it may ask for more arguments than `Port` gives, as `around` gives them
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
