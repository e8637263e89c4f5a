import { escapeXml } from "../figures/svg.ts";

/** HTML that is already markup; everything else is text and gets escaped. */
export interface Markup {
  readonly markup: string;
}

export const markup = (text: string): Markup => ({ markup: text });

type Part = Markup | string | number | undefined | readonly Part[];

/** Template of HTML: values are escaped unless they are {@link Markup}; lists are joined, undefined is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return markup(strings.reduce((text, string, i) => text + shown(parts[i - 1]) + string));
}

function shown(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escapeXml(String(part));
  return isList(part) ? part.map(shown).join("") : part.markup;
}

const isList = (part: Markup | readonly Part[]): part is readonly Part[] => Array.isArray(part);

/** A table of facts: label and value a row. */
export const factTable = (facts: readonly (readonly [label: string, value: string | number])[]): Markup => html`
<table class="facts"><tbody>${facts.map(([label, value]) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`)}</tbody></table>`;
