import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError, UnsupportedError } from "../../src/scan/errors.ts";
import { parseCif } from "../../src/simulate/cif.ts";
import { structureFactorSquared } from "../../src/simulate/crystal.ts";
import { crystals } from "../../src/simulate/crystals.ts";

/** Zinc blende with the generators of F-43m written out as a database would: four centrings of the identity are enough for these places. */
const zincBlende = `
# a comment
data_gaas
_chemical_formula_sum 'Ga As'
_cell_length_a   5.6533(2)
_cell_length_b   5.6533(2)
_cell_length_c   5.6533(2)
_cell_angle_alpha 90
_cell_angle_beta  90.0
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'F -4 3 m'
_publ_section_title
;
 loop_ data_ _cell_length_a 1
 in a text means nothing
;
loop_
_symmetry_equiv_pos_as_xyz
'x, y, z'  'x, y+1/2, z+1/2'
'1/2+x, y, z+.5' 'x+0.5,y+1/2,z'
'-x, -y, z' '-x, 1/2-y, z+1/2'
'1/2-x, -y, z+1/2' '1/2-X, 1/2-Y, Z'
loop_
_atom_site_label _atom_site_type_symbol _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z _atom_site_occupancy _atom_site_U_iso_or_equiv
Ga1 Ga3+ 0 0 0 1 0.00887(2)
As1 As3- 1/4 0.25 .2500(1) 1.0 ?
loop_
_atom_site_aniso_label _atom_site_aniso_U_11 _atom_site_aniso_U_22 _atom_site_aniso_U_33
As1 0.007 0.008 0.009
`;

describe("parseCif", () => {
  test("zinc blende: uncertainties, charges, fractions, comments, text fields, special positions", () => {
    const { name, cell, atoms } = parseCif(zincBlende);
    expect(name).toBe("GaAs");
    expect(cell).toEqual({ a: 5.6533, b: 5.6533, c: 5.6533, alpha: 90, beta: 90, gamma: 90 });
    // −x, −y, z maps the structure onto itself: 8 operations leave 4 of each.
    expect(atoms.filter(({ element }) => element === "Ga")).toHaveLength(4);
    expect(atoms.filter(({ element }) => element === "As")).toHaveLength(4);
    expect(atoms[0]!.debyeWaller).toBeCloseTo(8 * Math.PI ** 2 * 0.00887, 10);
    expect(atoms.at(-1)!.debyeWaller).toBeCloseTo(8 * Math.PI ** 2 * 0.008, 10);
  });

  test("gives the structure factors of the built-in crystal", () => {
    const operations = ["x,y,z", "x,y+1/2,z+1/2", "x+1/2,y,z+1/2", "x+1/2,y+1/2,z"];
    const crystal = parseCif(
      [
        "data_x",
        ...["a", "b", "c"].map((edge) => `_cell.length_${edge} 5.6533`),
        "loop_\n_space_group_symop.operation_xyz",
        ...operations,
        "loop_\n_atom_site.label\n_atom_site.fract_x\n_atom_site.fract_y\n_atom_site.fract_z\n_atom_site.B_iso_or_equiv",
        "GA1 0 0 0 0.7",
        "AS1 .25 .25 .25 0.6",
      ].join("\r\n"),
    );
    expect(crystal.name).toBe("CIF");
    for (const miller of [
      [1, 1, 1],
      [2, 0, 0],
      [2, -2, 0],
      [1, 0, 0],
      [3, 1, -1],
    ] as const) {
      expect(structureFactorSquared(crystal, miller)).toBeCloseTo(structureFactorSquared(crystals.GaAs, miller), 9);
    }
  });

  test("a hexagonal cell with cut thirds: magnesium's 001 is exactly absent", () => {
    const magnesium = parseCif(`data_Mg
      _cell_length_a 3.209 _cell_length_b 3.209 _cell_length_c 5.211 _cell_angle_gamma 120
      loop_ _space_group_symop_operation_xyz "x,y,z" "-x,-y,z+1/2" "-y,x-y,z" "x-y,x,z+1/2"
      loop_ _atom_site_type_symbol _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z _atom_site_occupancy
      Mg 0.3333 0.6667 0.25 0.9`);
    expect(magnesium.atoms).toHaveLength(2);
    expect(magnesium.atoms[0]).toMatchObject({ occupancy: 0.9, debyeWaller: 0.5 });
    expect(structureFactorSquared(magnesium, [0, 0, 1])).toBe(0);
    expect(structureFactorSquared(magnesium, [0, 0, 2])).toBeGreaterThan(1);
    expect(structureFactorSquared(magnesium, [1, 1, 1])).toBe(0);
  });

  test.each([
    ["", FormatError, "_cell_length_a"],
    ["data_x", FormatError, "_cell_length_a"],
    ["data_x _cell_length_a", FormatError, "value after _cell_length_a"],
    ["data_x _cell_length_a 5 _cell_length_b x _cell_length_c 5", FormatError, "_cell_length_b"],
    ["data_x _cell_length_a 5 _cell_length_b 5 _cell_length_c 5", FormatError, "atom sites"],
    [zincBlende.replace("90.0", "179"), FormatError, "_cell_angle_beta"],
    [
      zincBlende.replace("90.0", "30").replace("alpha 90", "alpha 150"),
      FormatError,
      "enclose a volume, found 150, 30, 90°",
    ],
    [zincBlende.replace(/^loop_\n_symmetry[\s\S]*?(?=loop_\n_atom_site_label)/m, ""), UnsupportedError, "F -4 3 m"],
    [zincBlende.replace("-x, -y, z", "-x, -y"), FormatError, "symmetry operation"],
    [zincBlende.replace("-x, -y, z", "-x, -q, z"), FormatError, '"-x, -q, z"'],
    [zincBlende.replace("As1 As3- 1/4", "As1 As3-"), FormatError, "whole rows of 7 values"],
    [zincBlende.replace("1/4", "one"), FormatError, "_atom_site_fract_x of As3-"],
    [zincBlende.replace("Ga3+", "Qq"), UnsupportedError, "Qq"],
    [zincBlende.replace("\n;\nloop_", "\nloop_"), FormatError, 'ends with a line ";"'],
  ] as const)("says in one line what is wrong (%#)", (text, kind, words) => {
    const read = () => parseCif(text, { file: "a.cif" });
    expect(read).toThrow(kind);
    expect(read).toThrow(words);
    expect(read).toThrow(/^a\.cif[^\n]*$/);
  });

  test("whatever a damaged file holds, it is a crystal or one of the two errors", () => {
    const damage = fc.array(
      fc.tuple(fc.nat(zincBlende.length), fc.nat(40), fc.string({ maxLength: 8, unit: "binary" })),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(damage, (changes) => {
        let text = zincBlende;
        for (const [at, gone, put] of changes) text = text.slice(0, at) + put + text.slice(at + gone);
        try {
          const { atoms, cell } = parseCif(text);
          expect(atoms.every(({ place, debyeWaller }) => [...place, debyeWaller].every(Number.isFinite))).toBe(true);
          expect(Object.values(cell).every(Number.isFinite)).toBe(true);
        } catch (error) {
          if (!(error instanceof FormatError || error instanceof UnsupportedError)) throw error;
        }
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
