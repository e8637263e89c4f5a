import { describe, expect, it } from "vitest";
import type { Analysis } from "../../src/analyse/analysis.ts";
import { resultFigures } from "../../src/results/figures.ts";
import { report } from "../../src/results/report.ts";
import { anAnalysis } from "./an-analysis.ts";

const analysis = anAnalysis({ positions: [36, 48], pixels: [20, 26] });
const write = (of: Analysis) => report(of, [...resultFigures(of)]);
const page = write(analysis);
/** Without pictures: their base64 could hold any word, and a failing test must not print it. */
const light = (text: string) => text.replace(/data:image\/png;base64,[^"]*/g, "data:");
const markup = light(page);
const found = (pattern: RegExp, text = markup) => text.match(pattern)?.map((match) => match.slice(0, 200));

describe("report.html", () => {
  it("says first what was found", () => {
    expect(found(/<h1>[^<]*<\/h1>/)?.[0]).toBe("<h1>3 distinct patterns in 1\u202f728 positions</h1>");
  });

  it("asks for nothing outside itself", () => {
    expect(found(/\b(?:src|href|srcset|poster|action|data)="(?!#|data:)[^"]*"/g)).toBeUndefined();
    expect(found(/url\(|@import|<link|<iframe|<object|fetch\(|XMLHttpRequest|import\(/g)).toBeUndefined();
    expect(found(/https?:\/\/(?!www\.w3\.org\/)[^"'\s]*/g)).toBeUndefined();
  });

  it("describes every figure for those who cannot see it, and captions it", () => {
    const figures = markup.match(/<figure>.*?<\/figure>/gs) ?? [];
    expect(figures).toHaveLength(8);
    for (const figure of figures) {
      expect(found(/<svg[^>]*role="img"[^>]*aria-label="[^"]{30,}"/, figure)).not.toBeUndefined();
      expect(found(/<figcaption>[^<]{20,}<\/figcaption>/, figure)).not.toBeUndefined();
    }
  });

  it("has one h1 and no level of heading left out", () => {
    const levels = [...markup.matchAll(/<h([1-6])/g)].map((match) => Number(match[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (let i = 1; i < levels.length; i++) expect(levels[i]! - levels[i - 1]!).toBeLessThanOrEqual(1);
  });

  it("links only to sections that are there", () => {
    const targets = [...markup.matchAll(/href="#([^"]*)"/g)].map((match) => match[1]);
    expect(targets.length).toBeGreaterThan(5);
    for (const target of targets) expect(markup.includes(`<section id="${target}"`), target).toBe(true);
  });

  it("tells warnings with their remedies, votes, timings, recipe and where the data came from", () => {
    for (const words of [
      analysis.warnings[0]!.message,
      analysis.warnings[0]!.remedy,
      "noise edge",
      "2.76 s",
      "212 MiB",
      "&quot;seed&quot;: 1",
      "endmember analyse &quot;twinned wire.blo&quot; --recipe recipe.json",
      analysis.recipe.input.sha256,
      "0.0185 Å⁻¹",
      "10 nm",
    ]) {
      expect(markup.includes(words), words).toBe(true);
    }
  });

  it("shows a hostile name as text", () => {
    const name = `<img src=x onerror=alert(1)>"'&.blo`;
    const hostile = light(
      write({
        ...analysis,
        scan: { ...analysis.scan, name, metadata: { "<b>": name } },
        recipe: { ...analysis.recipe, input: { ...analysis.recipe.input, file: name } },
        warnings: [{ code: name, message: name, remedy: name }],
      }),
    );
    expect(found(/<img|<b>/, hostile)).toBeUndefined();
  });

  it("reads well when only a little was done", () => {
    const { alignment: _, svd: __, rank: ___, nmf: ____, fcm: _____, ...bare } = analysis;
    const small = light(write({ ...bare, warnings: [], seconds: {} }));
    expect(found(/<h1>[^<]*/, small)?.[0]).toBe("<h1>1\u202f728 positions imaged");
    expect(found(/undefined|NaN|null/, small)).toBeUndefined();
    expect(small.includes("No check raised a warning.")).toBe(true);
  });
});
