import { expect, it } from "vitest";
import type { Bytes } from "../../src/formats/bytes.ts";
import { emiMetadata } from "../../src/formats/emi.ts";
import { memoryBytes } from "../../src/formats/memory-bytes.ts";

const entry = (label: string, value: string, unit: string): string =>
  `<Data><Label>${label}</Label><Value>${value}</Value><Unit>${unit}</Unit></Data>`;
const beside = (name: string, emi: string): Bytes => ({
  ...memoryBytes(name, new Uint8Array(0)),
  sibling: (path) => (path === "a scan.emi" ? memoryBytes(path, new TextEncoder().encode(emi)) : undefined),
});

it("takes the description out of the .emi beside the .ser", () => {
  const description = `${entry("High tension", "200", "kV")}${entry("Camera length", " 1.100 ", "m")}${entry("Mode", " STEM nP SA", "")}`;
  const emi = `\u0000\u0001binary<ExperimentalDescription><Root>${description}</Root></ExperimentalDescription>more`;
  const expected = { "energy [eV]": 200000, "camera length [mm]": 1100, mode: "STEM nP SA" };
  expect(emiMetadata(beside("a scan_1.ser", emi))).toEqual(expected);
  expect(emiMetadata(beside("a scan_12.ser", emi))).toEqual(expected);
});

it("says nothing without an .emi that can be read", () => {
  expect(emiMetadata(beside("a scan.ser", ""))).toEqual({});
  expect(emiMetadata(beside("another_1.ser", ""))).toEqual({});
  expect(emiMetadata(beside("a scan_1.ser", "\u0000"))).toEqual({});
  expect(emiMetadata(beside("a scan_1.ser", "<ExperimentalDescription><Label>High tension"))).toEqual({});
  const strange = entry("High tension", "many", "kV") + entry("Camera length", "1", "mile");
  expect(emiMetadata(beside("a scan_1.ser", `<ExperimentalDescription>${strange}</ExperimentalDescription>`))).toEqual(
    {},
  );
});
