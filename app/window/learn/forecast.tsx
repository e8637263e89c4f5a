import { bytesInWords } from "../bytes-in-words.ts";
import { useWindow } from "../state/app.ts";

/** Roughly what all methods take, as a multiple of a first look: where patterns stay in memory, and where they are read each time. */
const [looksInMemory, looksFromDisk] = [5, 15];

/** Memory and time that learning will take, told before it starts. */
export function Forecast() {
  const scan = useWindow((state) => state.scan);
  const seconds = useWindow((state) => state.lookSeconds);
  if (!scan) return null;
  const kept = Math.min(scan.bytes, scan.memory);
  const expected =
    seconds === undefined ? undefined : 1 + seconds * (scan.bytes > scan.memory ? looksFromDisk : looksInMemory);
  return (
    <dl className="facts forecast">
      <div>
        <dt>Memory</dt>
        <dd>
          about {bytesInWords(scan.working + kept)}
          {scan.bytes > scan.memory && `; the scan (${bytesInWords(scan.bytes)}) is read from disk several times`}
        </dd>
      </div>
      {expected !== undefined && (
        <div>
          <dt>Time</dt>
          <dd>about {inWords(expected)}</dd>
        </div>
      )}
    </dl>
  );
}

function inWords(seconds: number): string {
  if (seconds < 10) return `${Math.ceil(seconds)} s`;
  if (seconds < 90) return `${Math.ceil(seconds / 10) * 10} s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
