"""Writes the small files of test/fixtures/{zarr,hdf5-kinds,dectris}, each with a .json of what it holds.

Zarr 2 is written by zarr 2.13 and by HyperSpy 1.7. No common library for Zarr 3 is in Debian, so those are put together here
from the specification, their chunks packed by numcodecs. HDF5 is written by h5py; chunks of filters that it lacks are
packed by numcodecs, and for bitshuffle from the description of its format, and written as they are.
Run once; the files are kept in the repository so that tests need no Python.
Needs hyperspy 1.7, zarr 2.13, numcodecs, h5py 3 and the LZ4 and ZFP plugins of HDF5. Usage: python3 scripts/make-array-fixtures.py
"""
import json
import logging
import os
import shutil
import struct
import zipfile
from itertools import product

os.environ.setdefault("HDF5_PLUGIN_PATH", "/usr/lib/x86_64-linux-gnu/hdf5/serial/plugins")

import h5py
import hyperspy.api as hs
import numcodecs
import numpy as np
import zarr

logging.disable(logging.WARNING)
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "fixtures")
SHAPE = (3, 4, 5, 6)
LARGE = (3, 4, 32, 20)
CHUNKS = (2, 3, 5, 4)
PIXELS = [[1, "px", 0]] * 4
HSPY_AXES = [[2.5, "nm", 0], [2, "nm", 0], [0.05, "1/Å", -0.15], [0.025, "1/Å", 0]]


def scan(dtype, shape=SHAPE):
    """Numbers that show a swapped axis, a swapped byte and a lost sign."""
    dtype = np.dtype(dtype)
    values = (np.arange(int(np.prod(shape))) * 37) % 251
    if dtype.kind == "b":
        values = values % 2
    elif dtype.kind == "i":
        values = values - 100
    elif dtype.kind == "f":
        values = values / 4 - 20
    if dtype.kind in "iu" and dtype.itemsize > 1:
        values = values * {2: 130, 4: 8_000_001, 8: 30_000_000_000_001}[dtype.itemsize]
    return values.reshape(shape).astype(dtype)


def describe(path, data, options=None, axes=None):
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


def calibrated(data, title):
    signal = hs.signals.Signal2D(data)
    signal.metadata.General.title = title
    steps = [("y", 2.5, "nm"), ("x", 2, "nm"), ("ky", 0.5, "1/nm"), ("kx", 0.25, "1/nm")]
    for axis, (name, scale, units) in zip(signal.axes_manager._axes, steps):
        axis.name, axis.scale, axis.units = name, scale, units
    signal.axes_manager["ky"].offset = -1.5
    return signal


def make_zarr_2(at):
    def path(name):
        return os.path.join(at, name)

    def zipped(name, data, chunks, **options):
        with zarr.ZipStore(path(name + ".zip"), mode="w") as store:
            zarr.create(data.shape, chunks=chunks, dtype=data.dtype, store=store, **options)[...] = data
        describe(path(name + ".zip"), data)

    for cname, shuffle in [("blosclz", 1), ("lz4", 1), ("lz4", 2), ("lz4hc", 0), ("zlib", 1), ("zstd", 1), ("zstd", 2), ("snappy", 1)]:
        codec = numcodecs.Blosc(cname=cname, shuffle=shuffle)
        zipped(f"blosc-{cname}-{shuffle}", scan("<u2", LARGE), (2, 2, 32, 20), compressor=codec)
    zipped("blosc-small-blocks", scan("<u4", LARGE), LARGE, compressor=numcodecs.Blosc(cname="lz4", blocksize=1000))
    small = {
        "raw": ("<u2", {"compressor": None}),
        "zstd": ("<f4", {"compressor": numcodecs.Zstd()}),
        "gzip": (">i4", {"compressor": numcodecs.GZip()}),
        "zlib": ("<i2", {"compressor": numcodecs.Zlib()}),
        "lz4": ("<f8", {"compressor": numcodecs.LZ4()}),
        "fortran": ("<u2", {"order": "F"}),
        "fortran-big-endian": (">f4", {"order": "F", "compressor": None}),
        "boolean": ("|b1", {}),
        "half-float": ("<f2", {}),
        "int64": ("<i8", {}),
        "int8": ("|i1", {}),
        "delta": ("<u2", {"filters": [numcodecs.Delta(dtype="<u2")]}),
        "delta-int64": ("<i8", {"filters": [numcodecs.Delta(dtype="<i8")]}),
        "shuffle": ("<u4", {"filters": [numcodecs.Delta(dtype="<u4"), numcodecs.Shuffle(4)], "compressor": numcodecs.Zlib()}),
        "checksum": ("<u2", {"filters": [numcodecs.CRC32()], "compressor": None}),
    }
    for name, (dtype, options) in small.items():
        zipped(name, scan(dtype), CHUNKS, **options)
    zipped("chunks-beyond", scan("<u2"), (5, 3, 8, 7))

    # Chunks that hold nothing but the fill value are left out.
    sparse = scan("<u2")
    sparse[2:] = 7
    array = zarr.open(
        path("sparse.zarr"), mode="w", shape=SHAPE, chunks=CHUNKS, dtype="<u2", fill_value=7, dimension_separator="/",
        write_empty_chunks=False,
    )
    array[...] = sparse
    describe(path("sparse.zarr"), sparse)

    group = zarr.open_group(path("several.zarr"), mode="w")
    group.create_dataset("measured/raw", data=scan("<u2"), chunks=CHUNKS)
    group.create_dataset("measured/filtered", data=scan("<u2") * 2, chunks=CHUNKS)
    group.create_dataset("vector", data=np.arange(5))
    group["measured/raw"].attrs["note"] = float("nan")
    zarr.consolidate_metadata(group.store)
    describe(path("several.zarr"), scan("<u2") * 2, {"dataset": "measured/filtered"})

    with zarr.ZipStore(path("stack.zip"), mode="w") as store:
        zarr.open_group(store).create_dataset("frames", data=scan("<u2").reshape(12, 5, 6), chunks=(5, 5, 6))
    describe(path("stack.zip"), scan("<u2"), {"shape": [3, 4]})

    signal = calibrated(scan("<u2"), "chunks of Blosc")
    signal.save(path("hyperspy.zspy"), overwrite=True, chunks=(2, 3, 5, 6))
    describe(path("hyperspy.zspy"), scan("<u2"), axes=HSPY_AXES)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


BYTES = {"name": "bytes", "configuration": {"endian": "little"}}
BLOSC = {"name": "blosc", "configuration": {"cname": "lz4", "clevel": 5, "shuffle": "shuffle", "typesize": 2, "blocksize": 0}}


class Store3:
    """A hierarchy of Zarr 3, in a folder."""

    def __init__(self, path):
        self.path = path
        self.metadata = {}

    def put(self, key, content):
        target = os.path.join(self.path, key)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(content)

    def group(self, key, attributes=None):
        self.metadata[key] = {"zarr_format": 3, "node_type": "group", "attributes": attributes or {}}

    def array(self, key, data, chunks, codecs, pack, fill=0, **more):
        self.metadata[key] = {
            "zarr_format": 3,
            "node_type": "array",
            "shape": data.shape,
            "data_type": data.dtype.name,
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": chunks}},
            "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
            "fill_value": fill,
            "codecs": codecs,
            **more,
        }
        prefix = key + "/" if key else ""
        for place, chunk in parts(data, chunks, fill):
            packed = pack(chunk)
            if packed is not None:
                self.put(prefix + "/".join(["c", *map(str, place)]), packed)

    def finish(self, consolidated=False):
        for key, metadata in self.metadata.items():
            content = dict(metadata)
            if key == "" and consolidated:
                others = {other: its for other, its in self.metadata.items() if other != ""}
                content["consolidated_metadata"] = {"kind": "inline", "must_understand": False, "metadata": others}
            self.put((key + "/" if key else "") + "zarr.json", json.dumps(content).encode())


def parts(data, chunks, fill):
    """Chunks are always whole: those at the edge are padded."""
    counts = [-(-length // chunk) for length, chunk in zip(data.shape, chunks)]
    rest = 0 if isinstance(fill, str) else fill
    padded = np.full([count * chunk for count, chunk in zip(counts, chunks)], rest, data.dtype)
    padded[tuple(slice(length) for length in data.shape)] = data
    for place in product(*map(range, counts)):
        yield place, padded[tuple(slice(each * chunk, (each + 1) * chunk) for each, chunk in zip(place, chunks))]


def sharded(chunks, pack, fill, at_end, checked=True):
    def shard(data):
        offset = 0 if at_end else 16 * int(np.prod([n // c for n, c in zip(data.shape, chunks)])) + (4 if checked else 0)
        body, index = b"", b""
        for _, chunk in parts(data, chunks, fill):
            if (chunk == fill).all():
                index += b"\xff" * 16
                continue
            packed = pack(chunk)
            index += struct.pack("<QQ", offset + len(body), len(packed))
            body += packed
        if checked:
            index += struct.pack("<I", crc32c(index))
        return body + index if at_end else index + body

    return shard


def make_zarr_3(at):
    def path(name):
        return os.path.join(at, name)

    def blosc(chunk):
        return numcodecs.Blosc("lz4").encode(np.ascontiguousarray(chunk))

    data = scan("<u2")
    store = Store3(path("v3-blosc.zarr"))
    store.group("")
    store.array("data", data, CHUNKS, [BYTES, BLOSC], blosc, dimension_names=["y", "x", "ky", "kx"])
    for name, size, step, units in [("y", 3, 2.5, "nm"), ("x", 4, 20, "angstrom"), ("ky", 5, 0.5, "1/nm"), ("kx", 6, 2, "mrad")]:
        values = np.arange(size) * float(step)
        store.array(name, values, (size,), [BYTES], lambda chunk: chunk.tobytes(), attributes={"units": units})
    store.finish(consolidated=True)
    describe(path("v3-blosc.zarr"), data, axes=[[2.5, "nm", 0], [2, "nm", 0], [0.05, "1/Å", 0], [2, "mrad", 0]])

    sparse = scan("<u2")
    sparse[:2, 2:] = 9
    for at_end in (True, False):
        name = "v3-sharded.zarr" if at_end else "v3-sharded-start.zarr"
        store = Store3(path(name))
        inner = (1, 2, 5, 3)
        codec = {
            "name": "sharding_indexed",
            "configuration": {
                "chunk_shape": inner,
                "codecs": [BYTES, {"name": "zstd", "configuration": {"level": 1, "checksum": False}}],
                "index_codecs": [BYTES, {"name": "crc32c"}] if at_end else [BYTES],
                "index_location": "end" if at_end else "start",
            },
        }
        pack = sharded(inner, lambda chunk: numcodecs.Zstd(1).encode(np.ascontiguousarray(chunk)), 9, at_end, checked=at_end)
        store.array("", sparse, (2, 4, 5, 6), [codec], pack, fill=9)
        store.finish()
        describe(path(name), sparse)

    store = Store3(path("v3-transposed.zarr"))
    turned = (2, 0, 3, 1)
    transpose = {"name": "transpose", "configuration": {"order": turned}}
    big = {"name": "bytes", "configuration": {"endian": "big"}}
    gzip = {"name": "gzip", "configuration": {"level": 5}}
    floats = scan("<f4")
    store.array(
        "", floats, CHUNKS, [transpose, big, gzip, {"name": "crc32c"}],
        lambda chunk: checked(numcodecs.GZip().encode(chunk.transpose(turned).astype(">f4").tobytes())),
        fill="0x7fc00000", chunk_key_encoding={"name": "default", "configuration": {"separator": "/"}},
    )
    store.finish()
    describe(path("v3-transposed.zarr"), floats)

    with zipfile.ZipFile(path("v3-zip.zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        source = path("v3-blosc.zarr")
        for base, _, files in os.walk(source):
            for name in sorted(files):
                full = os.path.join(base, name)
                archive.write(full, os.path.relpath(full, source))
    describe(path("v3-zip.zip"), data)


def checked(packed):
    packed = bytes(packed)
    return packed + struct.pack("<I", crc32c(packed))


def bitshuffled(chunk, block=64):
    """Chunks of HDF5 filter 32008 with LZ4: total length (u64) and block length (u32), big-endian, then each block's
    length (u32, big-endian) and LZ4; what is left of the last eight numbers is stored as it is."""
    numbers = np.ascontiguousarray(chunk).reshape(-1)
    width = numbers.dtype.itemsize
    packed = struct.pack(">QI", numbers.nbytes, block * width)
    whole = len(numbers) // 8 * 8
    for start in range(0, whole, block):
        part = numbers[start : min(start + block, whole)]
        bits = np.unpackbits(part.view("u1").reshape(len(part), width), axis=1, bitorder="little")
        shuffled = np.packbits(bits.T.reshape(-1), bitorder="little").tobytes()
        compressed = numcodecs.LZ4().encode(shuffled)[4:]
        packed += struct.pack(">I", len(compressed)) + compressed
    return packed + numbers[whole:].tobytes()


def direct(group, name, data, chunks, filter_id, pack):
    """A dataset whose chunks are packed here, for filters that h5py has not got."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk(chunks)
    width = data.dtype.itemsize
    settings = {32001: (2, 2, width, int(np.prod(chunks)) * width, 5, 2, 5), 32008: (0, 3, width, 0, 2), 32015: (3,)}
    properties.set_filter(filter_id, h5py.h5z.FLAG_OPTIONAL, settings[filter_id])
    space = h5py.h5s.create_simple(data.shape)
    dataset = h5py.h5d.create(group.id, name.encode(), h5py.h5t.py_create(data.dtype), space, properties)
    for place, chunk in parts(data, chunks, 0):
        offset = tuple(each * length for each, length in zip(place, chunks))
        dataset.write_direct_chunk(offset, bytes(pack(np.ascontiguousarray(chunk))))


def make_hdf5(at):
    def path(name):
        return os.path.join(at, name)

    data = scan("<u2")
    packed = {
        "bitshuffle": (scan("<u4"), 32008, bitshuffled),
        "zstd": (data, 32015, numcodecs.Zstd().encode),
        "blosc": (data, 32001, numcodecs.Blosc("zstd", shuffle=2).encode),
    }
    for name, (numbers, filter_id, pack) in packed.items():
        with h5py.File(path(name + ".h5"), "w") as file:
            direct(file, "data", numbers, (1, 2, 5, 6), filter_id, pack)
        describe(path(name + ".h5"), numbers)
    with h5py.File(path("lz4.h5"), "w") as file:
        file.create_dataset("data", data=data, chunks=(1, 2, 5, 6), compression=32004)
    describe(path("lz4.h5"), data)
    with h5py.File(path("zfp.h5"), "w") as file:
        # Mode 5 is ZFP's reversible one.
        file.create_dataset("data", data=scan("<f4"), chunks=(1, 2, 5, 6), compression=32013, compression_opts=(5, 0, 0, 0, 0, 0))
    describe(path("zfp.h5"), scan("<f4"))

    calibrated(data, "reversed").save(path("hyperspy.emd"), overwrite=True)
    describe(path("hyperspy.emd"), data, axes=HSPY_AXES)

    with h5py.File(path("nexus.nxs"), "w") as file:
        group = file.create_group("entry/data")
        group.attrs.update({"NX_class": "NXdata", "signal": "counts", "axes": ["y", "x", ".", "kx"]})
        group["counts"], group["errors"] = data, data / 2
        for name, values, units in [("y", np.arange(3) * 0.5, "um"), ("x", np.arange(4) * 20, "nm"), ("kx", np.arange(6) - 2, "mrad")]:
            group[name] = values
            group[name].attrs["units"] = units
    describe(path("nexus.nxs"), data, axes=[[500, "nm", 0], [20, "nm", 0], [1, "px", 0], [1, "mrad", -2]])

    with h5py.File(path("py4dstem.h5"), "w") as file:
        file["experiment/datacube/data"] = data
        calibration = file.create_group("experiment/metadatabundle/calibration")
        calibration["Q_pixel_size"], calibration["Q_pixel_units"] = 0.02, "A^-1"
        calibration["R_pixel_size"], calibration["R_pixel_units"] = 5.0, "A"
    describe(path("py4dstem.h5"), data, axes=[[0.5, "nm", 0], [0.5, "nm", 0], [0.02, "1/Å", 0], [0.02, "1/Å", 0]])

    with h5py.File(path("velox.emd"), "w") as file:
        group = file.create_group("Data/Image/0123456789abcdef0123456789abcdef")
        stack = scan("<u2").reshape(12, 5, 6).transpose(1, 2, 0)
        group.create_dataset("Data", data=stack, chunks=(5, 6, 1), maxshape=(5, 6, None))
        about = {
            "BinaryResult": {"PixelSize": {"width": "2e7", "height": "1e7"}, "PixelUnitX": "1/m", "PixelUnitY": "1/m", "Offset": {"x": "0", "y": "0"}},
            "Optics": {"AccelerationVoltage": "300000", "CameraLength": "0.4"},
        }
        text = np.zeros((2000, 12), "u1")
        encoded = np.frombuffer(json.dumps(about).encode(), "u1")
        text[: len(encoded), 0] = encoded
        group["Metadata"] = text
    describe(path("velox.emd"), data, {"shape": [3, 4]}, [[1, "px", 0], [1, "px", 0], [0.001, "1/Å", 0], [0.002, "1/Å", 0]])

    with h5py.File(path("topspin.app5"), "w") as file:
        series = file.create_group("0f8fad5b-d9cb-469f-a165-70867728950e")
        file["Metadata"] = "<M><Item><Name S=\"a\">GunHighVoltage</Name><Value S=\"b\">200000</Value></Item></M>"
        for index in range(12):
            pattern = series.create_group(str(index))
            pattern["Data"] = scan("<f4")[index // 4, index % 4]
            x, y = 3e-9 * (index % 4), 2e-9 * (index // 4)
            axis = "<{0} S=\"a\"><Offset S=\"a\">-0.01</Offset><Scale S=\"a\">{1}</Scale><Type><Text>Angle</Text></Type></{0}>"
            pattern["Metadata"] = (
                "<Metadata><Calibration S=\"a\">" + axis.format("X", 2e-4) + axis.format("Y", 1e-4) + "</Calibration>"
                f"<Item><Name>RequestedBeamPosition</Name><Value S=\"a\"><X S=\"a\">{x}</X>\n<Y S=\"a\">{y}</Y></Value></Item></Metadata>"
            )
    describe(path("topspin.app5"), scan("<f4"), axes=[[2, "nm", 0], [3, "nm", 0], [0.1, "mrad", -10], [0.2, "mrad", -10]])


def make_dectris(at):
    data = scan("<u4").reshape(12, 5, 6)
    with h5py.File(os.path.join(at, "scan_master.h5"), "w") as master:
        group = master.create_group("entry/data")
        for number, (start, end) in enumerate([(0, 5), (5, 10), (10, 12)], 1):
            name = f"scan_data_{number:06}.h5"
            group[f"data_{number:06}"] = h5py.ExternalLink(name, "/entry/data/data")
            with h5py.File(os.path.join(at, name), "w") as file:
                direct(file.create_group("entry/data"), "data", data[start:end], (1, 5, 6), 32008, bitshuffled)
    with h5py.File(os.path.join(at, "scan.h5"), "w") as file:
        stem = file.create_group("STEM Metadata")
        stem.attrs.update({"NumPixelsX": 4, "NumPixelsY": 3, "High Tension": [200000.0], "Camera Length": [0.1]})
    describe(os.path.join(at, "scan_master.h5"), scan("<u4"))


stores = folder("zarr")
make_zarr_2(stores)
make_zarr_3(stores)
make_hdf5(folder("hdf5-kinds"))
make_dectris(folder("dectris"))
