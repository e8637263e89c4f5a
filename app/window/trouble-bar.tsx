import { Icon } from "./controls/icon.tsx";
import { inTheWindow } from "./in-the-window.ts";
import { useApp, useWindow } from "./state/app.ts";

/** What went wrong, in the library's words, until it is put away. */
export function TroubleBar() {
  const { store } = useApp();
  const trouble = useWindow((state) => state.trouble);
  if (!trouble) return null;
  return (
    <div className="trouble-bar" role="alert">
      <Icon name="warning" />
      <p>{inTheWindow(trouble.message)}</p>
      <button type="button" aria-label="Put away" onClick={() => store.set({ trouble: undefined })}>
        <Icon name="clear" />
      </button>
    </div>
  );
}
