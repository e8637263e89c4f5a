/** The library speaks of options of the command line; here they are controls with these names. */
export const inTheWindow = (text: string): string =>
  text
    .replace(/,? ?(?:say it|with) ?(?:with )?--shape RxC/g, " below")
    .replace(/;? ?(?:say which one |name one of (?:them|these) )?with --dataset(?: PATH)?/g, "; say which below")
    .replace(", or describe its bytes with --raw", ", or describe its bytes below")
    .replace(/^--raw: /, "")
    .replace("--pixel-mask", "a painted detector mask")
    .replace("--scan-mask", "a painted scan mask")
    .replace("--no-align", "alignment switched off")
    .replace("--components of the numbers", "the numbers of components")
    .replace(/--([a-z]+)/g, (_, option: string) => option);
