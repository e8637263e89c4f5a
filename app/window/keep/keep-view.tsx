import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Analysis, ResultFile } from "../../../src/index.ts";
import { bytesInWords } from "../bytes-in-words.ts";
import { Icon } from "../controls/icon.tsx";
import { Panel } from "../controls/panel.tsx";
import { Section } from "../controls/section.tsx";
import { useApp, useWindow } from "../state/app.ts";
import { learn } from "../state/learning.ts";
import { runTask } from "../state/run-task.ts";
import { download, resultFolder, zipped } from "./download.ts";
import { FilePreview } from "./file-preview.tsx";
import { FileTable } from "./file-table.tsx";

/** The files that the command line would write: seen, saved one by one, or all in one. */
export function KeepView() {
  const app = useApp();
  const { session, store } = app;
  const scan = useWindow((state) => state.scan);
  const files = useWindow((state) => state.files);
  const preview = useWindow((state) => state.preview);
  const busy = useWindow((state) => state.task !== undefined);
  const [shown, setShown] = useState<string>();

  const analysis = useWindow((state) => state.analysis);
  const tried = useRef<Analysis>(undefined);
  const prepare = useCallback(async (): Promise<void> => {
    const { analysis, axes } = store.get();
    tried.current = analysis;
    const found = await runTask(app, "Preparing the files", (progress) => session.files(axes, progress));
    if (found && store.get().analysis === analysis) store.set({ files: found });
  }, [app, session, store]);
  useEffect(() => {
    // Again when a preview has become exact meanwhile; not when it failed.
    if (files === undefined && !busy && tried.current !== analysis) void prepare();
  }, [prepare, files, busy, analysis]);

  const folder = resultFolder(scan?.name ?? "scan");
  const total = useMemo(() => files?.reduce((sum, { bytes }) => sum + bytes.length, 0) ?? 0, [files]);
  const all = (): void => {
    if (files) download(`${folder}.zip`, zipped(folder, files), "application/zip");
  };
  const seen: ResultFile | undefined =
    files?.find(({ name }) => name === shown) ??
    files?.find(({ name }) => name === "figures/unmix-components.svg") ??
    files?.find(({ name }) => name.endsWith("-components.svg")) ??
    files?.[0];

  return (
    <div className="keep-view">
      <Panel
        className="files-panel"
        title="Files"
        note={files ? `${files.length} files, ${bytesInWords(total)}` : undefined}
      >
        {files ? (
          <FileTable files={files} shown={seen?.name} onShow={setShown} />
        ) : (
          <div className="empty">
            <p>The same files as the command line writes.</p>
            <button type="button" className="primary" disabled={busy} onClick={() => void prepare()}>
              Prepare the files
            </button>
          </div>
        )}
      </Panel>
      <Panel className="file-panel" title={seen?.name ?? "Preview"} note={seen && bytesInWords(seen.bytes.length)}>
        {seen && <FilePreview file={seen} />}
      </Panel>
      <aside className="inspector" aria-label="Keep">
        <Section title="Keep">
          <button type="button" className="primary wide" disabled={!files} onClick={all}>
            <Icon name="download" /> All files, as one zip
          </button>
          <button
            type="button"
            className="wide"
            disabled={!files}
            onClick={() => {
              const report = files?.find(({ name }) => name === "report.html");
              if (report) download("report.html", [report.bytes], "text/html");
            }}
          >
            <Icon name="download" /> The report
          </button>
          {preview && (
            <div className="preview-note">
              <p className="hint">
                These are the files of the last run. What the sliders show since is a preview: learn with these numbers
                to keep it.
              </p>
              <button type="button" className="wide" disabled={busy} onClick={() => void learn(app).then(prepare)}>
                <Icon name="play" /> Learn with these numbers
              </button>
            </div>
          )}
        </Section>
        <Section title="Repeat it">
          <p className="about">
            <b>recipe.json</b> holds every setting. Drop it here with the scan to repeat the run, or on the command
            line:
          </p>
          <pre className="command">endmember analyse {scan?.name ?? "scan.blo"} --recipe recipe.json</pre>
        </Section>
        <Section title="Read it elsewhere">
          <p className="about">
            <b>results.hspy</b> opens in HyperSpy, <b>.npy</b> in NumPy, figures are SVG and PNG, and the report is one
            page that needs nothing else.
          </p>
        </Section>
      </aside>
    </div>
  );
}
