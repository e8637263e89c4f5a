import regular from "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf?url";
import semiBold from "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf?url";
import wasm from "@resvg/resvg-wasm/index_bg.wasm?url";
import { EngineError, rasteriser } from "../../src/index.ts";

/** The renderer of PNG figures, with the same WASM and fonts as on the command line: the same bytes come out. */
export async function browserRasteriser(): ReturnType<typeof rasteriser> {
  const [renderer, ...fonts] = await Promise.all([wasm, regular, semiBold].map(fetched));
  return rasteriser(renderer!, fonts);
}

async function fetched(address: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(new URL(address, self.location.href));
  if (!answer.ok) {
    throw new EngineError(`figures: expected a file of this app at ${address}, found status ${answer.status}`, {
      engine: "figures",
    });
  }
  return new Uint8Array(await answer.arrayBuffer());
}
