/** The version of this library, as recipes record it. A test holds it to package.json. */
export const version = "0.1.0";
