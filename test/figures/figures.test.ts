import { describe, expect, it } from "vitest";
import { componentPanels } from "../../src/figures/component-panels.ts";
import { errorPlot } from "../../src/figures/error-plot.ts";
import { heatmap } from "../../src/figures/heatmap.ts";
import { loadingsScatter } from "../../src/figures/loadings-scatter.ts";
import { figure } from "../../src/figures/panel.ts";
import { profilePlot } from "../../src/figures/profile-plot.ts";
import { screePlot } from "../../src/figures/scree-plot.ts";
import { shiftMaps } from "../../src/figures/shift-maps.ts";
import { resultFigures } from "../../src/results/figures.ts";
import { uncalibratedAxes } from "../../src/scan/source.ts";
import { anAnalysis } from "../results/an-analysis.ts";
import { expectFigure } from "./figure-snapshot.ts";

const analysis = anAnalysis({ positions: [9, 12], pixels: [20, 26] });

describe("figures of a run", () => {
  it.each([...resultFigures(analysis)].map(({ name, svg }) => [name, svg] as const))("%s is as before", (name, svg) => {
    expectFigure(name, svg);
  });

  it("line profiles are as before, with a gap where there is no number", () => {
    const svg = profilePlot({
      title: "Across the boundary",
      step: 10,
      unit: "nm",
      ordinate: "loading",
      curves: [
        { label: "crystal A", values: [1, 1, 0.9, 0.5, 0.1, 0, 0] },
        { label: "crystal B", values: [0, 0, 0.1, Number.NaN, 0.9, 1, 1] },
      ],
    });
    expectFigure("profile", svg);
  });
});

describe("figures of poor data", () => {
  /** Drawn without a number that is none; findings are short, a failing test must not print pictures. */
  const drawn = (svg: string): void => {
    const markup = svg.replace(/data:[^"]*/g, "");
    expect(markup.match(/[^" ]*(NaN|Infinity|undefined)[^" ]*/)?.[0]).toBeUndefined();
    expect(markup.match(/aria-label="[^"]{10}/)).not.toBeNull();
  };
  const size = [3, 4] as const;
  const cases: [string, Float32Array][] = [
    ["only zeros", new Float32Array(12)],
    ["one constant", new Float32Array(12).fill(7)],
    ["a negative constant", new Float32Array(12).fill(-3)],
    ["no number at all", new Float32Array(12).fill(Number.NaN)],
    ["infinities", Float32Array.from({ length: 12 }, (_, i) => (i === 5 ? Number.POSITIVE_INFINITY : i))],
    ["tiny and huge", Float32Array.from({ length: 12 }, (_, i) => 10 ** (i * 6 - 36))],
  ];
  for (const [what, values] of cases) {
    for (const display of [{ kind: "linear" }, { kind: "gamma", gamma: 0.4 }, { kind: "log" }] as const) {
      for (const signed of [false, true]) {
        it(`draws ${what}, ${display.kind}${signed ? ", signed" : ""}`, () => {
          const panel = heatmap(values, size, { title: what, axes: uncalibratedAxes.positions, display, signed });
          drawn(figure(panel, { title: what, description: "test" }));
        });
      }
    }
  }

  it("draws one position, one pixel, one component", () => {
    const one = { count: 1, size: [1, 1] as const, values: new Float32Array([2]) };
    drawn(
      componentPanels({
        title: "one",
        patterns: { kind: "patterns", ...one },
        images: { kind: "images", ...one },
        axes: uncalibratedAxes,
        names: { pattern: "factor", image: "loading" },
      }),
    );
  });

  it("draws a line scan and a step of 0", () => {
    const axes = [
      { name: "y", step: 0, unit: "nm", origin: 0 },
      { name: "x", step: 0, unit: "nm", origin: 0 },
    ] as const;
    drawn(
      figure(heatmap(new Float32Array(300), [1, 300], { title: "line", axes }), { title: "line", description: "test" }),
    );
  });

  it("draws plots of nothing", () => {
    drawn(screePlot({ explained: [] }));
    drawn(screePlot({ explained: [0, 0, 0], rank: { suggested: 1 } }));
    drawn(screePlot({ explained: [0.9, 0.05, 0], rank: { suggested: 2 }, noiseEdge: 0.01 }));
    drawn(errorPlot({ errorByComponents: {} }));
    drawn(errorPlot({ errorByComponents: { 1: 0, 2: 0 }, norm: 0, chosen: 2 }));
    drawn(profilePlot({ title: "none", curves: [], step: 1, unit: "px", ordinate: "value" }));
    drawn(
      profilePlot({ title: "flat", curves: [{ label: "a", values: [0, 0] }], step: 1, unit: "px", ordinate: "value" }),
    );
  });

  it("draws a scatter of points that all coincide, and of no number", () => {
    for (const value of [0, 5, Number.NaN]) {
      const coordinates = [new Float32Array(4).fill(value), new Float32Array(4).fill(value)];
      drawn(
        loadingsScatter({
          title: "same",
          coordinates,
          labels: new Uint8Array(4),
          centres: new Float64Array([value, value, value, value]),
          fuzzifier: 2,
          pairs: [[0, 1]],
        }),
      );
    }
  });

  it("draws shift maps where no beam was found anywhere", () => {
    const images = (value: number) => ({
      kind: "images" as const,
      count: 2,
      size,
      values: new Float32Array(24).fill(value),
    });
    const plane = { constant: 0, perRow: 0, perColumn: 0, rms: Number.NaN };
    drawn(
      shiftMaps({
        alignment: {
          measured: images(Number.NaN),
          fitted: images(2),
          plane: [plane, plane],
          repaired: new Uint8Array(12).fill(1),
        },
        axes: uncalibratedAxes,
      }),
    );
  });
});

it("never uses ids, which would clash where a page holds many figures", () => {
  for (const { svg } of resultFigures(analysis)) expect(/\sid="/.test(svg)).toBe(false);
});

it("escapes names that look like markup", () => {
  const svg = profilePlot({ title: `<b>&"x"`, curves: [], step: 1, unit: "<nm>", ordinate: "a & b" });
  expect(svg).not.toContain("<b>");
  expect(svg).toContain("&lt;nm&gt;");
});
