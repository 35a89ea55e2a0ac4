#!/usr/bin/env python3
"""Draws small pictures with the original's loop, pixel by pixel, and prints the SHA-256 of their RGB bytes.

    python3 make_golden.py > golden.json

Plain Python, no package. `draw` is the loop of faafo/worker/service.py (openstack-archive/faafo, Apache-2.0) with c given
instead of drawn, and with the coordinate of a side of one pixel set to xa (ya), where the original divides by zero.
"""
import hashlib
import json
import random


def draw(width, height, iterations, xa, xb, ya, yb, cx, cy):
    c = complex(cx, cy)
    pixels = bytearray()
    for y in range(height):
        zy = y * (yb - ya) / (height - 1) + ya if height > 1 else ya
        for x in range(width):
            zx = x * (xb - xa) / (width - 1) + xa if width > 1 else xa
            z = complex(zx, zy)
            for i in range(iterations):
                if abs(z) > 2.0:
                    break
                z = z * z + c
            pixels += bytes((i % 8 * 32, i % 16 * 16, i % 32 * 8))
    return bytes(pixels)


def random_c(rng, xa, xb, ya, yb):
    """The original's choice: until c's own orbit leaves after more than 10 and fewer than 100 steps."""
    while True:
        z = c = complex(rng.random() * (xb - xa) + xa, rng.random() * (yb - ya) + ya)
        for i in range(256):
            if abs(z) > 2.0:
                break
            z = z * z + c
        if 10 < i < 100:
            return c


def tasks():
    rng = random.Random(20261121)
    for _ in range(8):
        box = [rng.uniform(-4, -1), rng.uniform(1, 4), rng.uniform(-3, -0.5), rng.uniform(0.5, 3)]
        c = random_c(rng, *box)
        yield [rng.randrange(100, 300), rng.randrange(100, 300), rng.randrange(128, 513), *box, c.real, c.imag]
    # Sides of one pixel, the iterations' ends, a mirrored box, c on and outside |c| = 2, and boxes whose orbits overflow to NaN.
    yield [1, 97, 200, -0.3, 2.0, -1.5, 1.5, -0.8, 0.156]
    yield [131, 1, 200, -1.5, 1.5, 0.1, 2.0, -0.8, 0.156]
    yield [1, 1, 50, 0.1, 0.2, 0.3, 0.4, 0.0, 0.0]
    yield [40, 40, 1, -1.5, 1.5, -1.5, 1.5, -0.8, 0.156]
    yield [12, 9, 65535, -0.4, 0.4, -0.4, 0.4, 0.1, 0.1]
    yield [150, 120, 300, 2.0, -2.0, 1.2, -1.2, -0.7269, 0.1889]
    yield [128, 65, 256, -2.0, 2.0, -0.5, 0.5, -2.0, 0.0]
    yield [129, 64, 256, -2.0, 2.0, -2.0, 2.0, 0.0, 2.0]
    yield [100, 100, 256, -3.0, 3.0, -3.0, 3.0, 2.5, -1.5]
    yield [90, 70, 256, -1000000.0, 1000000.0, -1000000.0, 999999.0, 0.3, 0.5]
    yield [64, 64, 256, -2.0, 2.0, -2.0, 2.0, -1000000.0, 1000000.0]


names = ["width", "height", "iterations", "xa", "xb", "ya", "yb", "cx", "cy"]
lines = [json.dumps({**dict(zip(names, task)), "sha256": hashlib.sha256(draw(*task)).hexdigest()}) for task in tasks()]
print("[\n  " + ",\n  ".join(lines) + "\n]")
