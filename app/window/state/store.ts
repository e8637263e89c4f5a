import { useRef, useSyncExternalStore } from "react";

/** One value that views watch in parts: a view is drawn again only where the part that it selected changed. */
export interface Store<State> {
  readonly get: () => State;
  readonly set: (change: Partial<State> | ((state: State) => Partial<State>)) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createStore<State extends object>(initial: State): Store<State> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set: (change) => {
      state = { ...state, ...(typeof change === "function" ? change(state) : change) };
      for (const listener of [...listeners]) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The selected part of a store. `select` returns something that is in the store, not a new object, or a number or text made of it. */
export function useStore<State, Part>(store: Store<State>, select: (state: State) => Part): Part {
  const selecting = useRef(select);
  selecting.current = select;
  return useSyncExternalStore(store.subscribe, () => selecting.current(store.get()));
}
