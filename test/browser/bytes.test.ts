import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blobBytes, type GivenFile } from "../../src/browser/blob-bytes.ts";
import { mainFile } from "../../src/browser/main-file.ts";
import { pagedBytes } from "../../src/browser/paged-bytes.ts";
import { sha256Stream } from "../../src/browser/sha256-stream.ts";
import { npy } from "../../src/results/npy.ts";

const contents = Uint8Array.from({ length: 700_001 }, (_, i) => (i * 31) % 251);

describe("sha256Stream", () => {
  it("is SHA-256, however the bytes come", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (pieces) => {
        const stream = sha256Stream();
        const hash = createHash("sha256");
        for (const piece of pieces) {
          stream.update(piece);
          hash.update(piece);
        }
        expect(Buffer.from(stream.digest()).toString("hex")).toBe(hash.digest("hex"));
      }),
    );
  });
});

describe("pagedBytes", () => {
  const asked: number[] = [];
  const paged = (size = contents.length) =>
    pagedBytes({
      name: "scan.bin",
      size,
      locator: {},
      sibling: () => undefined,
      fetch: (offset, length) => {
        asked.push(length);
        return contents.slice(offset, offset + length);
      },
    });

  it("reads any range as it is", () => {
    fc.assert(
      fc.property(fc.nat(contents.length), fc.nat(600_000), (offset, most) => {
        const length = Math.min(most, contents.length - offset);
        expect(Buffer.compare(paged().read(offset, length), contents.slice(offset, offset + length))).toBe(0);
      }),
    );
  });

  it("asks once for many small reads side by side", () => {
    asked.length = 0;
    const bytes = paged();
    for (let at = 0; at < 1000; at += 10) bytes.read(at, 10);
    expect(asked).toEqual([2 ** 18]);
  });

  it.each([
    ["beyond its end", () => paged().read(contents.length - 3, 4), /ends at byte 700001/],
    ["before its start", () => paged().read(-1, 4), /expected 4 bytes at byte -1/],
    ["that became shorter", () => paged(800_000).read(750_000, 10), /changed while it was read/],
    [
      "that was closed",
      () => {
        const bytes = paged();
        bytes.close();
        bytes.read(0, 1);
      },
      /was closed/,
    ],
  ])("refuses a file %s", (_, read, words) => {
    expect(read).toThrow(words);
  });
});

describe("files that are given together", () => {
  const text = (words: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(words);
  const file = (path: string, bytes: Uint8Array<ArrayBuffer>): GivenFile => {
    const blob = { size: bytes.length, slice: (from: number, to: number) => bytes.slice(from, to) } as unknown as Blob;
    return { path, blob };
  };
  const scan = npy(new Float32Array(360), [3, 4, 5, 6]) as Uint8Array<ArrayBuffer>;

  // Node has no synchronous reader of blobs: here, blobs are stand-ins whose slices are bytes.
  beforeAll(() => {
    Object.assign(globalThis, {
      FileReaderSync: class {
        readAsArrayBuffer = (part: Uint8Array): ArrayBufferLike => part.slice().buffer;
      },
    });
  });
  afterAll(() => {
    Reflect.deleteProperty(globalThis, "FileReaderSync");
  });

  it.each([
    ["one file", [file("a.npy", scan)], "a.npy", "a.npy"],
    ["numbers and what describes them", [file("a.hdr", text("HDR,")), file("a.mib", text("MQ1,"))], "a.mib", "a.mib"],
    ["what describes them alone", [file("a.hdr", text("HDR,")), file("b.txt", text("?"))], "a.hdr", "a.hdr"],
    [
      "a Zarr folder",
      [file("s.zspy/data/.zarray", text("{}")), file("s.zspy/.zgroup", text("{}")), file("s.zspy/data/0", scan)],
      "s.zspy/.zgroup",
      "s.zspy",
    ],
    ["a folder with a scan in it", [file("d/x.txt", text("?")), file("d/y.npy", scan)], "d/y.npy", "y.npy"],
  ])("%s", (_, given, path, name) => {
    expect(mainFile(given)).toEqual({ path, name });
  });

  it("hold the files beside one another, and nothing above", () => {
    const given = [file("s/a.mib", text("MQ1,")), file("s/a.hdr", text("HDR,")), file("s/deep/b", text("b"))];
    const bytes = blobBytes("s/a.mib", given);
    expect(bytes.sibling("a.hdr")?.size).toBe(4);
    expect(bytes.sibling("deep/b")?.name).toBe("b");
    expect(bytes.sibling("../s/a.hdr")?.name).toBe("a.hdr");
    expect(bytes.sibling("none")).toBeUndefined();
    expect(bytes.list?.("")).toEqual(["a.hdr", "a.mib", "deep"]);
    expect(bytes.list?.("deep")).toEqual(["b"]);
    expect(() => blobBytes("other", given)).toThrow(/found none among those that were opened/);
  });

  it("say what was looked for where none is a scan", () => {
    expect(() => mainFile([file("a.txt", text("?")), file("b.txt", text("?"))])).toThrow(
      /a\.txt, b\.txt.*no|found none/,
    );
    expect(() => mainFile([])).toThrow(/empty folder/);
  });
});
