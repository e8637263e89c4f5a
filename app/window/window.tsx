import { type ReactNode, useEffect, useState } from "react";
import { AlignView } from "./align/align-view.tsx";
import { DropTarget } from "./drop-target.tsx";
import { JudgeView } from "./judge/judge-view.tsx";
import { KeepView } from "./keep/keep-view.tsx";
import { LearnView } from "./learn/learn-view.tsx";
import { LookView } from "./look/look-view.tsx";
import { OpenView } from "./open/open-view.tsx";
import { useApp, useWindow } from "./state/app.ts";
import { remembering } from "./state/remembered.ts";
import type { Step } from "./state/window-state.ts";
import { StatusBar } from "./status-bar.tsx";
import { TopBar } from "./top-bar.tsx";
import { TroubleBar } from "./trouble-bar.tsx";

const views: Readonly<Record<Step, () => ReactNode>> = {
  open: OpenView,
  look: LookView,
  align: AlignView,
  learn: LearnView,
  judge: JudgeView,
  keep: KeepView,
};

/** The whole window: the steps above, the current one below, and what is going on at the bottom. */
export function Window() {
  const { store } = useApp();
  const step = useWindow((state) => state.step);
  const open = useWindow((state) => state.scan !== undefined && state.look !== undefined);
  const shown = open ? step : "open";
  const View = views[shown];

  // Settings are kept shortly after they rest, not at every move of the mouse.
  useEffect(() => {
    const remember = remembering();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = store.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => remember(store.get()), 400);
    });
    const now = (): void => remember(store.get());
    addEventListener("pagehide", now);
    return () => {
      unsubscribe();
      clearTimeout(timer);
      removeEventListener("pagehide", now);
    };
  }, [store]);

  const [dragging, setDragging] = useState(false);
  return (
    <div className="window" data-dragging={dragging || undefined}>
      <TopBar step={shown} />
      {shown !== "open" && <TroubleBar />}
      <main className="view" id="view" data-step={shown} tabIndex={-1}>
        <View />
      </main>
      <StatusBar />
      <DropTarget onDragging={setDragging} />
    </div>
  );
}
