import { useEffect, useRef, useState } from "react";
import { Icon } from "./controls/icon.tsx";
import { droppedFiles } from "./open/dropped-files.ts";
import { useApp } from "./state/app.ts";
import { messageOf } from "./state/latest.ts";
import { openFiles } from "./state/open-scan.ts";

/** Takes files and folders dropped anywhere in the window. */
export function DropTarget({ onDragging }: { onDragging: (dragging: boolean) => void }) {
  const app = useApp();
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  useEffect(() => {
    const show = (dragging: boolean): void => {
      setOver(dragging);
      onDragging(dragging);
    };
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const onEnter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth.current++;
      show(true);
    };
    const onOver = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const onLeave = (event: DragEvent): void => {
      if (hasFiles(event) && --depth.current <= 0) show(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth.current = 0;
      show(false);
      droppedFiles(event.dataTransfer).then(
        (files) => openFiles(app, files),
        (error: unknown) => app.store.set({ trouble: { message: messageOf(error) } }),
      );
    };
    addEventListener("dragenter", onEnter);
    addEventListener("dragover", onOver);
    addEventListener("dragleave", onLeave);
    addEventListener("drop", onDrop);
    return () => {
      removeEventListener("dragenter", onEnter);
      removeEventListener("dragover", onOver);
      removeEventListener("dragleave", onLeave);
      removeEventListener("drop", onDrop);
    };
  }, [app, onDragging]);
  if (!over) return null;
  return (
    <div className="drop-target" aria-hidden="true">
      <p>
        <Icon name="download" /> Drop a scan, its folder, or a recipe
      </p>
    </div>
  );
}
