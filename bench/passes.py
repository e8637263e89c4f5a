"""The peer of passes.mjs: the same products with NumPy (OpenBLAS) on float32 in memory. Reads commands, prints seconds."""
import json
import resource
import sys
import time

import numpy

positions, pixels, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
stored = numpy.load(path, mmap_mode="r").reshape(positions, pixels)
data = stored.astype(numpy.float32)
del stored
random = numpy.random.default_rng(1)
operands = {}


def operand(rows, k):
    if (rows, k) not in operands:
        operands[rows, k] = random.random((rows, k), dtype=numpy.float32)
    return operands[rows, k]


work = {
    "toImages": lambda k: data @ operand(pixels, k),
    "toPatterns": lambda k: data.T @ operand(positions, k),
    "sweep": lambda k: data.T @ (data @ operand(pixels, k)),
}
print(json.dumps({"numpy": numpy.__version__}), flush=True)
for line in sys.stdin:
    name, k = line.split()
    start = time.perf_counter()
    work[name](int(k))
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), flush=True)
