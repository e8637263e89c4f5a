import { describe, expect, it } from "vitest";
import { memoryBytes } from "../../src/formats/memory-bytes.ts";
import { readCompanion, recordedScan } from "../../src/formats/mib-header.ts";

const companion = (...lines: string[]) =>
  readCompanion(
    memoryBytes("scan.hdr", new TextEncoder().encode(["HDR,\t", ...lines, "End\t", "Gain:\tlate"].join("\r\n"))),
  );

describe("the .hdr of a Merlin recording", () => {
  it("gives names without their explanations, up to its end", () => {
    const entries = companion(
      "Chip Mode  (SPM, CSM, CM, CSCM):\tSPM",
      "Time (h, min):\t02:07:03",
      "Medipix Clock (MHz):\t120MHz",
    );
    expect(Array.from(entries)).toEqual([
      ["Chip Mode", "SPM"],
      ["Time", "02:07:03"],
      ["Medipix Clock", "120MHz"],
    ]);
  });

  it("gives the scan size, or rows where one trigger started each, or nothing", () => {
    const frames = (all: number, each: number) => [
      `Frames in Acquisition (Number):\t${all}`,
      `Frames per Trigger (Number):\t${each}`,
    ];
    expect(recordedScan(companion("ScanX:\t4", "ScanY:\t3", ...frames(12, 6)))?.size).toEqual([3, 4]);
    expect(recordedScan(companion(...frames(12, 4)))?.size).toEqual([3, 4]);
    for (const [all, each] of [
      [12, 1],
      [12, 12],
      [12, 5],
    ] as const) {
      expect(recordedScan(companion(...frames(all, each)))).toBeUndefined();
    }
    expect(recordedScan(companion("ScanX:\t4.5", "ScanY:\t-3"))).toBeUndefined();
  });
});
