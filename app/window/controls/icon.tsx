/** Line drawings on a grid of 16, one stroke wide. */
const paths = {
  arrow: "M3.5 2.5l3.6 10.6 1.7-4.3 4.3-1.7z",
  disk: "M8 8m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0",
  annulus: "M8 8m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0M8 8m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0",
  polygon: "M3 5.5l5.5-3 5 5-2.5 6-7-1z",
  rectangle: "M2.5 4h11v8.5h-11z",
  ruler: "M2 11l9-9 3 3-9 9zM5 8l1.5 1.5M7 6l1 1M9 4l1.5 1.5",
  brush: "M13.5 2.5L7 9M6.8 8.8c-1.6-.5-3 .5-3.2 2-.1 1-.7 1.7-1.6 2 2 .9 5.6.6 6-2.3",
  eraser: "M6 13h7.5M2.5 9.5l6-6.5 4.5 4.5-5 5.5h-2.5z",
  clear: "M4 4l8 8M12 4l-8 8",
  file: "M4 1.5h5.5l3 3v10H4zM9.5 1.5v3h3",
  folder: "M1.5 4h5l1.5 1.5h6.5v7.5h-13z",
  download: "M8 2v8M4.5 7L8 10.5 11.5 7M3 13.5h10",
  play: "M4.5 2.5l8.5 5.5-8.5 5.5z",
  stop: "M4 4h8v8H4z",
  warning: "M8 2l6.5 11.5h-13zM8 6.5v3.5M8 11.6v.6",
  check: "M3 8.5l3.5 3.5L13 4.5",
  spark: "M8 1.5v4M8 10.5v4M1.5 8h4M10.5 8h4",
  line: "M3 13L13 3M3 13m-1.2 0a1.2 1.2 0 1 0 2.4 0a1.2 1.2 0 1 0-2.4 0M13 3m-1.2 0a1.2 1.2 0 1 0 2.4 0a1.2 1.2 0 1 0-2.4 0",
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  sun: "M8 8m-2.8 0a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6L13 13M13 3l-1.4 1.4M4.4 11.6L3 13",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z",
} as const;

export type IconName = keyof typeof paths;

/** A small drawing that goes with words: screen readers skip it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
