/**
 * Of calls that come faster than they are answered, only the one under way and the newest: what a pointer that moves needs. A call that is
 * overtaken while it waits rejects with AbortError.
 */
export function latest<Parameters extends readonly unknown[], Result>(
  call: (...parameters: Parameters) => Promise<Result>,
): (...parameters: Parameters) => Promise<Result> {
  let busy = false;
  let next: { readonly begin: () => void; readonly drop: () => void } | undefined;
  const done = (): void => {
    busy = false;
    const begin = next?.begin;
    next = undefined;
    begin?.();
  };
  return (...parameters) =>
    new Promise<Result>((resolve, reject) => {
      const begin = (): void => {
        busy = true;
        call(...parameters)
          .then(resolve, reject)
          .finally(done);
      };
      next?.drop();
      next = undefined;
      if (busy)
        next = {
          begin,
          drop: () => reject(new DOMException("a newer call came before this one was begun", "AbortError")),
        };
      else begin();
    });
}
