/** Text in ASCII, other letters as JSON and ImageJ write them: "Å" is "\u00C5". Line breaks stay. */
export const ascii = (text: string): string =>
  text.replaceAll(/[^\n -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
