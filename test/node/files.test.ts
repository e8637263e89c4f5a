import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bytesFrom, fileBytes } from "../../src/node/files.ts";
import { writeBeside } from "../../src/node/write.ts";

const folder = mkdtempSync(join(tmpdir(), "endmember-files-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);

describe("fileBytes", () => {
  writeFileSync(
    path("ten"),
    Uint8Array.from({ length: 10 }, (_, index) => index),
  );

  it("reads ranges, into any memory", () => {
    const bytes = fileBytes(path("ten"));
    expect([bytes.name, bytes.size]).toEqual(["ten", 10]);
    expect(Array.from(bytes.read(3, 4))).toEqual([3, 4, 5, 6]);
    const shared = new Uint8Array(new SharedArrayBuffer(6), 1, 4);
    bytes.readInto(6, shared);
    expect(Array.from(shared)).toEqual([6, 7, 8, 9]);
    expect(Array.from(bytesFrom(structuredClone(bytes.locator)).read(9, 1))).toEqual([9]);
    expect(bytes.sibling("none")).toBeUndefined();
    expect(bytes.sibling("../../etc/passwd")).toBeUndefined();
    expect(bytes.sibling("ten")?.size).toBe(10);
    bytes.close();
    bytes.close();
    expect(() => bytes.read(0, 1)).toThrow(/closed/);
  });

  it("says where a file ends too early", () => {
    writeFileSync(path("shrinking"), new Uint8Array(10));
    const bytes = fileBytes(path("shrinking"));
    expect(() => bytes.read(8, 3)).toThrow(/ends at byte 10/);
    truncateSync(path("shrinking"), 4);
    expect(() => bytes.readInto(0, new Uint8Array(10))).toThrow(
      /ends at byte 4: it is truncated, or changed while it was read/,
    );
    bytes.close();
  });

  it("says what is wrong with a path", () => {
    expect(() => fileBytes(path("none"))).toThrow(/expected a file, found none/);
    expect(() => fileBytes(folder)).toThrow(/found a folder/);
    writeFileSync(path("secret"), "");
    chmodSync(path("secret"), 0);
    if (process.getuid?.() !== 0) expect(() => fileBytes(path("secret"))).toThrow(/permissions/);
  });
});

describe("writeBeside", () => {
  it("leaves the whole file, and nothing else", async () => {
    await writeBeside(path("out"), async (sink) => {
      await sink.write(new Uint8Array([1, 2]));
      await sink.write(new Uint8Array([3]));
      expect(existsSync(path("out"))).toBe(false);
    });
    expect(Array.from(readFileSync(path("out")))).toEqual([1, 2, 3]);
  });

  it("keeps an older file unless forced, and whenever it fails", async () => {
    writeFileSync(path("old"), "old");
    await expect(writeBeside(path("old"), () => {})).rejects.toThrow(/expected a new file/);
    const failing = writeBeside(path("old"), () => Promise.reject(new Error("stopped")), { force: true });
    await expect(failing).rejects.toThrow("stopped");
    expect(readFileSync(path("old"), "utf8")).toBe("old");
    await writeBeside(path("old"), (sink) => sink.write(new Uint8Array([65])), { force: true });
    expect(readFileSync(path("old"), "utf8")).toBe("A");
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
    await expect(writeBeside(path("none/out"), () => {})).rejects.toThrow(/cannot be written/);
  });
});
