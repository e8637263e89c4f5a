import { type Kind, usual } from "./synthetic-scan.ts";

/** Scans that differ from the usual one in what the name says. */
export interface Family {
  readonly name: string;
  readonly kind: Kind;
}

const family = (name: string, change: Partial<Kind> = {}): Family => ({ name, kind: { ...usual, ...change } });

/** One axis at a time about the usual scan, then what comes together in practice. */
export const families: readonly Family[] = [
  family("usual: 3 components, half the reflections shared, 5000 e⁻"),
  family("2 components", { components: 2 }),
  family("4 components", { components: 4 }),
  family("5 components", { components: 5 }),
  family("6 components", { components: 6 }),
  family("no shared reflections", { shared: 0 }),
  family("one crystal's reflections all in the others", { shared: 1 }),
  family("few pure positions", { pure: "few" }),
  family("few pure positions, 5 components", { pure: "few", components: 5 }),
  family("no pure positions", { pure: "none" }),
  family("no pure positions, 4 components", { pure: "none", components: 4 }),
  family("no pure positions, no vacuum", { pure: "none", vacuum: false }),
  family("no vacuum", { vacuum: false }),
  family("no vacuum, 5 components", { vacuum: false, components: 5 }),
  family("200 e⁻", { dose: 200 }),
  family("500 e⁻", { dose: 500 }),
  family("2000 e⁻", { dose: 2000 }),
  family("50 000 e⁻", { dose: 50_000 }),
  family("50 000 e⁻, no pure positions", { dose: 50_000, pure: "none" }),
  family("500 e⁻, no pure positions", { dose: 500, pure: "none" }),
  family("10 × 12 positions", { positions: [10, 12] }),
  family("20 × 20 positions, 5 components", { positions: [20, 20], components: 5 }),
  family("patterns of unequal totals", { intensity: "unequal" }),
  family("unequal totals, few pure positions", { intensity: "unequal", pure: "few" }),
  family("intensity varies", { intensity: "varying" }),
  family("intensity varies, no pure positions", { intensity: "varying", pure: "none" }),
  family("embedded particles", { pure: "embedded" }),
  family("embedded particles, reflections contained", { pure: "embedded", shared: 1 }),
  family("carbon film, one of 4 components", { components: 4, film: "counted" }),
  family("carbon film besides 3 components", { film: "besides" }),
  family("bending, 10 %", { bending: 0.1 }),
  family("bending, 30 %", { bending: 0.3 }),
];

/** A few that together touch every part of the method. */
export const quick: readonly Family[] = families.filter(({ name }) =>
  ["2 components", "few pure positions", "no pure positions", "500 e⁻", "intensity varies"].includes(name),
);
