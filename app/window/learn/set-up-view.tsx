import type { ReactNode } from "react";
import { area } from "../../../src/index.ts";
import { useApp, useWindow } from "../state/app.ts";
import { ChoicesInspector } from "./choices-inspector.tsx";
import { MaskPanel } from "./mask-panel.tsx";

/** What is left out of learning, painted on pattern and image; and the choices. */
export function SetUpView({ tabs }: { tabs: ReactNode }) {
  const { store } = useApp();
  const look = useWindow((state) => state.look);
  const pixelMask = useWindow((state) => state.pixelMask);
  const positionMask = useWindow((state) => state.positionMask);
  const displays = useWindow((state) => state.displays);
  const axes = useWindow((state) => state.axes);
  const meanOrMaximum = look?.maximumPattern;
  if (!look || !meanOrMaximum) return null;
  return (
    <div className="set-up-view" data-tabs={tabs ? true : undefined}>
      {tabs && <div className="sub-bar">{tabs}</div>}
      <MaskPanel
        title="Detector mask"
        about="Paint over a beam stop, dead pixels, or the direct beam: what is painted is not learned from."
        values={meanOrMaximum.values}
        size={meanOrMaximum.size}
        axes={axes.pixels}
        settings={displays.pattern}
        mask={pixelMask}
        onChange={(mask) => store.set({ pixelMask: mask })}
        unit="pixels"
        of={area(meanOrMaximum.size)}
      />
      <MaskPanel
        title="Scan mask"
        about="Paint over vacuum, dirt, or grid bars: patterns there are not learned from."
        values={look.brightField.values}
        size={look.brightField.size}
        axes={axes.positions}
        settings={displays.image}
        mask={positionMask}
        onChange={(mask) => store.set({ positionMask: mask })}
        unit="positions"
        of={area(look.brightField.size)}
      />
      <ChoicesInspector />
    </div>
  );
}
