"""Writes the small files of test/fixtures/{mib,empad,mrc,tvips,seq}, each with a .json of what it holds.

The .tvips files are written by HyperSpy. No other writer of the rest could be had, so NumPy writes them from the descriptions
of the formats that docs/formats.md names; the layouts are those of genuine files.
Run once; the files are kept in the repository so that tests need no Python.
Needs hyperspy 1.7 and numpy. Usage: python3 scripts/make-frame-fixtures.py
"""
import json
import logging
import os
import shutil
import struct

import hyperspy.api as hs
import numpy as np
from hyperspy.io_plugins import tvips

logging.disable(logging.WARNING)
hs.preferences.General.show_progressbar = False
HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "fixtures")


def scan(shape, dtype, most):
    """Numbers up to `most` that show a swapped axis, a swapped byte and a lost bit."""
    count = int(np.prod(shape))
    values = (np.arange(count, dtype="i8") * 7919 + np.arange(count) // 7) % (most + 1)
    return values.reshape(shape).astype(dtype)


def folder(name):
    path = os.path.join(HERE, name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return lambda *names: os.path.join(path, *names)


def describe(path, data, options=None, axes=None, frames=None):
    """The facts of a file: every value, since the files are small, by three sums and some places."""
    rows, columns, height, width = data.shape
    places = [(0, 0, 0, 0), (0, 1, 2, 3), (rows - 1, 0, 1, width - 1), (rows - 1, columns - 1, height - 1, width - 2)]
    weights = (np.arange(data.size) % 1009).reshape(data.shape)
    facts = {
        "file": os.path.basename(path),
        "shape": data.shape,
        "sum": float(data.astype("f8").sum()),
        "weighted": float((data.astype("f8") * weights).sum()),
        "values": [[*place, float(data[place])] for place in places],
    }
    if options:
        facts["options"] = options
    if axes:
        facts["axes"] = axes
    with open(path + ".json", "w") as file:
        json.dump(facts, file)
        file.write("\n")


def mib_header(number, chips, stored, kind, layout, depth):
    length = 384 if chips == 1 else 768
    chip = "3RX," + ",".join(["100"] * 27) + ","
    text = (
        f"MQ1,{number:06d},{length:05d},{chips:02d},{stored[1]:04d},{stored[0]:04d},{kind},{layout:>6},0F,"
        "2026-01-02 03:04:05.060708,0.002500,0,0,0,4.000000E+1" + ",0.000000E+0" * 7 + "," + chip * chips
    )
    text += f"MQ1A,2026-01-02T03:04:05.060708091Z,2500000ns,{depth},"
    return text.encode().ljust(length, b"\0")


def raw_words(frame, depth):
    """As chips send pixels: the first of each 64 bits last."""
    if depth == 24:
        return raw_words(frame >> 12, 12) + raw_words(frame & 0xFFF, 12)
    per_word = {1: 64, 6: 8, 12: 4}[depth]
    words = frame.reshape(-1, per_word)[:, ::-1]
    return np.packbits(words).tobytes() if depth == 1 else words.astype(">u2" if depth == 12 else "u1").tobytes()


def side_by_side(frame):
    half, width = frame.shape[0] // 2, frame.shape[1] // 2
    top, bottom = frame[:half], frame[half:][::-1, ::-1]
    return np.hstack([bottom[:, :width], bottom[:, width:], top[:, width:], top[:, :width]])


def make_mib():
    at = folder("mib")
    processed = {"u08": (1, "u1", 1), "u08-6": (6, "u1", 63), "u16": (12, ">u2", 4095), "u32": (24, ">u4", 2**24 - 1)}
    for name, (depth, dtype, most) in processed.items():
        data = scan((3, 4, 5, 6), "u4", most)
        with open(at(name + ".mib"), "wb") as file:
            for index, frame in enumerate(data.reshape(12, 5, 6)):
                file.write(mib_header(index + 1, 1, (5, 6), name[:3].upper(), "1x1", depth))
                file.write(frame.astype(dtype).tobytes())
        describe(at(name + ".mib"), data, None if name == "u16" else {"shape": [3, 4]})
    with open(at("u16.hdr"), "wb") as file:
        lines = ["HDR,\t", "Chip Mode  (SPM, CSM, CM, CSCM):\tCSM", "Counter Depth (number):\t12", "ScanX:\t4", "ScanY:\t3"]
        file.write("\r\n".join([*lines, "End\t"]).encode().ljust(512))
    for depth, width in ((1, 64), (6, 8), (12, 4), (24, 4)):
        for quad in (False, True):
            pixels = (6, 2 * width) if quad else (3, width)
            data = scan((2, 3, *pixels), "u4", 2**depth - 1)
            name = f"r64-{depth}-{'quad' if quad else 'single'}.mib"
            with open(at(name), "wb") as file:
                for index, frame in enumerate(data.reshape(6, *pixels)):
                    stored = side_by_side(frame) if quad else frame
                    layout = "2x2" if quad else "1x1"
                    file.write(mib_header(index + 1, 4 if quad else 1, stored.shape, "R64", layout, depth))
                    file.write(raw_words(stored, depth))
            describe(at(name), data, {"shape": [2, 3]})


def make_empad():
    at = folder("empad")
    data = scan((1, 2, 128, 128), "f4", 1000)
    stored = np.full((2, 130, 128), -7, dtype="<f4")
    stored[:, :128] = data.reshape(2, 128, 128)
    stored.tofile(at("scan_x2_y1.raw"))
    tags = {
        "pix_x": 2,
        "pix_y": 1,
        "optics.get_full_scan_field_of_view": "[4e-08, 1e-08]",
        "calibrated_pixelsize": 2e-10,
        "source.get_voltage": 300000.0,
    }
    text = "".join(f"<{tag}>{value}</{tag}>" for tag, value in tags.items())
    with open(at("acquisition.xml"), "w") as file:
        file.write(f'<root name="acquisition"><type>scan</type><raw_file filename="scan_x2_y1.raw"/>{text}</root>')
    axes = [[10, "nm", 0], [20, "nm", 0], [0.02, "1/Å", -1.28], [0.02, "1/Å", -1.28]]
    describe(at("acquisition.xml"), data, axes=axes)
    describe(at("scan_x2_y1.raw"), data)


def mrc_header(data, mode, big, extended=0, kind=b"\0\0\0\0"):
    end = ">" if big else "<"
    frames, rows, columns = data
    header = struct.pack(end + "10i", columns, rows, frames, mode, 0, 0, 0, columns, rows, frames)
    header += struct.pack(end + "6f3i3f2i", 1, 1, 1, 90, 90, 90, 1, 2, 3, 0, 0, 0, 0, extended) + bytes(8) + kind
    header = header.ljust(208, b"\0") + b"MAP " + (b"\x11\x11\0\0" if big else b"\x44\x44\0\0")
    return header.ljust(1024, b"\0") + b"\x01" * extended


def make_mrc():
    at = folder("mrc")
    modes = {0: ("i1", 100), 1: ("i2", 30000), 2: ("f4", 9000), 6: ("u2", 65000), 12: ("f2", 2000)}
    for mode, (dtype, most) in modes.items():
        for big in (False, True):
            data = scan((3, 4, 5, 6), dtype, most)
            if np.dtype(dtype).kind != "u":
                data = data - np.dtype(dtype).type(most // 2)
            name = f"mode-{mode}-{'big' if big else 'little'}.mrc"
            with open(at(name), "wb") as file:
                file.write(mrc_header((12, 5, 6), mode, big, extended=0 if big else 80))
                file.write(data.astype((">" if big else "<") + dtype).tobytes())
            describe(at(name), data, {"shape": [3, 4]})

    info = "Camera Model = Test\nScan - Size X = 4\nScan - Size Y = 3\nScan - Type = {}\nScan - ROI Enable = Disable\n"
    info += "Specimen Pixel Size X (nanometers) = 0.5\nSpecimen Pixel Size Y (nanometers) = 0.25\n"
    axes = [[0.25, "nm", 0], [0.5, "nm", 0], [1, "px", 0], [1, "px", 0]]
    data = scan((3, 4, 5, 6), "u1", 255)
    with open(at("raster_0_movie.mrc"), "wb") as file:
        file.write(mrc_header((12, 5, 6), 0, False) + data.tobytes())
    with open(at("raster_info.txt"), "w") as file:
        file.write(info.format("Raster"))
    describe(at("raster_0_movie.mrc"), data, axes=axes)

    # Points in another order, and two of the twelve never visited.
    data = scan((3, 4, 5, 6), "u2", 65000)
    points = [5, 0, 11, 3, 7, 1, 10, 2, 9, 4]
    data.reshape(12, 30)[[6, 8]] = 0
    with open(at("random_movie.mrc"), "wb") as file:
        file.write(mrc_header((10, 5, 6), 6, False) + data.reshape(12, 30)[points].astype("<u2").tobytes())
    with open(at("random_info.txt"), "w") as file:
        file.write(info.format("Random"))
    with open(at("random_scan_coordinates.csv"), "w") as file:
        file.write("".join(f"{point % 4},{point // 4}\r\n" for point in points))
    describe(at("random_movie.mrc"), data, axes=axes)


def make_tvips():
    at = folder("tvips")
    for name, dtype, options in (
        ("version-2", "u1", {"version": 2}),
        ("extra", "u2", {"version": 2, "frame_header_extra_bytes": 20}),
        ("split", "u2", {"version": 2, "max_file_size": 1000}),
    ):
        data = scan((3, 4, 5, 6), dtype, 250 if dtype == "u1" else 65000)
        signal = hs.signals.Signal2D(data.reshape(12, 5, 6))
        for axis, (scale, units) in zip(signal.axes_manager._axes, [(1, "s"), (2, "1/nm"), (2, "1/nm")]):
            axis.scale, axis.units = scale, units
        written = at(name + "_000.tvips")
        # HyperSpy's own save() offers this writer to some signals only.
        tvips.file_writer(written, signal, mode=2, **options)
        step = [0.2, "1/Å", 0]
        describe(written, data, {"shape": [3, 4]}, axes=[[1, "px", 0], [1, "px", 0], step, step])

    # HyperSpy's version 1 has the frame headers of version 2, which its own reader refuses; those of cameras have 12 bytes.
    data = scan((3, 4, 5, 6), "u2", 65000)
    with open(at("version-1.tvips"), "wb") as file:
        file.write(struct.pack("<12i", 256, 1, 6, 5, 16, 0, 0, 1, 1, 15500, 200, 80).ljust(256, b"T"))
        for index, frame in enumerate(data.reshape(12, 30)):
            file.write(struct.pack("<3I", index, 1000, 10 * index) + frame.astype("<u2").tobytes())
    describe(at("version-1.tvips"), data, {"shape": [3, 4]}, axes=[[1, "px", 0]] * 4)

    # Three frames before the scan, one point that was recorded twice and a frame behind it.
    data = scan((3, 4, 5, 6), "u2", 65000)
    with open(at("version-2_000.tvips"), "rb") as file:
        header = bytearray(file.read(256))
    struct.pack_into("<i", header, 16, 16)
    points = [0, 0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12]
    with open(at("points_000.tvips"), "wb") as file:
        file.write(header)
        for index, point in enumerate(points):
            again = point == 0 or points[index - 1] == point
            frame = np.full(30, 60000, "<u2") if again else data.reshape(12, 30)[point - 1].astype("<u2")
            file.write(struct.pack("<3I", index, 1000, 0).ljust(24, b"\0") + struct.pack("<I", 2).ljust(24, b"\0"))
            file.write(struct.pack("<I", point).ljust(12, b"\0") + frame.tobytes())
    describe(at("points_000.tvips"), data, {"shape": [3, 4]}, axes=[[1, "px", 0], [1, "px", 0], step, step])


def make_seq():
    at = folder("seq")
    for name, dtype, version in (("grey-16.seq", "u2", 5), ("grey-8.seq", "u1", 4)):
        data = scan((3, 4, 5, 6), dtype, 4000 if dtype == "u2" else 250)
        size = data.dtype.itemsize * 30
        start, stride = (8192 if version == 5 else 1024), size + 36
        header = struct.pack("<I", 0xFEED) + "Norpix seq".encode("utf-16le") + bytes(4)
        header += struct.pack("<iI", version, 1024)
        header = header.ljust(548, b"\0") + struct.pack("<6I", 6, 5, 8 * data.dtype.itemsize, 12 if dtype == "u2" else 8, size, 100)
        header += struct.pack("<4Id", 12, 0, stride, 0, 100.0)
        with open(at(name), "wb") as file:
            file.write(header.ljust(start, b"\0"))
            for frame in data.reshape(12, 30):
                file.write(frame.astype("<" + dtype).tobytes().ljust(stride, b"\xee"))
        describe(at(name), data, {"shape": [3, 4]})


make_mib()
make_empad()
make_mrc()
make_tvips()
make_seq()
