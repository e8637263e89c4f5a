import { type ReactNode, useEffect, useMemo, useState } from "react";
import { type Analysis, area, grouped, images, item, nearestClusters, type Size } from "../../../src/index.ts";
import { Choice } from "../controls/choice.tsx";
import { Panel } from "../controls/panel.tsx";
import { Picture } from "../picture/picture.tsx";
import { useCurveColour } from "../plots/curve-colours.ts";
import { meanOfAligned } from "../state/aligned-mean.ts";
import { useApp, useWindow } from "../state/app.ts";
import { latest, messageOf } from "../state/latest.ts";
import { ClusterMap } from "./cluster-map.tsx";
import { Scatter } from "./scatter.tsx";

/** Loadings against each other; points that are brushed are marked on the map, and their mean pattern is shown. */
export function ScatterView({ analysis, tabs }: { analysis: Analysis; tabs: ReactNode }) {
  const { session, store } = useApp();
  const axes = useWindow((state) => state.axes);
  const settings = useWindow((state) => state.displays.pattern);
  const { svd, fcm, recipe } = analysis;
  const size: Size = analysis.scan.positions;
  const pixels = analysis.scan.pixels;
  const shifts = analysis.alignment?.shifts;
  const dimensions = fcm ? fcm.loadingCentres.length / fcm.clusters : 0;
  const curveColour = useCurveColour();
  const [across, setAcross] = useState(0);
  const [up, setUp] = useState(1);
  const [brushedPoints, setBrushed] = useState<Uint8Array>();
  const [mean, setMean] = useState<Float32Array>();

  const coordinates = useMemo(
    () =>
      Array.from({ length: svd ? Math.min(dimensions, svd.loadings.count) : 0 }, (_, k) => {
        const loading = item(svd!.loadings, k);
        const singular = svd!.singularValues[k];
        return recipe.loadings === "unit" && singular > 0 ? loading.map((value) => value / singular) : loading;
      }),
    [svd, dimensions, recipe.loadings],
  );
  const labels = useMemo(
    () => (fcm ? nearestClusters(fcm.memberships.values, fcm.clusters, area(size)) : new Uint8Array(0)),
    [fcm, size],
  );
  const [i, j] = [Math.min(across, coordinates.length - 1), Math.min(up, coordinates.length - 1)];
  const centres = useMemo(
    () =>
      Array.from({ length: fcm?.clusters ?? 0 }, (_, c) =>
        [i, j].map((k) => fcm?.loadingCentres[c * dimensions + k] ?? 0),
      ),
    [fcm, dimensions, i, j],
  );
  const ask = useMemo(
    () =>
      latest(
        async (mask: Uint8Array | undefined) => {
          const aligned = mask && shifts && (await meanOfAligned(session, pixels, shifts, mask));
          return aligned ?? (mask && (await session.meanOf(images(size, Float32Array.from(mask)))).values);
        },
        (pattern) => setMean(pattern),
        (error) => store.set({ trouble: { message: messageOf(error) } }),
      ),
    [session, store, size, pixels, shifts],
  );
  const count = brushedPoints?.reduce((sum, mark) => sum + mark, 0) ?? 0;
  useEffect(() => ask(count > 0 ? brushedPoints : undefined), [ask, brushedPoints, count]);

  if (!svd || !fcm || coordinates.length < 2) {
    return (
      <div className="empty">
        {tabs}
        <p>A scatter needs two loadings or more: learn two components or clusters at least.</p>
      </div>
    );
  }
  const options = coordinates.map((_, k) => ({ value: String(k), label: `Loading ${k + 1}` }));
  return (
    <div className="scatter-view">
      <div className="sub-bar">{tabs}</div>
      <Panel
        className="scatter-panel"
        title="Loadings and fuzzy clusters"
        note="drag over points to brush them"
        tools={
          <>
            <Choice quiet label="Across" value={String(i)} options={options} onChange={(k) => setAcross(Number(k))} />
            <span className="hint">against</span>
            <Choice quiet label="Up" value={String(j)} options={options} onChange={(k) => setUp(Number(k))} />
          </>
        }
      >
        <Scatter
          x={coordinates[i]}
          y={coordinates[j]}
          names={[`loading ${i + 1}`, `loading ${j + 1}`]}
          labels={labels}
          centres={centres}
          fuzzifier={fcm.fuzzifier}
          brushed={brushedPoints}
          onBrush={setBrushed}
        />
        <ul className="legend">
          {Array.from({ length: fcm.clusters }, (_, c) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a cluster is known by its number only
            <li key={c}>
              <i style={{ background: curveColour(c) }} /> cluster {c + 1}
            </li>
          ))}
          <li className="hint">lines: memberships 0.5, 0.7, 0.9 · crosses: centres</li>
        </ul>
      </Panel>
      <Panel
        className="cluster-panel"
        title="Where they are"
        note={
          count === 0
            ? "each position in its cluster's colour"
            : `${grouped(count)} of ${grouped(area(size))} positions`
        }
      >
        <ClusterMap size={size} axes={axes.positions} labels={labels} brushed={count > 0 ? brushedPoints : undefined} />
      </Panel>
      <Panel
        className="brushed-panel"
        title={count === 0 ? "Mean pattern" : "Mean pattern of the brushed"}
        note={count === 0 ? "of all positions" : undefined}
      >
        <Picture
          values={count > 0 ? mean : analysis.meanPattern.values}
          size={count > 0 && mean ? analysis.scan.pixels : analysis.meanPattern.size}
          axes={axes.pixels}
          settings={settings}
          label="Mean pattern of the brushed points"
        />
      </Panel>
    </div>
  );
}
