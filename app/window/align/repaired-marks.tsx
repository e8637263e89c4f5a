/** A square about each position whose measured place was an outlier. */
export function RepairedMarks({ repaired, columns }: { repaired: Uint8Array; columns: number }) {
  let d = "";
  for (let i = 0; i < repaired.length; i++) {
    if (repaired[i] === 1) d += `M${(i % columns) - 0.5} ${Math.floor(i / columns) - 0.5}h1v1h-1Z`;
  }
  return d === "" ? null : <path className="repaired" d={d} />;
}
