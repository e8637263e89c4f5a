"""Writes the small files of test/fixtures/{blo,npy,hdf5} with HyperSpy, h5py and NumPy, each with a .json of what it holds.

Run once; the files are kept in the repository so that tests need no Python.
Needs hyperspy 1.7, h5py 3 and numpy. Usage: python3 scripts/make-fixtures.py
"""
import json
import logging
import os
import shutil

import h5py
import hyperspy.api as hs
import numpy as np

logging.disable(logging.WARNING)
hs.preferences.General.show_progressbar = False
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "fixtures")
SHAPE = (3, 4, 5, 6)


def scan(dtype, shape=SHAPE):
    """Numbers that show a swapped axis, a swapped byte and a lost sign."""
    count = int(np.prod(shape))
    values = (np.arange(count) * 37) % 251
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        values = values % 2
    elif dtype.kind == "i":
        values = values - 100
    elif dtype.kind == "f":
        values = values / 4 - 20
    if dtype.kind in "iu" and dtype.itemsize == 2:
        values = values * 130
    if dtype.kind in "iu" and dtype.itemsize == 4:
        values = values * 8_000_001
    if dtype.kind in "iu" and dtype.itemsize == 8:
        values = values * 30_000_000_000_001
    return values.reshape(shape).astype(dtype)


def describe(path, data, options=None, axes=None):
    if os.path.getsize(path) > 60_000:
        raise ValueError(f"{path} is too large")
    rows, columns, height, width = data.shape
    places = [(0, 0, 0, 0), (0, 1, 2, 3), (2, 0, 1, width - 1), (rows - 1, columns - 1, height - 1, width - 2)]
    facts = {
        "shape": data.shape,
        "sum": float(data.astype("f8").sum()),
        "firstSum": float(data[0, 0].astype("f8").sum()),
        "values": [[*place, float(data[place])] for place in places],
    }
    if options:
        facts["options"] = options
    if axes:
        facts["axes"] = axes
    with open(os.path.splitext(path)[0] + ".json", "w") as file:
        json.dump(facts, file)
        file.write("\n")


def folder(name):
    path = os.path.join(HERE, name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def make_npy():
    at = folder("npy")
    types = "|b1 |u1 |i1 <u2 >u2 <i2 >i2 <u4 >u4 <i4 >i4 <u8 >u8 <i8 >i8 <f2 >f2 <f4 >f4 <f8 >f8".split()
    for dtype in types:
        for order in "CF":
            if order == "F" and dtype not in ("|u1", ">u2", "<f2", "<i8", "<f4"):
                continue
            data = scan(dtype)
            name = dtype.replace("<", "little-").replace(">", "big-").replace("|", "") + "-" + order.lower()
            path = os.path.join(at, name + ".npy")
            np.save(path, np.asarray(data, order=order))
            describe(path, data)
    for version in (2, 3):
        path = os.path.join(at, f"version-{version}.npy")
        with open(path, "wb") as file:
            np.lib.format.write_array(file, scan("<u2"), version=(version, 0))
        describe(path, scan("<u2"))
    for order in "CF":
        path = os.path.join(at, f"stack-{order.lower()}.npy")
        np.save(path, np.asarray(scan("<u2").reshape(12, 5, 6), order=order))
        describe(path, scan("<u2"), {"shape": [3, 4]})


def calibrated(data, title):
    signal = hs.signals.Signal2D(data)
    signal.metadata.General.title = title
    steps = [("y", 2.5, "nm"), ("x", 2, "nm"), ("ky", 0.5, "1/nm"), ("kx", 0.25, "1/nm")]
    for axis, (name, scale, units) in zip(signal.axes_manager._axes, steps):
        axis.name, axis.scale, axis.units = name, scale, units
    signal.axes_manager["ky"].offset = -1.5
    return signal


HSPY_AXES = [[2.5, "nm", 0], [2, "nm", 0], [0.05, "1/Å", -0.15], [0.025, "1/Å", 0]]


def make_blo():
    at = folder("blo")
    data = scan("|u1", (3, 4, 8, 8))
    signal = hs.signals.Signal2D(data)
    for axis, (name, scale, units) in zip(
        signal.axes_manager._axes, [("y", 2.5, "nm"), ("x", 2, "nm"), ("dy", 0.02, "cm"), ("dx", 0.02, "cm")]
    ):
        axis.name, axis.scale, axis.units = name, scale, units
    path = os.path.join(at, "hyperspy.blo")
    signal.save(path, overwrite=True)
    describe(path, data, axes=[[2.5, "nm", 0], [2, "nm", 0], [0.02, "cm", 0], [0.02, "cm", 0]])


def make_hdf5():
    at = folder("hdf5")

    def path(name):
        return os.path.join(at, name)

    data = scan("<u2")
    calibrated(data, "gzip chunks").save(path("hyperspy.hspy"), overwrite=True, chunks=(2, 3, 5, 6))
    describe(path("hyperspy.hspy"), data, axes=HSPY_AXES)

    plain = {
        "contiguous": ("<u2", {}),
        "big-endian": (">u2", {}),
        "big-endian-gzip": (">i4", {"chunks": (2, 2, 5, 3), "compression": "gzip"}),
        "float64": ("<f8", {}),
        "half-float": ("<f2", {"chunks": (1, 4, 5, 6)}),
        "int64": ("<i8", {"chunks": (3, 4, 1, 6)}),
        "boolean": ("|b1", {}),
        "int8-one-chunk": ("|i1", {"chunks": SHAPE, "compression": "gzip"}),
        "checked": ("<u4", {"chunks": (2, 3, 4, 4), "compression": "gzip", "shuffle": True, "fletcher32": True}),
        "lzf": ("<f4", {"chunks": (2, 2, 5, 6), "compression": "lzf"}),
        "growing": ("<u2", {"chunks": (1, 1, 5, 6), "maxshape": (None, None, 5, 6)}),
    }
    for name, (dtype, options) in plain.items():
        with h5py.File(path(name + ".h5"), "w") as file:
            file.create_dataset("entry/data", data=scan(dtype), **options)
        describe(path(name + ".h5"), scan(dtype))
    with h5py.File(path("latest.h5"), "w", libver="latest", userblock_size=512) as file:
        file.create_dataset("entry/data", data=data, chunks=(2, 2, 5, 6), compression="gzip")
    describe(path("latest.h5"), data)
    with h5py.File(path("stack.h5"), "w") as file:
        file.create_dataset("frames", data=data.reshape(12, 5, 6), chunks=(5, 5, 6))
    describe(path("stack.h5"), data, {"shape": [3, 4]})
    with h5py.File(path("several.h5"), "w") as file:
        file["raw"] = data
        file["filtered"] = data * 2
    describe(path("several.h5"), data * 2, {"dataset": "filtered"})
    # Links in a circle, to nowhere and to another file must not trap a reader.
    with h5py.File(path("links.h5"), "w") as file:
        file["a/b/data"] = data
        file["a/b/up"] = file["a"]
        file["again"] = file["a/b/data"]
        file["soft"] = h5py.SoftLink("/a/b/data")
        file["nowhere"] = h5py.SoftLink("/none")
        file["loop"] = h5py.SoftLink("/loop")
        file["outside"] = h5py.ExternalLink("other.h5", "/data")
    describe(path("links.h5"), data)
    with h5py.File(path("fpd.hdf5"), "w") as file:
        group = file.create_group("fpd_expt/fpd_data")
        stored = data.reshape(3, 4, 1, 5, 6)
        group.create_dataset("data", data=stored.astype(">u2"), chunks=(2, 2, 1, 4, 4), compression="gzip")
        file["fpd_expt/other/data"] = data
        for index, (name, size, units, step) in enumerate(
            [("scanY", 3, "um", 0.5), ("scanX", 4, "nm", 20), ("colour", 1, "", 1), ("detY", 5, "pixels", 1), ("detX", 6, "pixels", 1)]
        ):
            axis = group.create_dataset(f"dim{index + 1}", data=np.arange(size) * float(step))
            axis.attrs["name"], axis.attrs["units"] = name, units
    describe(path("fpd.hdf5"), data, axes=[[500, "nm", 0], [20, "nm", 0], [1, "px", 0], [1, "px", 0]])
    with h5py.File(path("emd.h5"), "w") as file:
        group = file.create_group("root/datacube")
        group["data"] = scan("<f4")
        for index, (name, step, units) in enumerate([("Rx", 3, "A"), ("Ry", 2, "A"), ("Qx", 0.1, "A^-1"), ("Qy", 2, "mrad")]):
            axis = group.create_dataset(f"dim{index}", data=[1.0, 1.0 + step])
            axis.attrs["name"], axis.attrs["units"] = name, units
    describe(
        path("emd.h5"),
        scan("<f4"),
        axes=[[0.3, "nm", 0.1], [0.2, "nm", 0.1], [0.1, "1/Å", 1], [2, "mrad", 1]],
    )


make_npy()
make_blo()
make_hdf5()
