import { createContext, useContext } from "react";
import type { Session } from "../../session/session.ts";
import type { Live } from "./live.ts";
import { type Store, useStore } from "./store.ts";
import type { WindowState } from "./window-state.ts";

/** What every view works with: the open scan in its worker, and what the window knows. */
export interface App {
  readonly session: Session;
  readonly store: Store<WindowState>;
  /** What follows the mouse. */
  readonly live: Live;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("a view was drawn outside the window");
  return app;
}

/** A part of what the window knows. */
export function useWindow<Part>(select: (state: WindowState) => Part): Part {
  return useStore(useApp().store, select);
}
