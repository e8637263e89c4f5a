import { useEffect, useState } from "react";

/** Changes whenever light turns dark or back: plots on canvases are then drawn again. */
export function useTheme(): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const next = (): void => setTurn((before) => before + 1);
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", next);
    const observer = new MutationObserver(next);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      system.removeEventListener("change", next);
      observer.disconnect();
    };
  }, []);
  return turn;
}

/** A colour of the stylesheet, as it is now. */
export const cssColour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Size of text now, px: the window's text grows with the screen. */
export const textSize = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
