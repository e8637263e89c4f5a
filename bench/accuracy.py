# One method of scikit-learn with HyperSpy's defaults, for bench/accuracy.mjs: METHOD FOLDER COMPONENTS POSITIONS PIXELS.
# Reads FOLDER/counts (float32, positions × pixels); writes FOLDER/factors and FOLDER/loadings (float32, components first).
import sys
import warnings

import numpy as np

method, folder, k, n, p = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
warnings.filterwarnings("ignore")
x = np.fromfile(f"{folder}/counts", dtype=np.float32).reshape(n, p).astype(np.float64)
if method == "nmf":
    from sklearn.decomposition import NMF

    model = NMF(n_components=k, init="nndsvda" if k <= min(n, p) else None, tol=1e-4, max_iter=200)
    loadings = model.fit_transform(x)
    factors = model.components_
else:
    from sklearn.decomposition import FastICA
    from sklearn.utils.extmath import randomized_svd

    u, s, vt = randomized_svd(x, k, random_state=1)
    ica = FastICA(n_components=k, algorithm="parallel", fun="logcosh", tol=1e-10, max_iter=200, random_state=1)
    ica.fit(np.diff(vt, axis=1).T)
    factors = ica.components_ @ vt
    loadings = u * s @ np.linalg.pinv(ica.components_)
factors.astype(np.float32).tofile(f"{folder}/factors")
np.ascontiguousarray(loadings.T).astype(np.float32).tofile(f"{folder}/loadings")
