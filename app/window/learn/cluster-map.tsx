import { useLayoutEffect, useRef } from "react";
import type { Axis, Size } from "../../../src/index.ts";
import { fitted, useInnerSize } from "../picture/frame.ts";
import { ScaleBar } from "../picture/scale-bar.tsx";
import { useCurveColour } from "../plots/curve-colours.ts";
import { useTheme } from "../plots/theme.ts";

interface ClusterMapProps {
  readonly size: Size;
  readonly axes: readonly [Axis, Axis];
  readonly labels: Uint8Array;
  readonly brushed: Uint8Array | undefined;
}

/** Positions in the colour of the cluster that they belong to most; where points are brushed, the others fade. */
export function ClusterMap({ size, axes, labels, brushed }: ClusterMapProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, height] = fitted(size, axes, useInnerSize(box));
  const theme = useTheme();
  const curveColour = useCurveColour();
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours change with the theme
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(size[1], size[0]);
    const colours = Array.from({ length: 8 }, (_, c) => Number.parseInt(curveColour(c).slice(1), 16));
    for (let i = 0; i < labels.length; i++) {
      const value = colours[labels[i] % colours.length];
      image.data.set([value >> 16, (value >> 8) & 255, value & 255, brushed && brushed[i] === 0 ? 50 : 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }, [size, labels, brushed, theme]);
  return (
    <div className="picture" ref={box}>
      <div
        className="picture-surface"
        style={{ width, height }}
        role="img"
        aria-label={brushed ? "Where the brushed points are" : "Map of the clusters"}
      >
        <canvas ref={canvas} width={size[1]} height={size[0]} />
        {width > 60 && <ScaleBar axis={axes[1]} count={size[1]} width={width} />}
      </div>
    </div>
  );
}
