import { useEffect, useState } from "react";
import type { ResultFile } from "../../../src/index.ts";
import { typeOf } from "./download.ts";

/** A figure as it is, a recipe as text; of other files what they are. */
export function FilePreview({ file }: { file: ResultFile }) {
  const { name, bytes } = file;
  const picture = /\.(svg|png)$/.test(name);
  const page = name.endsWith(".html");
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!picture && !page) return;
    const made = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: typeOf(name) }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [picture, page, name, bytes]);
  if (picture) return <div className="paper">{address && <img src={address} alt={name} />}</div>;
  // The report is a page of its own: it may run nothing, and ask for nothing.
  if (page) return address ? <iframe className="report-preview" title="Report" sandbox="" src={address} /> : null;
  if (name.endsWith(".json")) return <pre className="text-preview">{new TextDecoder().decode(bytes)}</pre>;
  return (
    <div className="empty">
      <p>{arrayInWords(name, bytes)}</p>
    </div>
  );
}

/** Shape and type of a .npy from its header. */
function arrayInWords(name: string, bytes: Uint8Array): string {
  const header = new TextDecoder("latin1").decode(bytes.subarray(0, 256));
  const shape = /'shape': \(([^)]*)\)/.exec(header)?.[1];
  if (!shape) return "Opens in HyperSpy: hs.load.";
  const lengths = shape
    .split(",")
    .map((length) => length.trim())
    .filter(Boolean);
  return `Array of ${lengths.join(" × ")}, 32-bit floating point: numpy.load("${name}").`;
}
