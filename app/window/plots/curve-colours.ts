import { colourOf } from "../../../src/index.ts";
import { shapeColours } from "../state/shapes.ts";
import { useTheme } from "./theme.ts";

/** The colours of curves and clusters on a dark ground: those of the figures, lifted. */
const onDark = ["#4aa8e8", "#f0873c", "#35c99c", "#e59cc6", "#d8b040", "#9ad4f5", "#b695d8", "#b8bfc6"] as const;

/** The colour of curve or cluster i, legible on the window's ground as it is now. */
export function useCurveColour(): (index: number) => string {
  // Asked so that views are drawn again when the theme changes.
  useTheme();
  return curveColour;
}

const isDark = (): boolean => getComputedStyle(document.documentElement).colorScheme === "dark";

function curveColour(index: number): string {
  return isDark() ? onDark[index % onDark.length] : colourOf(index);
}

/** Colours of shapes as lines on a light ground, in the order of `shapeColours`. */
const shapesOnLight = ["#007c8a", "#b35900", "#c2185b", "#4b7d23", "#5e35b1", "#857200"];

/** The colour of a shape as a line on the ground of plots: what is bright on pictures would be faint on white. */
export const onGround = (colour: string): string => {
  const index = (shapeColours as readonly string[]).indexOf(colour);
  return isDark() || index < 0 ? colour : shapesOnLight[index]!;
};
