import type { FoundDataset } from "./hdf5-find.ts";
import { asDataset, type OpenHdf5 } from "./hdf5-library.ts";
import type { RecordedAxis } from "./units.ts";

// Velox reserves 60000 bytes for each frame.
const mostText = 2 ** 20;

/** What Velox keeps beside its images: JSON for each frame, padded with zeros. Empty where the dataset is not Velox'. */
export function veloxSteps(
  file: OpenHdf5,
  { dataset, order }: Pick<FoundDataset, "dataset" | "order">,
): { steps: Partial<Record<"pixelRows" | "pixelColumns", RecordedAxis>>; metadata: Record<string, number> } {
  const nothing = { steps: {}, metadata: {} };
  if (order !== "framesLast") return nothing;
  const path = dataset.path.replace(/Data$/, "Metadata");
  return file.attempt(`read ${path}`, () => {
    const texts = asDataset(file.root.get(path));
    const length = texts?.shape?.[0] ?? 0;
    if (texts === undefined || texts.shape?.length !== 2 || texts.metadata.size !== 1 || length > mostText)
      return nothing;
    const bytes = texts.slice([
      [0, length],
      [0, 1],
    ]) as Uint8Array;
    const end = bytes.indexOf(0);
    const about = parsed(new TextDecoder().decode(bytes.subarray(0, end < 0 ? length : end)));
    const image = about.BinaryResult ?? {};
    const optics = about.Optics ?? {};
    const axis = (size: unknown, unit: unknown, offset: unknown): RecordedAxis =>
      typeof unit === "string" && Number(size) > 0 ? { step: Number(size), unit, origin: Number(offset) || 0 } : {};
    const energy = Number(optics.AccelerationVoltage);
    const cameraLength = 1000 * Number(optics.CameraLength);
    return {
      steps: {
        pixelRows: axis(image.PixelSize?.height, image.PixelUnitY, image.Offset?.y),
        pixelColumns: axis(image.PixelSize?.width, image.PixelUnitX, image.Offset?.x),
      },
      metadata: {
        ...(energy > 0 ? { "energy [eV]": energy } : {}),
        ...(cameraLength > 0 ? { "camera length [mm]": cameraLength } : {}),
      },
    };
  });
}

interface About {
  readonly BinaryResult?: {
    readonly PixelSize?: { readonly width?: unknown; readonly height?: unknown };
    readonly Offset?: { readonly x?: unknown; readonly y?: unknown };
    readonly PixelUnitX?: unknown;
    readonly PixelUnitY?: unknown;
  };
  readonly Optics?: { readonly AccelerationVoltage?: unknown; readonly CameraLength?: unknown };
}

/** Calibration is a courtesy: text that is damaged gives none. */
function parsed(text: string): About {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
