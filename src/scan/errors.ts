/**
 * The five classes of error. Every message says what was expected, what was found and what to do,
 * in one line; the fields carry the same facts as data.
 */
abstract class EndmemberError<Facts extends object> extends Error {
  readonly facts: Facts;
  constructor(message: string, facts: Facts, cause?: unknown) {
    super(oneLine(message), cause === undefined ? undefined : { cause });
    this.facts = facts;
  }
}

/** A file is damaged or not what it says: which file, and where in it. */
export class FormatError extends EndmemberError<{
  readonly file: string;
  readonly offset?: number;
  readonly object?: string;
}> {
  override readonly name = "FormatError";
}

/** A shape, count or option is outside what is allowed. */
export class ShapeError extends EndmemberError<{ readonly got: unknown; readonly expected: unknown }> {
  override readonly name = "ShapeError";
}

/** A value in the data is not allowed: which position and pixel, where known. */
export class DataError extends EndmemberError<{ readonly position?: number; readonly pixel?: number }> {
  override readonly name = "DataError";
}

/** Something well-formed that this version cannot do. */
export class UnsupportedError extends EndmemberError<{ readonly feature: string }> {
  override readonly name = "UnsupportedError";
}

/** An engine failed: a worker died, memory could not be had. */
export class EngineError extends EndmemberError<{ readonly engine: string }> {
  override readonly name = "EngineError";
}

/** Whatever of a damaged file a message quotes, it stays one line. */
const oneLine = (message: string): string => message.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
