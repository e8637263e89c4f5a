/** Writing SVG as text: no DOM, so figures are drawn in Node, in a worker and in a page alike. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Text as XML character data; control characters, which XML forbids, are dropped. */
export const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids exactly these, even escaped
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/** A length in user units, at most 2 decimals: a hundredth of a pixel is below what any printer resolves. */
export const px = (value: number): string => String(Math.round(value * 100) / 100 + 0);

/** One element; numbers are written by {@link px}, undefined attributes left out. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  let head = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) head += ` ${key}="${typeof value === "number" ? px(value) : escapeXml(value)}"`;
  }
  return children.length === 0 ? `${head}/>` : `${head}>${children.join("")}</${name}>`;
}

/** One line of text; `text` is plain, not markup. */
export const text = (content: string, attributes: Attributes): string =>
  element("text", attributes, escapeXml(content));

/** Moves a drawing. */
export const moved = (x: number, y: number, body: string): string =>
  x === 0 && y === 0 ? body : `<g transform="translate(${px(x)},${px(y)})">${body}</g>`;

/** Path data through points (x, y alternating), open unless `closed`. */
export function pathThrough(points: ArrayLike<number>, closed = false): string {
  let d = "";
  for (let i = 0; i < points.length; i += 2) d += `${i === 0 ? "M" : "L"}${px(points[i]!)},${px(points[i + 1]!)}`;
  return closed ? `${d}Z` : d;
}
