// The door that runs in a browser. It only exports; `./node` adds files, threads and folders.

// The main job
export { usedIn } from "./analyse/aligned-masks.ts";
export { analyse } from "./analyse/analyse.ts";
export type { Analysis } from "./analyse/analysis.ts";
export { defaultRecipe } from "./analyse/default-recipe.ts";
export { keptStack, valuesOfKept } from "./analyse/kept-stack.ts";
export { maskFromRuns, maskRuns } from "./analyse/mask-runs.ts";
export { memoryForecast } from "./analyse/memory-forecast.ts";
export { parseRecipe } from "./analyse/parse-recipe.ts";
export type { Preview } from "./analyse/preview.ts";
export { preview } from "./analyse/preview.ts";
export type { Method, Recipe } from "./analyse/recipe.ts";
export { recipeFor } from "./analyse/recipe-for.ts";
export type { Relearning } from "./analyse/relearnt.ts";
export { relearnt } from "./analyse/relearnt.ts";
export { version } from "./analyse/version.ts";
// Computing
export { onReference } from "./engines/reference.ts";
export type { OpenScan } from "./engines/threads.ts";
// Figures and results
export type { ColourMap } from "./figures/colour-maps.ts";
export { colourTable } from "./figures/colour-maps.ts";
export { contours } from "./figures/contours.ts";
export type { Display, DisplayScale } from "./figures/display-scale.ts";
export { displayScale } from "./figures/display-scale.ts";
export { fuzzyMemberships } from "./figures/loadings-scatter.ts";
export { profilePlot } from "./figures/profile-plot.ts";
export { rasteriser } from "./figures/rasterise.ts";
export { scaleBar } from "./figures/scale-bar.ts";
export { screePlot } from "./figures/scree-plot.ts";
export { stackFigure } from "./figures/stack-figure.ts";
export { colourOf, grouped, printedUnit, significant, superscript } from "./figures/typography.ts";
// Opening and writing files
export type { Bytes } from "./formats/bytes.ts";
export type { FolderSink, OpenOptions, Sink } from "./formats/format.ts";
export { formats, isFolderName, open, write, writeFolder, writerFor } from "./formats/formats.ts";
export type { Mask } from "./formats/mask.ts";
export { memoryBytes } from "./formats/memory-bytes.ts";
export type { RawLayout } from "./formats/raw-layout.ts";
export { parseRaw } from "./formats/raw-layout.ts";
// Imaging
export { annulus, disk, polygon, reflections } from "./imaging/apertures.ts";
export { brightFieldDisk } from "./imaging/bright-field-disk.ts";
export { centreOfMass } from "./imaging/centre-of-mass.ts";
export type { LineProfile } from "./imaging/line-profile.ts";
export { lineProfile } from "./imaging/line-profile.ts";
export { maximumPattern } from "./imaging/maximum-pattern.ts";
export { meanPattern, regionMeanPattern } from "./imaging/mean-pattern.ts";
export { patternAt } from "./imaging/pattern-at.ts";
export { virtualImages } from "./imaging/virtual-image.ts";
// Judging
export { residualMap, residualPatterns } from "./judge/residuals.ts";
export type { Warning } from "./judge/warnings.ts";
// Learning
export { barycentric } from "./learn/barycentric.ts";
export { fullyConstrainedLeastSquares } from "./learn/fully-constrained-least-squares.ts";
export { fuzzyCMeans } from "./learn/fuzzy-c-means.ts";
export { gapStatistic } from "./learn/gap-statistic.ts";
export type { GustafsonKessel } from "./learn/gustafson-kessel.ts";
export { gustafsonKessel } from "./learn/gustafson-kessel.ts";
export { highContrastCMeans } from "./learn/high-contrast-c-means.ts";
export { hoyerSparsity } from "./learn/hoyer-sparsity.ts";
export type { Ica } from "./learn/ica.ts";
export { ica } from "./learn/ica.ts";
export { kMeans } from "./learn/k-means.ts";
export type { Fixed } from "./learn/nmf.ts";
export { nmf } from "./learn/nmf.ts";
export { nmfErrors } from "./learn/nmf-errors.ts";
export { nmfKullbackLeibler } from "./learn/nmf-kullback-leibler.ts";
export { nmfPoisson } from "./learn/nmf-poisson.ts";
export { nmfSimplex } from "./learn/nmf-simplex.ts";
export { nmfSparse } from "./learn/nmf-sparse.ts";
export { nmfVolume } from "./learn/nmf-volume.ts";
export { noiseClustering } from "./learn/noise-clustering.ts";
export { numberOfClusters } from "./learn/number-of-clusters.ts";
export { possibilisticCMeans } from "./learn/possibilistic-c-means.ts";
export { suggestRank } from "./learn/rank.ts";
export { reproject } from "./learn/reproject.ts";
export type { Clustering, Decomposition, Nmf, Rank, Svd } from "./learn/results.ts";
export { svd } from "./learn/svd.ts";
export type { Unmixing } from "./learn/unmix.ts";
export { unmix } from "./learn/unmix.ts";
export { validity } from "./learn/validity.ts";
// Preparing
export { align } from "./prepare/align.ts";
export type { Alignment } from "./prepare/alignment.ts";
export { binned } from "./prepare/binned.ts";
export type { Coverage } from "./prepare/coverage.ts";
export { coverage } from "./prepare/coverage.ts";
export { cropped } from "./prepare/cropped.ts";
export { findDirectBeam } from "./prepare/direct-beam.ts";
export type { EightBitOptions } from "./prepare/eight-bit.ts";
export { eightBit } from "./prepare/eight-bit.ts";
export { recentred } from "./prepare/recentred.ts";
// The paper's figures
export { reproduce } from "./reproduce/reproduce.ts";
export type { Claim, FigureName, Reproduction } from "./reproduce/reproduction.ts";
export { reproductionFiles } from "./reproduce/reproduction-files.ts";
export { nearestClusters } from "./results/figures.ts";
export type { ResultFile } from "./results/files.ts";
export { resultFiles } from "./results/files.ts";
export type { MethodResult } from "./results/methods.ts";
export { methodResults } from "./results/methods.ts";
export { npy } from "./results/npy.ts";
export { stackFiles } from "./results/stack-files.ts";
// What a scan is
export { arraySource } from "./scan/array-source.ts";
export { centred } from "./scan/centred.ts";
export { DataError, EngineError, FormatError, ShapeError, UnsupportedError } from "./scan/errors.ts";
export type { KeptPatterns } from "./scan/kept.ts";
export { kept, roomFor } from "./scan/kept.ts";
export { lowRank } from "./scan/low-rank.ts";
export type { Masks } from "./scan/masked.ts";
export { masked } from "./scan/masked.ts";
export { poissonScaled } from "./scan/poisson-scaled.ts";
export { ratioSweep } from "./scan/ratio-sweep.ts";
export type { Images, Patterns, Scan, Size, Swept } from "./scan/scan.ts";
export { area, images, item, patterns } from "./scan/scan.ts";
export type { Axes, Axis, DType, PatternSource, Watch } from "./scan/source.ts";
export { bytesPer, patternBytes, readPatterns, uncalibratedAxes } from "./scan/source.ts";
export { sweep } from "./scan/sweep.ts";
// Simulating
export type { BentNanowireOptions, BentNanowireTruth } from "./simulate/bent-nanowire.ts";
export { simulateBentNanowire } from "./simulate/bent-nanowire.ts";
export type { BicrystalOptions, BicrystalParameters, BicrystalTruth } from "./simulate/bicrystal.ts";
export { simulateBicrystal } from "./simulate/bicrystal.ts";
export type { CifOptions } from "./simulate/cif.ts";
export { parseCif } from "./simulate/cif.ts";
export type { Atom, Crystal, Miller } from "./simulate/crystal.ts";
export { crystals } from "./simulate/crystals.ts";
export type { InclinedBoundaryOptions, InclinedBoundaryTruth } from "./simulate/inclined-boundary.ts";
export { simulateInclinedBoundary } from "./simulate/inclined-boundary.ts";
export type { NanowireOptions, NanowireTruth } from "./simulate/nanowire.ts";
export { simulateNanowire } from "./simulate/nanowire.ts";
