import type { PointerEvent } from "react";

/**
 * Follows a pressed pointer until it is let go. Escape, or a lost pointer, cancels.
 *
 * @param moved   at most once a frame
 * @param ended   `cancelled` where the drag does not count
 */
export function drag(
  event: PointerEvent,
  moved: (at: { readonly clientX: number; readonly clientY: number }) => void,
  ended: (cancelled: boolean) => void = () => {},
): void {
  const target = event.currentTarget as Element;
  const { pointerId } = event;
  target.setPointerCapture(pointerId);
  let newest: { readonly clientX: number; readonly clientY: number } | undefined;
  let frame = 0;
  const flush = (): void => {
    frame = 0;
    if (newest) moved(newest);
    newest = undefined;
  };
  const onMove = (move: Event): void => {
    const { clientX, clientY } = move as globalThis.PointerEvent;
    newest = { clientX, clientY };
    frame ||= requestAnimationFrame(flush);
  };
  const finish = (cancelled: boolean): void => {
    if (frame) cancelAnimationFrame(frame);
    if (!cancelled) flush();
    target.removeEventListener("pointermove", onMove);
    target.removeEventListener("pointerup", onUp);
    target.removeEventListener("pointercancel", onCancel);
    removeEventListener("keydown", onKey, true);
    if (target.hasPointerCapture(pointerId)) target.releasePointerCapture(pointerId);
    ended(cancelled);
  };
  const onUp = (): void => finish(false);
  const onCancel = (): void => finish(true);
  const onKey = (key: KeyboardEvent): void => {
    if (key.key !== "Escape") return;
    key.preventDefault();
    key.stopPropagation();
    finish(true);
  };
  target.addEventListener("pointermove", onMove);
  target.addEventListener("pointerup", onUp);
  target.addEventListener("pointercancel", onCancel);
  addEventListener("keydown", onKey, true);
}
