import { FormatError, UnsupportedError } from "../scan/errors.ts";
import { type CifValues, cifValues } from "./cif-values.ts";
import type { Atom, Crystal } from "./crystal.ts";
import { type Cell, combined, directBasis, length, type Vector, volume } from "./lattice.ts";
import { isElement } from "./scattering-factors.ts";

export interface CifOptions {
  /** What messages call the file, default "CIF". */
  readonly file?: string;
  /** B of atoms that the file gives no displacement [Å²], default 0.5. */
  readonly debyeWaller?: number;
}

/** More atoms than this in a cell are a damaged file, or hours of simulation. */
const mostAtoms = 5000;

/**
 * A crystal from the text of a CIF: cell, symmetry operations written out as x, y, z, atom sites with occupancies and displacements.
 *
 * Charges are read over: the atoms scatter as neutral ones. Anisotropic displacements count by their mean. Coordinates like 0.3333 become
 * thirds, so that reflections that symmetry forbids vanish.
 *
 * @throws FormatError       the text is damaged: names the line or the item
 * @throws UnsupportedError  the space group is only named and not written out, or an atom is of no known element
 * @example
 * const crystal = parseCif("data_Po _cell_length_a 3.36 _cell_length_b 3.36 _cell_length_c 3.36 loop_ _atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z Po 0 0 0");
 */
export function parseCif(text: string, { file = "CIF", debyeWaller = 0.5 }: CifOptions = {}): Crystal {
  const values = cifValues(text, file);
  const cell = cellOf(values, file);
  const edges = directBasis(cell);
  const operations = operationsOf(values, file);
  const atoms: Atom[] = [];
  for (const site of sitesOf(values, file, debyeWaller)) {
    const places: Vector[] = [];
    for (const operation of operations) {
      const place = operation(site.place);
      // Special positions: operations that map a site onto itself, within rounding of its coordinates.
      const again = places.some((other) => {
        const apart = place.map((x, i) => x - other[i]! - Math.round(x - other[i]!)) as unknown as Vector;
        return length(combined(apart, edges)) < 0.1;
      });
      if (!again) places.push(place);
    }
    atoms.push(...places.map((place) => ({ ...site, place })));
    if (atoms.length > mostAtoms) {
      throw new UnsupportedError(`${file}: expected at most ${mostAtoms} atoms in the cell, found more`, {
        feature: "large cells",
      });
    }
  }
  const name = values.get("_chemical_formula_sum")?.[0] ?? values.get("_chemical_name_common")?.[0];
  return { name: name?.replace(/\s+/g, "") || file, cell, atoms };
}

function cellOf(values: CifValues, file: string): Cell {
  const read = (tag: string, least: number, most: number, missing?: number): number => {
    const text = values.get(tag)?.[0];
    const value = text === undefined && missing !== undefined ? missing : numberOf(text);
    if (value >= least && value <= most) return value;
    throw new FormatError(`${file}: expected ${tag} from ${least} to ${most}, found ${text ?? "nothing"}`, {
      file,
      object: tag,
    });
  };
  const edge = (which: string) => read(`_cell_length_${which}`, 1, 1000);
  const angle = (which: string) => read(`_cell_angle_${which}`, 20, 160, 90);
  const cell = {
    a: edge("a"),
    b: edge("b"),
    c: edge("c"),
    alpha: angle("alpha"),
    beta: angle("beta"),
    gamma: angle("gamma"),
  };
  if (volume(directBasis(cell)) > 1e-3 * cell.a * cell.b * cell.c) return cell;
  throw new FormatError(
    `${file}: expected angles that enclose a volume, found ${cell.alpha}, ${cell.beta}, ${cell.gamma}°`,
    { file, object: "_cell_angle_alpha" },
  );
}

type Operation = (place: Vector) => Vector;

function operationsOf(values: CifValues, file: string): Operation[] {
  const written = values.get("_space_group_symop_operation_xyz") ?? values.get("_symmetry_equiv_pos_as_xyz");
  if (written !== undefined && written.length > 0) return written.map((text) => operationOf(text, file));
  const group =
    values.get("_space_group_name_h-m_alt")?.[0] ??
    values.get("_symmetry_space_group_name_h-m")?.[0] ??
    values.get("_space_group_it_number")?.[0] ??
    values.get("_symmetry_int_tables_number")?.[0] ??
    "P 1";
  if (/^(p\s*1|1|\?|\.)$/i.test(group)) return [(place) => place];
  throw new UnsupportedError(
    `${file}: expected symmetry operations written out (_space_group_symop_operation_xyz), found only the group ${group}; save the CIF with them`,
    { feature: "space groups by name" },
  );
}

/** "-x+1/2, y, z-x": a sum of signed letters and numbers for each coordinate. */
function operationOf(text: string, file: string): Operation {
  const fail = () =>
    new FormatError(`${file}: expected a symmetry operation like "-x+1/2, y, z", found "${text}"`, {
      file,
      object: "_space_group_symop_operation_xyz",
    });
  const parts = text.toLowerCase().replace(/\s+/g, "").split(",");
  if (parts.length !== 3) throw fail();
  const rows = parts.map((part) => {
    if (!/^([+-]?([xyz]|\d+(\.\d+)?(\/\d+)?|\.\d+))([+-]([xyz]|\d+(\.\d+)?(\/\d+)?|\.\d+))*$/.test(part)) throw fail();
    const row = [0, 0, 0, 0];
    for (const [, sign, term] of part.matchAll(/([+-]?)([xyz]|[\d./]+)/g)) {
      const column = "xyz".indexOf(term!);
      const value = column < 0 ? numberOf(term) : 1;
      if (!Number.isFinite(value)) throw fail();
      row[column < 0 ? 3 : column]! += sign === "-" ? -value : value;
    }
    return row;
  });
  return (place) =>
    rows.map((row) => row[0]! * place[0] + row[1]! * place[1] + row[2]! * place[2] + row[3]!) as unknown as Vector;
}

function sitesOf(values: CifValues, file: string, debyeWaller: number): Atom[] {
  const column = (name: string) => values.get(`_atom_site_${name}`);
  const symbols = column("type_symbol") ?? column("label");
  if (symbols === undefined || symbols.length === 0) {
    throw new FormatError(`${file}: expected atom sites (_atom_site_label, _atom_site_fract_x …), found none`, {
      file,
      object: "_atom_site_label",
    });
  }
  const anisotropic = meanDisplacements(values);
  return symbols.map((symbol, i) => {
    const read = (name: string, least: number, most: number, missing: number): number => {
      const text = column(name)?.[i];
      const value = isMissing(text) ? missing : numberOf(text);
      if (value >= least && value <= most) return value;
      throw new FormatError(
        `${file}: expected _atom_site_${name} of ${symbol} from ${least} to ${most}, found ${text ?? "nothing"}`,
        { file, object: `_atom_site_${name}` },
      );
    };
    const fraction = (axis: "x" | "y" | "z") => snapped(read(`fract_${axis}`, -100, 100, Number.NaN));
    const fromU = read("u_iso_or_equiv", 0, 10, anisotropic.get(column("label")?.[i] ?? symbol) ?? debyeWaller / perU);
    const occupancy = read("occupancy", 0, 1.001, 1);
    return {
      element: elementOf(symbol, file),
      place: [fraction("x"), fraction("y"), fraction("z")],
      debyeWaller: read("b_iso_or_equiv", 0, 800, fromU * perU),
      ...(occupancy < 1 && { occupancy }),
    };
  });
}

/** B = 8π² U. */
const perU = 8 * Math.PI ** 2;

/** Mean of U₁₁, U₂₂ and U₃₃ by label. */
function meanDisplacements(values: CifValues): Map<string, number> {
  const labels = values.get("_atom_site_aniso_label") ?? [];
  const columns = ["11", "22", "33"].map((index) => values.get(`_atom_site_aniso_u_${index}`));
  const means = labels.map((label, i) => {
    const mean = columns.reduce((sum, list) => sum + numberOf(list?.[i]) / 3, 0);
    return [label, mean] as const;
  });
  return new Map(means.filter(([, mean]) => mean >= 0 && mean < 10));
}

/** "Ga3+", "GA1" and "Ga" are gallium; a label of one letter and a digit is the element of one letter. */
function elementOf(symbol: string, file: string): string {
  const letters = /^[a-z]{1,2}/i.exec(symbol)?.[0] ?? "";
  const two = letters.charAt(0).toUpperCase() + letters.slice(1).toLowerCase();
  if (isElement(two)) return two;
  const one = two.charAt(0);
  if (one === "D") return "H";
  if (isElement(one)) return one;
  throw new UnsupportedError(`${file}: expected an element, H … Cf, found ${symbol}`, {
    feature: `atoms of ${symbol}`,
  });
}

const isMissing = (text: string | undefined): boolean => text === undefined || text === "." || text === "?";

/** "5.65(3)", "-.5", "1e-3" and "1/4"; NaN of anything else. The uncertainty in brackets is read over. */
function numberOf(text: string | undefined): number {
  const [, whole, divisor] =
    /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?:\/(\d+))?(?:\(\d+\))?$/i.exec(text ?? "") ?? [];
  return whole === undefined ? Number.NaN : Number(whole) / Number(divisor ?? 1);
}

/** Thirds and sixths that were cut to four decimals, exactly. */
function snapped(x: number): number {
  const sixths = Math.round(x * 6);
  return Math.abs(x - sixths / 6) < 1e-4 ? sixths / 6 : x;
}
