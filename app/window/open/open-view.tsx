import { useRef } from "react";
import { Icon } from "../controls/icon.tsx";
import { useApp, useWindow } from "../state/app.ts";
import { openFiles, openScan } from "../state/open-scan.ts";
import { DescribeFile } from "./describe-file.tsx";
import { OpenedSummary } from "./opened-summary.tsx";

const formats =
  "NanoMEGAS .blo · HyperSpy .hspy .zspy · EMD, NeXus, DECTRIS, .app5 and other HDF5 · Merlin .mib · DigitalMicrograph .dm3 .dm4 · " +
  "TIA .ser · TIFF · MRC · .seq · TVIPS · EMPAD · Zarr · .npy .npz .prz · plain numbers";

/** Where a scan is opened: dropped, chosen, or the example. */
export function OpenView() {
  const app = useApp();
  const trouble = useWindow((state) => state.trouble);
  const task = useWindow((state) => state.task);
  const recipe = useWindow((state) => state.recipe);
  const scan = useWindow((state) => (state.look ? state.scan : undefined));
  const file = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const chosen = (list: FileList | null): void => {
    if (list && list.length > 0) void openFiles(app, [...list]);
  };

  return (
    <div className="open-view">
      <div className="open-column">
        <h1>
          The few patterns in your scan, <br />
          and where each of them is
        </h1>
        <p className="lead">
          Open a 4D scanning electron diffraction scan. It is read from your disk and computed on this machine; nothing
          is uploaded.
        </p>
        <div className="drop-box" data-busy={task !== undefined || undefined}>
          <p className="drop-words">
            <Icon name="download" />
            {task ? `${task.name} …` : "Drop a file or a folder here"}
          </p>
          <div className="buttons">
            <button type="button" className="primary" onClick={() => file.current?.click()}>
              <Icon name="file" /> Choose a file
            </button>
            <button type="button" onClick={() => folder.current?.click()}>
              <Icon name="folder" /> Choose a folder
            </button>
            <button type="button" onClick={() => openExample(app)}>
              <Icon name="spark" /> Try the example
            </button>
          </div>
          <p className="fine">A .mib goes with its .hdr, an EMPAD .raw with its .xml: choose both at once.</p>
          <input
            ref={file}
            type="file"
            multiple
            className="unseen"
            tabIndex={-1}
            aria-label="Scan file"
            onChange={(event) => chosen(event.target.files)}
          />
          <input
            ref={folder}
            type="file"
            multiple
            className="unseen"
            tabIndex={-1}
            aria-label="Scan folder"
            {...{ webkitdirectory: "" }}
            onChange={(event) => chosen(event.target.files)}
          />
        </div>
        {recipe && (
          <p className="note">
            <Icon name="check" /> Recipe for <b>{recipe.input.file}</b> is ready: open that scan to repeat the run.
          </p>
        )}
        {trouble && <DescribeFile key={trouble.message} trouble={trouble} />}
        <p className="fine formats">{formats}</p>
      </div>
      {scan && <OpenedSummary scan={scan} />}
    </div>
  );
}

function openExample(app: ReturnType<typeof useApp>): void {
  void openScan(app, { from: "example" });
}
