/**
 * Asks for the latest argument only: one question in flight, and of those that come meanwhile the last one next. So a fast mouse
 * never waits for answers that nobody looks at any more.
 */
export function latest<Argument, Answer>(
  ask: (argument: Argument) => Promise<Answer>,
  show: (answer: Answer, argument: Argument) => void,
  fail: (error: unknown) => void,
): (argument: Argument) => void {
  let busy = false;
  let waiting: { readonly argument: Argument } | undefined;
  const next = async (argument: Argument): Promise<void> => {
    busy = true;
    try {
      show(await ask(argument), argument);
    } catch (error) {
      if (!isAbort(error)) fail(error);
    }
    busy = false;
    if (waiting !== undefined) {
      const { argument: newest } = waiting;
      waiting = undefined;
      void next(newest);
    }
  };
  return (argument) => {
    if (busy) waiting = { argument };
    else void next(argument);
  };
}

/** Work that was stopped on purpose is no failure. */
export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
