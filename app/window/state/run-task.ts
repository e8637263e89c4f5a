import type { Progress } from "../../session/session.ts";
import type { App } from "./app.ts";
import { isAbort, messageOf } from "./latest.ts";

/**
 * Does work that takes a while: the status bar shows how far it is, and can stop it. One at a time; a new one stops the one before.
 *
 * @returns what the work returned, or undefined where it was stopped or failed (the window then says why)
 */
export async function runTask<Result>(
  { store }: App,
  name: string,
  work: (progress: Required<Progress>) => Promise<Result>,
): Promise<Result | undefined> {
  store.get().task?.cancel();
  const controller = new AbortController();
  const task = { name, stage: "", fraction: 0, began: performance.now(), cancel: () => controller.abort() };
  const mine = (): boolean => store.get().task?.cancel === task.cancel;
  store.set({ task, trouble: undefined, said: `${name} …` });
  try {
    const result = await work({
      signal: controller.signal,
      onProgress: (stage, fraction) => {
        if (mine()) store.set({ task: { ...task, stage, fraction } });
      },
    });
    controller.signal.throwIfAborted();
    store.set({ said: `${name}: done` });
    return result;
  } catch (error) {
    if (isAbort(error)) store.set({ said: `${name}: stopped` });
    else store.set({ trouble: { message: messageOf(error) }, said: `${name}: failed` });
    return undefined;
  } finally {
    if (mine()) store.set({ task: undefined });
  }
}
