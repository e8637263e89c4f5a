import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codecs, TiffBlockError, undoPredictor } from "../../src/formats/tiff-codecs.ts";

/** LZW as TIFF 6.0 section 13 describes the writer, with strings as keys. */
function lzwEncoded(bytes: Uint8Array): Uint8Array {
  const bits: number[] = [];
  let table = new Map<string, number>();
  let width = 9;
  const put = (code: number): void => {
    for (let bit = width - 1; bit >= 0; bit--) bits.push((code >> bit) & 1);
  };
  const begin = (): void => {
    table = new Map(Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(byte), byte]));
    table.set("clear", 256).set("end", 257);
    width = 9;
  };
  begin();
  put(256);
  let string = "";
  for (const byte of bytes) {
    const letter = String.fromCharCode(byte);
    if (table.has(string + letter)) {
      string += letter;
      continue;
    }
    put(table.get(string)!);
    table.set(string + letter, table.size);
    if (table.size === 512 || table.size === 1024 || table.size === 2048) width++;
    if (table.size === 4095) {
      put(256);
      begin();
    }
    string = letter;
  }
  if (string !== "") put(table.get(string)!);
  put(257);
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, index) =>
    Array.from({ length: 8 }, (_, bit) => bits[8 * index + bit] ?? 0).reduce((byte, bit) => 2 * byte + bit, 0),
  );
}

function packBitsEncoded(bytes: Uint8Array): Uint8Array {
  const packed: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    if (run > 2) packed.push(257 - run, bytes[at]!);
    else packed.push(run - 1, ...bytes.subarray(at, at + run));
    at += run;
    if (at % 5 === 0) packed.push(128); // does nothing
  }
  return Uint8Array.from(packed);
}

const contents = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .array(fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 200 })), { maxLength: 30 })
    .map((runs) => Uint8Array.from(runs.flatMap(([byte, count]) => new Array<number>(count).fill(byte)))),
);

describe("TIFF codecs", () => {
  it("undo what was packed", () => {
    fc.assert(
      fc.property(contents, (bytes) => {
        expect(codecs[5]!(lzwEncoded(bytes), bytes.length)).toEqual(bytes);
        expect(codecs[32773]!(packBitsEncoded(bytes), bytes.length)).toEqual(bytes);
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it("start a new LZW table when one is full", () => {
    let state = 1;
    const noise = Uint8Array.from({ length: 20000 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
    expect(codecs[5]!(lzwEncoded(noise), noise.length)).toEqual(noise);
  });

  it("end in one kind of error on any other bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(5000),
        fc.constantFrom(5, 8, 32773),
        (bytes, length, codec) => {
          try {
            expect(codecs[codec]!(bytes, length).length).toBe(length);
          } catch (error) {
            expect(error).toBeInstanceOf(TiffBlockError);
          }
        },
      ),
      { numRuns: 500, seed: 6 },
    );
  });

  it("undo differences of integers and of floats", () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.constantFrom(1, 2, 4, 8),
        fc.array(fc.nat(255), { minLength: 48, maxLength: 48 }),
        (bigEndian, width, bytes) => {
          const columns = 48 / width / 2;
          const rows = Uint8Array.from(bytes);
          const differences = rows.slice();
          const read = (from: Uint8Array, at: number): bigint => {
            const number = [...from.subarray(at, at + width)];
            return (bigEndian ? number : number.reverse()).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
          };
          for (let at = 0; at < 48; at += width) {
            if (at % 24 === 0) continue;
            const difference = BigInt.asUintN(8 * width, read(rows, at) - read(rows, at - width));
            for (let byte = 0; byte < width; byte++) {
              const place = bigEndian ? at + width - 1 - byte : at + byte;
              differences[place] = Number((difference >> BigInt(8 * byte)) & 255n);
            }
          }
          undoPredictor(2, differences, columns, width, bigEndian);
          expect(differences).toEqual(rows);
          if (width < 4) return;

          // Technical note 3: all most significant bytes of a row first, then differences of bytes.
          const shuffled = new Uint8Array(48);
          for (let row = 0; row < 2; row++) {
            for (let column = 0; column < columns; column++) {
              for (let plane = 0; plane < width; plane++) {
                const byte = bigEndian ? plane : width - 1 - plane;
                shuffled[24 * row + plane * columns + column] = rows[24 * row + column * width + byte]!;
              }
            }
            for (let at = 23; at > 0; at--) {
              shuffled[24 * row + at] = (shuffled[24 * row + at]! - shuffled[24 * row + at - 1]! + 256) % 256;
            }
          }
          undoPredictor(3, shuffled, columns, width, bigEndian);
          expect(shuffled).toEqual(rows);
        },
      ),
      { numRuns: 100, seed: 7 },
    );
  });
});
