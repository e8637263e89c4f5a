import { built } from "./built.ts";

/** Builds the app as it is published. @returns its folder */
export const buildWindow = (): Promise<string> => built("window");
