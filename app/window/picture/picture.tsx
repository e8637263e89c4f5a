import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useLayoutEffect,
  useMemo,
  useRef,
} from "react";
import type { Axis, ColourMap, Size } from "../../../src/index.ts";
import type { Point } from "../state/shapes.ts";
import type { DisplaySettings } from "../state/window-state.ts";
import { brightness } from "./brightness.ts";
import { ColourBar } from "./colour-bar.tsx";
import { type Frame, FrameContext, fitted, pixelAt, tallness, useInnerSize } from "./frame.ts";
import { paint } from "./paint.ts";
import { ScaleBar } from "./scale-bar.tsx";

export interface PictureProps {
  readonly values: Float32Array | undefined;
  readonly size: Size;
  readonly axes: readonly [Axis, Axis];
  /** What a screen reader says; what is seen. */
  readonly label: string;
  readonly settings?: DisplaySettings;
  readonly map?: ColourMap;
  readonly signed?: boolean | undefined;
  readonly range?: readonly [number, number] | undefined;
  /** Small pictures on buttons have neither scale bar nor colour bar, nor a name of their own. */
  readonly bare?: boolean;
  /** The pixel under the mouse or the arrow keys; undefined when it leaves. */
  readonly onPoint?: (pixel: Point | undefined) => void;
  /** The pixel that was clicked, or where Enter was pressed. */
  readonly onPick?: (pixel: Point) => void;
  /** Pressed somewhere in the picture, and on none of its overlays. */
  readonly onPress?: (at: Point, event: PointerEvent) => void;
  readonly cursor?: Point | undefined;
  /** What the mouse looks like. */
  readonly pointer?: "crosshair" | "default" | "none";
  /** SVG in columns (x) and rows (y): pixel centres are whole numbers. */
  readonly children?: ReactNode;
}

/** An image or a pattern: one rectangle a value, as large as its box allows, with scale bar, colour bar and what is drawn over it. */
export function Picture(props: PictureProps) {
  const { values, size, axes, label, settings, signed, range, bare, cursor, onPoint, onPick, onPress } = props;
  const map = props.map ?? (signed ? "diverging" : (settings?.map ?? "magma"));
  const box = useRef<HTMLDivElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [boxWidth, boxHeight] = useInnerSize(box);
  const [width, height] = fitted(size, axes, [boxWidth - (bare ? 0 : colourBarRoom()), boxHeight]);

  const [lower, upper] = range ?? [];
  const scale = useMemo(
    () =>
      values &&
      brightness(values, {
        ...(settings && { settings }),
        signed,
        range: lower === undefined ? undefined : [lower, upper!],
      }),
    [values, settings, signed, lower, upper],
  );
  useLayoutEffect(() => {
    if (canvas.current && values && scale) paint(canvas.current, values, size, scale, map);
  }, [values, size, scale, map]);

  const frame: Frame = useMemo(
    () => ({
      size,
      perRow: height / size[0],
      perColumn: width / size[1],
      at: ({ clientX, clientY }) => {
        const there = surface.current?.getBoundingClientRect();
        if (!there) return [0, 0];
        return [
          ((clientY - there.top) / there.height) * size[0] - 0.5,
          ((clientX - there.left) / there.width) * size[1] - 0.5,
        ];
      },
    }),
    [size, width, height],
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.shiftKey ? 10 : 1;
    const move = arrows[event.key];
    if (event.target !== surface.current) return;
    if (move && onPoint) {
      const from = cursor ?? [size[0] >> 1, size[1] >> 1];
      onPoint(pixelAt([from[0] + step * move[0], from[1] + step * move[1]], size));
      event.preventDefault();
    } else if ((event.key === "Enter" || event.key === " ") && onPick && cursor) {
      onPick(cursor);
      event.preventDefault();
    }
  };

  const active = onPoint !== undefined || onPick !== undefined;
  const still = props.children === undefined ? "img" : "group";
  const role = bare ? "presentation" : active ? "application" : still;
  return (
    <div className="picture" ref={box} style={{ "--tall": tallness(size, axes) } as CSSProperties}>
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles that it has take a name */}
      <div
        ref={surface}
        className="picture-surface"
        style={{ width: Math.max(0, width), height: Math.max(0, height), cursor: props.pointer }}
        role={role}
        aria-label={bare ? undefined : label}
        aria-hidden={bare}
        tabIndex={active ? 0 : undefined}
        onPointerMove={onPoint && ((event) => onPoint(pixelAt(frame.at(event), size)))}
        onPointerLeave={onPoint && (() => onPoint(undefined))}
        onPointerDown={(event) => {
          if (event.button === 0) onPress?.(frame.at(event), event);
        }}
        onClick={onPick && ((event) => onPick(pixelAt(frame.at(event), size)))}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} data-shrunk={width < size[1] || undefined} hidden={!values} />
        {props.children !== undefined && width > 0 && (
          <FrameContext value={frame}>
            <svg viewBox={`-0.5 -0.5 ${size[1]} ${size[0]}`} preserveAspectRatio="none" aria-hidden={role === "img"}>
              <title>{label}</title>
              {props.children}
            </svg>
          </FrameContext>
        )}
        {!bare && width > 60 && <ScaleBar axis={axes[1]} count={size[1]} width={width} />}
      </div>
      {!bare && scale && height > 40 && <ColourBar scale={scale} map={map} height={height} />}
    </div>
  );
}

const arrows: Readonly<Record<string, Point>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Room for the colour bar and its ticks: 4 times the size of text. */
const colourBarRoom = (): number => 4 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
