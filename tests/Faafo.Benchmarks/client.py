"""Posts one random task like the original's command line, with Python's standard library: client.py ENDPOINT"""
import json
import random
import sys
import urllib.request
import uuid

task = {
    "uuid": str(uuid.uuid4()),
    "width": random.randint(256, 1024),
    "height": random.randint(256, 1024),
    "iterations": random.randint(128, 512),
    "xa": random.uniform(-1.0, -4.0),
    "xb": random.uniform(1.0, 4.0),
    "ya": random.uniform(-0.5, -3),
    "yb": random.uniform(0.5, 3),
}
request = urllib.request.Request(
    sys.argv[1] + "v1/fractal", json.dumps(task).encode(), {"Content-Type": "application/json"})
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
with opener.open(request) as response:
    print(json.load(response)["uuid"])
