import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { connect } from "./session/connect.ts";
import { keepOffline } from "./session/offline.ts";
import { servedScan } from "./session/served.ts";
import { ErrorBoundary } from "./window/error-boundary.tsx";
import { AppContext } from "./window/state/app.ts";
import { livePictures } from "./window/state/live.ts";
import { openScan } from "./window/state/open-scan.ts";
import { rememberedWindow } from "./window/state/remembered.ts";
import { createStore } from "./window/state/store.ts";
import { emptyState, type WindowState } from "./window/state/window-state.ts";
import { Window } from "./window/window.tsx";
import "./window/window.css";

// What the browser keeps is there in a few milliseconds; a slow disk does not hold up the window, which then takes it over as it is.
const remembering = rememberedWindow();
const remembered = await Promise.race([
  remembering,
  new Promise<undefined>((resolve) => setTimeout(resolve, 60, undefined)),
]);
if (remembered) document.documentElement.dataset.theme = remembered.theme;

const session = connect();
const store = createStore<WindowState>({ ...emptyState, ...remembered });
if (!remembered) void remembering.then(store.set);
const app = { session, store, live: livePictures({ session, store }) };

createRoot(document.getElementById("window")!).render(
  <StrictMode>
    <ErrorBoundary>
      <AppContext value={app}>
        <Window />
      </AppContext>
    </ErrorBoundary>
  </StrictMode>,
);

// `endmember open FILE` serves one file beside the app and names it in the address.
const served = servedScan();
if (served) void openScan(app, served.opening, served.options);
void keepOffline();
