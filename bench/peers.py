"""The peers of the benchmarks. Arguments: the part and what it needs; then a JSON line per task on standard input,
answered by a JSON line with its seconds and the peak memory of this process."""
import json
import resource
import sys
import time
import warnings

import numpy

# Answers alone go to standard output; the peers print there too.
answers, sys.stdout = sys.stdout, sys.stderr
warnings.simplefilter("ignore")

part, *given = sys.argv[1:]
versions = {"numpy": numpy.__version__}
random = numpy.random.default_rng(1)


def load(path):
    stored = numpy.load(path, mmap_mode="r")
    return stored.reshape(stored.shape[0] * stored.shape[1], -1).astype(numpy.float32)


def objective(data, loadings, factors):
    """Frobenius norm of what is left, in float64, some rows at a time."""
    total = 0.0
    for start in range(0, len(data), 500):
        left = data[start : start + 500].astype(float) - loadings[start : start + 500].astype(float) @ factors
        total += float(numpy.sum(left * left))
    return total**0.5


def passes():
    data = load(given[0])
    operands = {}

    def operand(rows, k):
        if (rows, k) not in operands:
            operands[rows, k] = random.random((rows, k), dtype=numpy.float32)
        return operands[rows, k]

    n, p = data.shape
    return {
        "toImages": lambda k: data @ operand(p, k),
        "toPatterns": lambda k: data.T @ operand(n, k),
        "sweep": lambda k: data.T @ (data @ operand(p, k)),
    }


def learning():
    import sklearn
    from sklearn.decomposition import NMF
    from sklearn.utils.extmath import randomized_svd

    versions["scikit-learn"] = sklearn.__version__
    data = load(given[0])

    def nmf(k):
        model = NMF(k, init="nndsvd")
        loadings = model.fit_transform(data)
        return lambda: {"objective": objective(data, loadings, model.components_), "iterations": model.n_iter_}

    def nmf_errors(most):
        for k in range(1, most + 1):
            NMF(k, init="nndsvd").fit(data)

    def svd(k):
        values = randomized_svd(data, k, random_state=0)[1]
        return lambda: {"values": values.tolist()}

    return {"svd": svd, "nmf": nmf, "nmfErrors": nmf_errors}


def c_means(points, clusters, starts, metric):
    """Bezdek's alternation with fuzzifier 2 to a change of 1e-5 in the memberships, at most 300 turns; the best of several starts."""
    best = numpy.inf
    for _ in range(starts):
        memberships = random.random((clusters, len(points)))
        memberships /= memberships.sum(axis=0)
        for _ in range(300):
            weights = memberships**2
            centres = weights @ points / weights.sum(axis=1, keepdims=True)
            distances = numpy.maximum(metric(points, centres, weights), 1e-300)
            inverse = 1 / distances
            now = inverse / inverse.sum(axis=0)
            change = numpy.abs(now - memberships).max()
            memberships = now
            if change < 1e-5:
                break
        best = min(best, float((memberships**2 * distances).sum()))
    return best


def plain(points, centres, weights):
    return numpy.stack([((points - c) ** 2).sum(axis=1) for c in centres])


def own_shape(points, centres, weights):
    """Gustafson and Kessel: the determinant-one inverse of each cluster's fuzzy covariance."""
    result = []
    for c, w in zip(centres, weights):
        away = points - c
        covariance = (away * w[:, None]).T @ away / w.sum()
        inverse = numpy.linalg.inv(covariance) * numpy.linalg.det(covariance) ** (1 / points.shape[1])
        result.append(numpy.einsum("ij,jk,ik->i", away, inverse, away))
    return numpy.stack(result)


def clusters():
    points = numpy.fromfile(given[0], dtype=numpy.float32).reshape(int(given[1]), -1).T.astype(float)
    return {
        "fcm": lambda k, starts: c_means(points, k, starts, plain),
        "gk": lambda k, starts: c_means(points, k, starts, own_shape),
    }


def whole():
    """What `endmember analyse` does, as far as the peers go: SVD, ICA, NMF, NMF errors, fuzzy c-means, Gustafson-Kessel."""
    import hyperspy.api as hs
    import sklearn
    from sklearn.decomposition import NMF

    versions["hyperspy"] = hs.__version__ if hasattr(hs, "__version__") else "1.7"
    versions["scikit-learn"] = sklearn.__version__
    hs.preferences.General.show_progressbar = False

    def analyse(k):
        stored = numpy.load(given[0])
        signal = hs.signals.Signal2D(stored.astype(numpy.float32))
        signal.decomposition(algorithm="SVD", output_dimension=20, print_info=False)
        loadings = signal.learning_results.loadings.astype(float)
        signal.blind_source_separation(number_of_components=k, print_info=False)
        signal.decomposition(algorithm="NMF", output_dimension=k, print_info=False)
        data = signal.data.reshape(stored.shape[0] * stored.shape[1], -1)
        for count in range(1, k + 4):
            NMF(count, init="nndsvd").fit(data)
        c_means(loadings[:, :k], k, 10, plain)
        c_means(loadings[:, :k], k, 10, own_shape)

    return {"analyse": analyse}


def fft():
    """Transforms of many arrays in one call, overwritten where SciPy can, on one thread."""
    import scipy
    from scipy import fft as transform

    versions["scipy"] = scipy.__version__
    arrays = {}

    def stack(rows, columns, batch, bits):
        key = (rows, columns, batch, bits)
        if key not in arrays:
            arrays.clear()
            kind = numpy.complex64 if bits == 32 else numpy.complex128
            arrays[key] = (numpy.full((batch, rows, columns), 0.5 + 0.5j, kind), numpy.full((rows, columns), 0.7 + 0.7j, kind))
        return arrays[key]

    def transforms(**size):
        waves, _ = stack(**size)
        transform.fft2(waves, overwrite_x=True, workers=1)
        waves[...] = 0.5

    def slices(**size):
        waves, factors = stack(**size)
        waves = transform.ifft2(waves, overwrite_x=True, workers=1)
        waves *= factors
        waves = transform.fft2(waves, overwrite_x=True, workers=1)
        waves *= factors

    return {"transforms": transforms, "slices": slices}


work = {"fft": fft, "passes": passes, "learning": learning, "clusters": clusters, "whole": whole}[part]()
print(json.dumps({"versions": versions}), file=answers, flush=True)
for line in sys.stdin:
    task = json.loads(line)
    start = time.perf_counter()
    found = work[task.pop("work")](**task)
    seconds = time.perf_counter() - start
    more = found() if callable(found) else {}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peakMiB": peak, **more}), file=answers, flush=True)
