import type { Store } from "./store.ts";
import type { WindowState } from "./window-state.ts";

/** An answer about a scan, or undefined where another scan was opened before it came. */
export async function forOneScan<Answer>(
  store: Store<WindowState>,
  asked: Promise<Answer>,
): Promise<Answer | undefined> {
  const { scan } = store.get();
  const answer = await asked;
  return store.get().scan === scan ? answer : undefined;
}
