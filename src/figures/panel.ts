import { element, escapeXml, moved, px, text } from "./svg.ts";
import { fontFamily, fontSize, ink, textWidth } from "./typography.ts";

/** A drawing with its extent, px; what figures are composed of. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

/** Panels side by side, tops aligned. */
export function beside(panels: readonly Panel[], gap = 28): Panel {
  let x = 0;
  const bodies = panels.map((panel) => {
    const body = moved(x, 0, panel.body);
    x += panel.width + gap;
    return body;
  });
  return {
    width: Math.max(0, x - gap),
    height: Math.max(0, ...panels.map((panel) => panel.height)),
    body: bodies.join(""),
  };
}

/** Panels below each other, left edges aligned. */
export function below(panels: readonly Panel[], gap = 24): Panel {
  let y = 0;
  const bodies = panels.map((panel) => {
    const body = moved(0, y, panel.body);
    y += panel.height + gap;
    return body;
  });
  return {
    width: Math.max(0, ...panels.map((panel) => panel.width)),
    height: Math.max(0, y - gap),
    body: bodies.join(""),
  };
}

/** Panels in rows of `columns`, as wide apart as the widest. */
export function grid(panels: readonly Panel[], columns: number, gapAcross = 40, gapDown = 26): Panel {
  const width = Math.max(0, ...panels.map((panel) => panel.width));
  const rows: Panel[] = [];
  for (let i = 0; i < panels.length; i += columns) {
    rows.push(
      beside(
        panels.slice(i, i + columns).map((panel) => ({ ...panel, width })),
        gapAcross,
      ),
    );
  }
  return below(rows, gapDown);
}

/** A panel with a heading above it. */
export function titled(title: string, panel: Panel): Panel {
  const height = fontSize.title + 9;
  const heading = text(title, {
    x: 0,
    y: fontSize.title - 1,
    "font-size": fontSize.title,
    "font-weight": 600,
    fill: ink.text,
  });
  return { width: panel.width, height: panel.height + height, body: heading + moved(0, height, panel.body) };
}

/** A panel with the letter by which a caption names it, upper left. */
export function lettered(letter: string, panel: Panel): Panel {
  const across = Math.max(22, textWidth(letter, fontSize.title + 2) + 10);
  const sign = text(letter, {
    x: 0,
    y: fontSize.title,
    "font-size": fontSize.title + 2,
    "font-weight": 700,
    fill: ink.text,
  });
  return { width: panel.width + across, height: panel.height, body: sign + moved(across, 0, panel.body) };
}

export interface Caption {
  /** Short: what it is. Read aloud first. */
  readonly title: string;
  /** What is to be seen, for a reader who cannot see it. */
  readonly description: string;
}

/** A panel as a whole SVG file on white, with its description for screen readers. */
export function figure(panel: Panel, { title, description }: Caption): string {
  const margin = 12;
  const width = Math.ceil(panel.width + 2 * margin);
  const height = Math.ceil(panel.height + 2 * margin);
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": `${title}. ${description}`,
      "font-family": fontFamily,
      "font-size": fontSize.label,
      fill: ink.text,
    },
    `<title>${escapeXml(title)}</title><desc>${escapeXml(description)}</desc>`,
    `<rect width="${px(width)}" height="${px(height)}" fill="#fff"/>`,
    moved(margin, margin, panel.body),
  );
}
