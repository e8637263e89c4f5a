import { CommanderError } from "commander";

/** 0 done, 1 the data or the run failed, 2 wrong usage, 128 + n stopped by signal n. */
export type ExitCode = number;

/** Wrong usage that only shows when options meet each other or the file. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Why a run was stopped from outside. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly code: ExitCode;
  constructor(signal: string, code: ExitCode) {
    super(`stopped by ${signal}; nothing was written`);
    this.code = code;
  }
}

/** Says on stderr, in one line, what went wrong. */
export function report(error: unknown, debug: boolean): ExitCode {
  // commander has already said what it had to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`endmember: ${lineFor(error)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack}\n${cause(error)}`);
  if (error instanceof UsageError) return 2;
  return error instanceof Interruption ? error.code : 1;
}

const expected = new Set([
  "FormatError",
  "ShapeError",
  "DataError",
  "UnsupportedError",
  "EngineError",
  "UsageError",
  "Interruption",
]);

/** What the system's error codes mean to somebody who gave a path. */
const systemErrors: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder; check the path",
  EACCES: "permission denied; check who may read or write it",
  EPERM: "not permitted; check who may read or write it",
  EISDIR: "expected a file, found a folder",
  ENOTDIR: "expected a folder, found a file",
  ENOSPC: "no space left on the disk; free some, or choose another place with --out",
  EROFS: "read-only file system; choose another place with --out",
  EMFILE: "too many open files; close some, or raise the limit (ulimit -n)",
  ENAMETOOLONG: "name too long; choose a shorter one",
  EXDEV: "cannot be moved to another disk; choose another place with --out",
};

function lineFor(error: unknown): string {
  if (!(error instanceof Error)) return `unexpected: ${String(error)}`;
  if (expected.has(error.name)) return oneLine(error.message);
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined && code in systemErrors) return `${path ?? "file"}: ${systemErrors[code]}`;
  if (error instanceof RangeError && /allocation|array buffer|Invalid array length/i.test(error.message)) {
    return "not enough memory for this scan; set --memory lower, or learn fewer components";
  }
  return `unexpected ${error.name}: ${oneLine(error.message)}; --debug shows where`;
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, " ");
const cause = (error: Error): string => (error.cause instanceof Error ? `caused by ${error.cause.stack}\n` : "");
