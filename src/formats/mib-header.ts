import { FormatError, UnsupportedError } from "../scan/errors.ts";
import type { Size } from "../scan/scan.ts";
import type { Bytes } from "./bytes.ts";

/** What stands before every frame of a .mib file. */
export interface MibHeader {
  /** Bytes before the frame's numbers. */
  readonly headerBytes: number;
  /** Rows and columns as stored: of raw frames, the chips stand side by side. */
  readonly stored: Size;
  /** "U08", "U16" …: processed numbers, big-endian; "R64": as the chips send them. */
  readonly type: string;
  readonly chips: number;
  /** How the chips are put together: "1x1", "2x2", "Nx1", and "G" behind it where the gap is filled. */
  readonly layout: string;
  /** Bits that a pixel counts with, where the header says so. */
  readonly depth: number | undefined;
  readonly exposure: number;
  readonly threshold: number;
  readonly acquired: string;
  readonly chipType: string;
  /** The fields that are the same before every frame, as written, and where they start. */
  readonly same: { readonly at: number; readonly bytes: Uint8Array };
}

const mostHeaderBytes = 65536;
const latin1 = new TextDecoder("latin1");

/**
 * Reads the header of the first frame: text fields between commas, filled up with zeros to the length that it states.
 *
 * MQ1, number, header bytes, chips, columns, rows, type, layout, chips in use, time, exposure [s], counter, colour mode, gain
 * mode, eight thresholds [keV], then type and settings of every chip; newer files add MQ1A, time, exposure, counter depth.
 *
 * @throws FormatError       a field is not what it must be
 * @throws UnsupportedError  colour mode
 */
export function readHeader(bytes: Bytes): MibHeader {
  const damaged = (what: string, offset = 0): FormatError =>
    new FormatError(`${bytes.name}: ${what}; the frame header is damaged`, { file: bytes.name, offset });
  const number = (text: string | undefined, what: string, most: number): number => {
    const value = /^\s*\d+\s*$/.test(text ?? "") ? Number(text) : Number.NaN;
    if (!(value >= 1 && value <= most)) throw damaged(`expected ${what} from 1 to ${most}, found "${text ?? ""}"`);
    return value;
  };

  const start = latin1.decode(bytes.read(0, Math.min(64, bytes.size))).split(",");
  const headerBytes = number(start[2], "a header length", mostHeaderBytes);
  if (headerBytes > bytes.size)
    throw damaged(`expected a header of ${headerBytes} bytes, found ${bytes.size}`, bytes.size);
  const head = bytes.read(0, headerBytes);
  const text = latin1.decode(head).replace(/\0.*$/s, "");
  const fields = text.split(",");
  const type = (fields[6] ?? "").trim();
  if (!/^[UR]\d\d$/.test(type)) {
    throw damaged(`expected a number type such as U08, U16 or R64 in the seventh field, found "${type}"`);
  }
  if (Number(fields[12]) > 0) {
    throw new UnsupportedError(`${bytes.name}: expected a recording without colour, found colour mode ${fields[12]}`, {
      feature: "Medipix colour mode",
    });
  }
  const newer = fields.indexOf("MQ1A");
  const depth = newer > 0 && fields[newer + 3]?.trim() ? number(fields[newer + 3], "a counter depth", 64) : undefined;
  const at = fields.slice(0, 2).join(",").length;
  const until = fields.slice(0, 8).join(",").length;
  return {
    headerBytes,
    stored: [number(fields[5], "rows", 65536), number(fields[4], "columns", 65536)],
    type,
    chips: number(fields[3], "chips", 64),
    layout: (fields[7] ?? "").trim(),
    depth,
    exposure: Number(fields[10]),
    threshold: Number(fields[14]),
    acquired: (fields[9] ?? "").trim(),
    chipType: (fields[22] ?? "").trim(),
    same: { at, bytes: head.slice(at, until) },
  };
}

/** The companion .hdr: lines of "name (explanation): value" from "HDR," to "End". Names are without their explanation. */
export function readCompanion(bytes: Bytes): ReadonlyMap<string, string> {
  const lines = latin1.decode(bytes.read(0, Math.min(bytes.size, mostHeaderBytes))).split(/\r?\n/);
  if (!lines[0]?.startsWith("HDR")) {
    throw new FormatError(
      `${bytes.name}: expected a Merlin header that begins with HDR, found something else; rename it to open the recording without it`,
      { file: bytes.name, offset: 0 },
    );
  }
  const entries = new Map<string, string>();
  for (const line of lines.slice(1)) {
    if (line.startsWith("End")) break;
    const [, name, value] = /^([^:(]+?)\s*(?:\([^)]*\))?:\s*(.*?)[\s\0]*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) entries.set(name, value);
  }
  return entries;
}

/** The scan size that a .hdr says, and by what: ScanY × ScanX, or as many rows as triggers where one trigger started one row. */
export function recordedScan(companion: ReadonlyMap<string, string>): { size: Size; by: string } | undefined {
  const whole = (name: string): number => {
    const value = companion.get(name) ?? "";
    return /^\d{1,9}$/.test(value) ? Number(value) : 0;
  };
  const [rows, columns] = [whole("ScanY"), whole("ScanX")];
  if (rows > 0 && columns > 0) return { size: [rows, columns], by: "ScanX and ScanY" };
  const [frames, row] = [whole("Frames in Acquisition"), whole("Frames per Trigger")];
  if (row < 2 || frames <= row || frames % row !== 0) return undefined;
  return { size: [frames / row, row], by: "triggers, each taken for a row" };
}
