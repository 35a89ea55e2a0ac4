#!/usr/bin/env python3
"""Draws and stores a picture as the original Faafo does: Python's complex numbers, Pillow's putpixel, Pillow's PNG.

Reads one JSON object per line and prints one line for each.
    draw    {"width", ..., "cy", "rgb": FILE or null}: draws it and writes the RGB bytes to FILE; prints the CPU
            seconds of drawing, of the PNG and of its SHA-256, and the size of the PNG
    decode  {"png": FILE, "rgb": FILE}: writes the RGB bytes that Pillow reads from a PNG
The loop is that of faafo/worker/service.py (openstack-archive/faafo, Apache-2.0), with a given c. Needs Pillow (Debian: python3-pil).
"""
import hashlib
import io
import json
import sys
import time

from PIL import Image


def draw(task):
    width, height, iterations = task["width"], task["height"], task["iterations"]
    xa, xb, ya, yb = task["xa"], task["xb"], task["ya"], task["yb"]
    image = Image.new("RGB", (width, height))
    c = complex(task["cx"], task["cy"])
    for y in range(height):
        zy = y * (yb - ya) / (height - 1) + ya
        for x in range(width):
            zx = x * (xb - xa) / (width - 1) + xa
            z = complex(zx, zy)
            for i in range(iterations):
                if abs(z) > 2.0:
                    break
                z = z * z + c
            image.putpixel((x, y), (i % 8 * 32, i % 16 * 16, i % 32 * 8))
    return image


for line in sys.stdin:
    task = json.loads(line)
    if sys.argv[1] == "decode":
        with Image.open(task["png"]) as image, open(task["rgb"], "wb") as rgb:
            rgb.write(image.convert("RGB").tobytes())
        print("{}", flush=True)
        continue
    started = time.process_time()
    image = draw(task)
    drawn = time.process_time()
    png = io.BytesIO()
    image.save(png, "PNG")
    encoded = time.process_time()
    hashlib.sha256(png.getvalue()).hexdigest()
    hashed = time.process_time()
    if task.get("rgb"):
        with open(task["rgb"], "wb") as rgb:
            rgb.write(image.tobytes())
    answer = {"draw": drawn - started, "png": encoded - drawn, "hash": hashed - encoded, "size": len(png.getvalue())}
    print(json.dumps(answer), flush=True)
