import { colourOf } from "../../../src/index.ts";
import { useTheme } from "./theme.ts";

/** The colours of curves and clusters on a dark ground: those of the figures, lifted. */
const onDark = ["#4aa8e8", "#f0873c", "#35c99c", "#e59cc6", "#d8b040", "#9ad4f5", "#b695d8", "#b8bfc6"] as const;

/** The colour of curve or cluster i, legible on the window's ground as it is now. */
export function useCurveColour(): (index: number) => string {
  // Asked so that views are drawn again when the theme changes.
  useTheme();
  return curveColour;
}

function curveColour(index: number): string {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  return dark ? onDark[index % onDark.length] : colourOf(index);
}
