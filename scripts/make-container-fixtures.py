"""Writes the small files of test/fixtures/{npz,tiff,dm,ser}, each with a .json of what it holds.

.npz and .tif are written by NumPy, tifffile and Pillow. No library writes DigitalMicrograph's or TIA's files, so those are
written here from the descriptions of their layouts, and read back with HyperSpy, an independent reader, before they are kept.
Run once; the files are kept in the repository so that tests need no Python.
Needs hyperspy 1.7, numpy, tifffile and Pillow. Usage: python3 scripts/make-container-fixtures.py
"""
import json
import logging
import os
import shutil
import struct
import warnings
import zipfile

import hyperspy.api as hs
import numpy as np
import tifffile
from PIL import Image

logging.disable(logging.WARNING)
warnings.simplefilter("ignore")
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "fixtures")
SHAPE = (3, 4, 5, 6)
STACK = {"shape": [3, 4]}
PIXELS = [[1, "px", 0]] * 4


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
    return lambda file: os.path.join(path, file)


def make_npz():
    at = folder("npz")
    data = scan("<u2")
    np.savez(at("stored.npz"), data=data)
    describe(at("stored.npz"), data)
    np.savez_compressed(at("deflated.npz"), scan(">f4"), note=np.array("beside it"), mask=np.ones((5, 6), bool))
    describe(at("deflated.npz"), scan(">f4"))
    np.savez_compressed(at("several.npz"), raw=data, filtered=data * 2, objects=np.array([{}, None], dtype=object))
    describe(at("several.npz"), data * 2, {"dataset": "filtered"})
    np.savez(at("stack.npz"), frames=scan("|i1").reshape(12, 5, 6))
    describe(at("stack.npz"), scan("|i1"), STACK)
    np.savez_compressed(at("fortran.npz"), data=np.asfortranarray(data))
    describe(at("fortran.npz"), data)
    # From the fastest axis on, as in genuine files.
    steps = [("1/m", 2e7, 4, -3), ("1/m", 2.5e7, 4, -2), ("m", 1e-9, 2, 0), ("m", 3e-9, 1, 0)]
    calibration = [{"unit": unit, "value": value, "pixel_factor": factor, "offset": offset} for unit, value, factor, offset in steps]
    about = {
        "electron_gun.voltage": 200000,
        "content.types": ["CameraX", "CameraY", "ScanX", "ScanY"],
        "device.calib": calibration,
    }
    np.savez(at("parts.npz"), data=data, meta_data_json=np.array(json.dumps([about])))
    shutil.move(at("parts.npz"), at("panta-rhei.prz"))
    describe(at("panta-rhei.prz"), data, axes=[[3, "nm", 0], [2, "nm", 0], [0.01, "1/Å", -0.005], [0.008, "1/Å", -0.006]])
    # A stream without known lengths, as a web server writes it, and a comment behind the directory.
    np.save(at("part.npy"), data)
    with open(at("streamed.npz"), "wb") as file:
        file.seekable = lambda: False
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, open(at("part.npy"), "rb") as part:
            archive.comment = b"PK\5\6 a comment that looks like an end"
            archive.writestr(zipfile.ZipInfo("data.npy"), part.read(), zipfile.ZIP_DEFLATED)
    os.remove(at("part.npy"))
    describe(at("streamed.npz"), data)


def make_tiff():
    at = folder("tiff")

    def write(name, data, facts=None, options=STACK, axes=None, **how):
        tifffile.imwrite(at(name + ".tif"), data, **how)
        expected = data if facts is None else facts
        describe(at(name + ".tif"), expected.reshape(SHAPE), options, axes)

    for dtype in "|u1 |i1 <u2 <i2 <u4 <i4 <f4 <f8 <u8 <f2".split():
        data = scan(dtype) if dtype != "<u8" else scan("<u4").astype("<u8") * 1000
        write("plain-" + dtype[1:], data.reshape(12, 5, 6), metadata=None)
    data = scan("<u2").reshape(12, 5, 6)
    photometric = {"metadata": None, "photometric": "minisblack"}
    write("big-endian", data, byteorder=">", **photometric)
    write("bigtiff", data, bigtiff=True, **photometric)
    write("bigtiff-big-endian", scan("<f4").reshape(12, 5, 6), bigtiff=True, byteorder=">", **photometric)
    write("strips", data, rowsperstrip=2, **photometric)
    write("tiles", data, tile=(16, 32), **photometric)
    write("deflate", data, compression="zlib", rowsperstrip=3, **photometric)
    write("deflate-predictor", data, compression="zlib", predictor=2, **photometric)
    write("deflate-predictor-big-endian", data, compression="zlib", predictor=2, byteorder=">", **photometric)
    write("deflate-predictor-u4", scan("<u4").reshape(12, 5, 6), compression="zlib", predictor=2, **photometric)
    # What the files say of themselves: tifffile's shape, ImageJ's hyperstack, OME's axes.
    write("shaped", scan("<u2"), options=None, photometric="minisblack")
    write("imagej-stack", data, imagej=True)
    write("imagej-hyperstack", scan("<u2"), options=None, imagej=True, metadata={"axes": "TZYX"}, resolution=(1 / 0.5, 1 / 0.25))
    write("imagej-f4", scan("<f4"), options=None, imagej=True, metadata={"axes": "TZYX"})
    write("ome", scan("<u2"), options=None, ome=True, metadata={"axes": "TZYX"})
    # One page that is followed by all the others: what ImageJ does beyond 4 GiB.
    write("imagej-one-page", scan("<u2"), options=None, imagej=True, metadata={"axes": "TZYX"})
    cut_chain(at("imagej-one-page.tif"))
    pillow = [
        ("lzw", "tiff_lzw", "<u2", 1),
        ("lzw-predictor", "tiff_lzw", "<u2", 2),
        ("packbits", "packbits", "|u1", 1),
        ("adobe-deflate", "tiff_adobe_deflate", "<f4", 1),
        ("deflate-predictor-f4", "tiff_adobe_deflate", "<f4", 3),
    ]
    for name, compression, dtype, predictor in pillow:
        frames = scan(dtype).reshape(12, 5, 6)
        if name == "lzw":  # long enough for codes of 12 bits
            rng = np.random.default_rng(1)
            frames = (rng.poisson(3, (12, 40, 60)) + 200 * rng.integers(0, 2, (12, 40, 60))).astype("<u2")
        pages = [Image.fromarray(frame) for frame in frames]
        tags = {} if predictor == 1 else {"tiffinfo": {317: predictor}}
        pages[0].save(at(name + ".tif"), save_all=True, append_images=pages[1:], compression=compression, **tags)
        with tifffile.TiffFile(at(name + ".tif")) as file:
            assert file.pages[0].predictor == predictor
        describe(at(name + ".tif"), frames.reshape(3, 4, *frames.shape[1:]), STACK)


def cut_chain(path):
    """Ends the chain of pages after the first."""
    with open(path, "r+b") as file:
        contents = file.read()
        (first,) = struct.unpack_from("<I", contents, 4)
        (count,) = struct.unpack_from("<H", contents, first)
        file.seek(first + 2 + 12 * count)
        file.write(struct.pack("<I", 0))


# DigitalMicrograph: https://personal.ntu.edu.sg/cbb/info/dmformat/index.html
DM_TYPES = {"i2": 2, "i4": 3, "u2": 4, "u4": 5, "f4": 6, "f8": 7, "b1": 8, "u1": 10, "i1": 9}
DM_DATA_TYPES = {"i2": 1, "f4": 2, "u1": 6, "i4": 7, "i1": 9, "u2": 10, "u4": 11, "f8": 12, "b1": 14}


class DmWriter:
    def __init__(self, version, order="<"):
        self.version, self.order = version, order
        self.long = ">I" if version == 3 else ">Q"

    def file(self, root):
        body = self.group(root)
        return struct.pack(">I", self.version) + struct.pack(self.long, len(body)) + struct.pack(">I", 1 if self.order == "<" else 0) + body + bytes(8)

    def group(self, entries):
        items = entries.items() if isinstance(entries, dict) else [("", entry) for entry in entries]
        body = struct.pack(">BB", 0, 0) + struct.pack(self.long, len(items))
        for name, value in items:
            is_group = isinstance(value, (dict, list))
            content = self.group(value) if is_group else self.data(value)
            head = struct.pack(">BH", 20 if is_group else 21, len(name)) + name.encode("latin-1")
            body += head + (struct.pack(">Q", len(content)) if self.version == 4 else b"") + content
        return body

    def data(self, value):
        pack = lambda form, number: struct.pack(self.order + form, number)
        if isinstance(value, bool):
            info, content = [8], pack("B", value)
        elif isinstance(value, int):
            info, content = [5], pack("I", value)
        elif isinstance(value, float):
            info, content = [6], pack("f", value)
        elif isinstance(value, str):
            units = value.encode("utf-16-le" if self.order == "<" else "utf-16-be")
            info, content = [20, 4, len(units) // 2], units
        elif isinstance(value, tuple):  # a struct of two numbers
            info, content = [15, 0, 2, 0, 5, 0, 5], pack("I", value[0]) + pack("I", value[1])
        else:
            info = [20, DM_TYPES[value.dtype.str[1:]], value.size]
            content = value.astype(value.dtype.newbyteorder(self.order)).tobytes()
        return b"%%%%" + struct.pack(self.long, len(info)) + b"".join(struct.pack(self.long, n) for n in info) + content


def dm_image(data, axes, tags):
    """`data` as it lies in the file, slowest first; `axes` fastest first, as DigitalMicrograph lists dimensions."""
    return {
        "ImageData": {
            "Calibrations": {
                "Brightness": {"Origin": 0.0, "Scale": 1.0, "Units": ""},
                "Dimension": [{"Origin": o, "Scale": s, "Units": u} for s, u, o in axes],
                "DisplayCalibratedUnits": True,
            },
            "Data": data.reshape(-1),
            "DataType": DM_DATA_TYPES[data.dtype.str[1:]],
            "Dimensions": [int(n) for n in data.shape[::-1]],
            "PixelDepth": data.dtype.itemsize,
        },
        "ImageTags": tags,
        "Name": "a scan µ",
        "UniqueID": [1, 2, 3, 4],
    }


def dm_root(image):
    thumbnail = {
        "ImageData": {
            "Calibrations": {"Dimension": [{"Origin": 0.0, "Scale": 1.0, "Units": ""}] * 2},
            "Data": np.zeros(16, "<i4"),
            "DataType": 23,
            "Dimensions": [4, 4],
            "PixelDepth": 4,
        },
        "ImageTags": {},
        "Name": "",
    }
    return {
        "ApplicationBounds": (0, 1),
        "ImageList": [thumbnail, image],
        "Thumbnails": [{"ImageIndex": 0, "SourceSize_Pixels": (4, 4)}],
    }


def make_dm():
    at = folder("dm")
    detector = [(0.5, "1/nm", 3.0), (0.25, "1/nm", 2.0)]  # x, y: (index − origin) · scale
    positions = [(2.0, "nm", 0.0), (2.5, "nm", 0.0)]
    axes = [[2.5, "nm", 0], [2, "nm", 0], [0.025, "1/Å", -0.05], [0.05, "1/Å", -0.15]]
    camera = {"Microscope Info": {"Voltage": 200000.0, "STEM Camera Length": 130.0}}

    def write(name, version, stored, calibrations, tags, order="<"):
        path = at(name)
        with open(path, "wb") as file:
            file.write(DmWriter(version, order).file(dm_root(dm_image(stored, calibrations, tags))))
        again = hs.load(path).data
        if order == "<" and not np.array_equal(again.reshape(stored.shape), stored):
            raise ValueError(f"HyperSpy reads {name} otherwise")
        return path

    for version in 3, 4:
        for dtype in "|u1 |i1 <u2 <i2 <u4 <i4 <f4 <f8 |b1".split():
            data = scan(dtype)
            tags = {"Meta Data": {"Format": "Diffraction image", "Data Order Swapped": True}, **camera}
            path = write(f"detector-first-{dtype[1:]}.dm{version}", version, data, detector + positions, tags)
            shutil.move(path, path := at(f"detector-first-{dtype[1:]}-{version}.dm{version}"))
            describe(path, data, axes=axes)
    data = scan("<u2")
    transposed = np.ascontiguousarray(data.transpose(2, 3, 0, 1))
    tags = {"Meta Data": {"Format": "Diffraction image"}, **camera}
    describe(write("scan-first-by-units.dm4", 4, transposed, positions + detector, tags), data, axes=axes)
    describe(write("detector-first-by-units.dm4", 4, data, detector + positions, tags), data, axes=axes)
    plain = [(1.0, "", 0.0)] * 4
    describe(write("scan-first-without-units.dm4", 4, transposed, plain, tags), data, axes=PIXELS)
    tags["Meta Data"]["Data Order Swapped"] = False
    describe(write("scan-first-by-tag.dm4", 4, transposed, plain, tags), data, axes=PIXELS)
    frames = data.reshape(12, 5, 6)
    describe(write("stack.dm3", 3, frames, detector + [(1.0, "", 0.0)], {}), data, STACK, [*PIXELS[:2], *axes[2:]])
    for version in 3, 4:
        path = write(f"big-endian-{version}.dm{version}", version, data, detector + positions, {"Meta Data": {"Data Order Swapped": True}}, ">")
        describe(path, data, axes=axes)


# TIA: C. B. Boothroyd, "TIA file format", https://personal.ntu.edu.sg/cbb/info/TIAformat/index.html
SER_TYPES = {"u1": 1, "u2": 2, "u4": 3, "i1": 4, "i2": 5, "i4": 6, "f4": 7, "f8": 8}


def write_ser(path, data, version=0x0220, sizes=(4, 3), step=4e7, valid=None, tag_type=0x4142):
    """`data` is a stack of patterns; rows are stored from the bottom up. `sizes` of the series, fastest first."""
    frames, height, width = data.shape
    long = "<q" if version >= 0x0220 else "<i"
    dimensions = b""
    for size in sizes:
        dimensions += struct.pack("<IddI", size, 0, 2e-9, 0) + struct.pack("<I", 8) + b"Position" + struct.pack("<I", 1) + b"m"
    header = struct.pack("<HHHIII", 0x4949, 0x0197, version, 0x4122, tag_type, frames)
    header += struct.pack("<I", frames if valid is None else valid)
    table = len(header) + struct.calcsize(long) + 4 + len(dimensions)
    header += struct.pack(long, table) + struct.pack("<I", len(sizes)) + dimensions
    start = table + 2 * frames * struct.calcsize(long)
    element = 50 + data[0].nbytes
    tag = 24 if tag_type == 0x4142 else 8
    offsets = [start + index * (element + tag) for index in range(frames)]
    body = b"".join(struct.pack(long, offset) for offset in offsets)
    body += b"".join(struct.pack(long, offset + element) for offset in offsets)
    for index, frame in enumerate(data):
        body += struct.pack("<ddIddI", -2 * step, step, 0, -1.5 * step, step, 0)
        body += struct.pack("<HII", SER_TYPES[data.dtype.str[1:]], width, height)
        body += frame[::-1].tobytes()
        body += struct.pack("<HHI", tag_type, 0, 1_500_000_000)
        if tag == 24:
            body += struct.pack("<dd", 2e-9 * (index % 4), 2e-9 * (index // 4))
    with open(path, "wb") as file:
        file.write(header + body)
    again = hs.load(path)
    if valid is None and not np.array_equal(again.data.reshape(data.shape), data):
        raise ValueError(f"HyperSpy reads {path} otherwise")


def make_ser():
    at = folder("ser")
    data = scan("<u2")
    frames = data.reshape(12, 5, 6)
    axes = [[2, "nm", 0], [2, "nm", 0], [0.004, "1/Å", -0.006], [0.004, "1/Å", -0.008]]
    write_ser(at("map.ser"), frames)
    describe(at("map.ser"), data, axes=axes)
    write_ser(at("version-210.ser"), frames, version=0x0210)
    describe(at("version-210.ser"), data, axes=axes)
    write_ser(at("series.ser"), frames, sizes=(12,), tag_type=0x4152)
    describe(at("series.ser"), data, STACK, [*PIXELS[:2], *axes[2:]])
    for dtype in SER_TYPES:
        path = at(f"series-{dtype}.ser")
        write_ser(path, scan("<" + dtype).reshape(12, 5, 6), sizes=(12,), tag_type=0x4152)
        describe(path, scan("<" + dtype), STACK)


make_npz()
make_tiff()
make_dm()
make_ser()
