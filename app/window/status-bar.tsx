import { useEffect, useState } from "react";
import { learntNumbers } from "../session/learnt-numbers.ts";
import { Icon } from "./controls/icon.tsx";
import { stageName } from "./stage-names.ts";
import { useWindow } from "./state/app.ts";
import { settles } from "./state/relearning.ts";

/** What is going on: the read-out under the cursor, or how far work is, with a button to stop it. */
export function StatusBar() {
  const task = useWindow((state) => state.task);
  const said = useWindow((state) => state.said);
  const preview = useWindow((state) => state.preview);
  const settling = useWindow(
    (state) => state.analysis !== undefined && settles(state, learntNumbers(state.analysis).components),
  );
  const seconds = useSeconds(task?.began);
  const percent = Math.round(100 * (task?.fraction ?? 0));
  return (
    <footer className="status-bar">
      <span className="unseen" aria-live="polite">
        {said}
      </span>
      {task ? (
        <div className="task">
          <b>{task.name}</b>
          <span>{stageName(task.stage)}</span>
          <progress aria-label={task.name} max={100} value={percent} />
          <span className="task-numbers">
            {percent} % · {seconds} s
          </span>
          <button type="button" className="small" onClick={task.cancel}>
            <Icon name="stop" /> Stop
          </button>
        </div>
      ) : (
        <span className="said">
          {preview ? <b className="preview-mark">preview</b> : said}
          {preview &&
            (settling
              ? "Roughly these numbers of components and clusters; the exact result follows"
              : "Roughly these numbers of components and clusters; learn with them to have the exact result")}
        </span>
      )}
      <span className="private" title="Everything is computed on this machine; nothing is sent anywhere.">
        <Icon name="check" /> Nothing leaves this machine
      </span>
    </footer>
  );
}

/** Seconds since a moment, counted on. */
function useSeconds(began: number | undefined): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (began === undefined) return;
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, [began]);
  return began === undefined ? 0 : Math.max(0, Math.round((now - began) / 1000));
}
