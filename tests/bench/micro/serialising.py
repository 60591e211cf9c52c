"""JSON and struct, there and back."""

# baseline: import json, struct
import json
import struct


def main():
    data = {"numbers": list(range(200)), "texts": ["x" * (i % 20) for i in range(100)], "pi": 3.14159}
    for _ in range(30):
        data = json.loads(json.dumps(data))
    packed = [struct.pack("<IHd", i, i % 100, i / 3) for i in range(1000)]
    return sum(struct.unpack("<IHd", p)[0] for p in packed)


main()
