/** The token of a request, or a function that returns the one that is good now. */
export type Token = string | (() => string | Promise<string>);

/** How a client calls its server. Everything has a default. */
export interface ClientOptions {
  /** Sends requests; the platform's `fetch` by default. */
  readonly fetch?: typeof fetch;
  /** Sent as `Authorization: Bearer …`, to the server only; it is never sent to where a redirect leads. */
  readonly token?: Token;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How often a read is sent, at most, when the server is busy or unreachable; 1 never repeats. Default 4. */
  readonly attempts?: number;
  /** Waits so many milliseconds, or until the signal is aborted; the timers of the platform by default. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A number from 0 up to 1, which spreads the repetitions of many clients; `Math.random` by default. */
  readonly random?: () => number;
}

/** Options with their defaults. */
export interface Connection {
  readonly base: string;
  readonly send: typeof fetch;
  readonly token: Token | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly attempts: number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

export function connectionOf(base: string, options: ClientOptions): Connection {
  return {
    base,
    // Browsers refuse to call `fetch` as the method of another object.
    send: options.fetch ?? ((input, init) => fetch(input, init)),
    token: options.token,
    headers: options.headers ?? {},
    attempts: options.attempts ?? 4,
    wait: options.wait ?? waitByTimer,
    random: options.random ?? (() => Math.random()),
  };
}

function waitByTimer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) {
      end();
    }
  });
}
