"""The contract between a gateway and HQ, version 1, as its description says it."""

import base64
import hashlib
import json
import threading
import time

import paho.mqtt.client as mqtt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ZERO = bytes(32)


def digest(record: bytes) -> bytes:
    """Of a redacted record it is the one that it carries."""
    line = json.loads(record)
    return bytes.fromhex(line["digest"]) if line.get("redacted") else hashlib.sha256(record).digest()


def chained(before: bytes, record: bytes) -> bytes:
    return hashlib.sha256(before + digest(record)).digest()


def records_of(payload: bytes) -> list[bytes]:
    """The records of an up/log payload, byte for byte: what is hashed is what was sent."""
    text = payload.decode()
    decoder = json.JSONDecoder()
    place = text.index('"records":[') + len('"records":[')
    found = []
    while text[place] != "]":
        _, end = decoder.raw_decode(text, place)
        found.append(text[place:end].encode())
        place = end + (text[end] == ",")
    return found


def compact(value) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def signed(key: Ed25519PrivateKey, payload: bytes) -> bytes:
    return b"ed25519:" + base64.b64encode(key.sign(payload)) + b"\n" + payload


def opened(key: Ed25519PublicKey, message: bytes) -> dict:
    """Raises InvalidSignature where the message is not signed by the key."""
    line, payload = message.split(b"\n", 1)
    if not line.startswith(b"ed25519:"):
        raise InvalidSignature
    key.verify(base64.b64decode(line[8:], validate=True), payload)
    return json.loads(payload)


def public_text(key: Ed25519PrivateKey) -> str:
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return "ed25519:" + base64.b64encode(raw).decode()


def public_key(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.removeprefix("ed25519:")))


class Line:
    """One connection; whatever comes in is kept until somebody takes it; `also` hears it at once."""

    def __init__(self, port: int, filters: list[str], also=lambda topic, payload: None):
        self.also = also
        self.messages: list[tuple[str, bytes]] = []
        self.changed = threading.Condition()
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        self.client.on_message = self._take
        ready = threading.Event()
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_connect = lambda client, *_: client.subscribe([(name, 1) for name in filters])
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert ready.wait(20), "the broker did not take the subscription"

    def _take(self, _client, _data, message):
        self.also(message.topic, message.payload)
        with self.changed:
            self.messages.append((message.topic, message.payload))
            self.changed.notify_all()

    def say(self, topic: str, payload: bytes, retain: bool = False):
        self.client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(20)

    def hear(self, ending: str, fits=lambda payload: True, seconds: float = 20):
        """The first message on such a topic that fits, taken out; None where none came."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while True:
                for place, (topic, payload) in enumerate(self.messages):
                    if topic.endswith(ending) and fits(payload):
                        del self.messages[place]
                        return payload
                if not self.changed.wait(max(0, deadline - time.monotonic())) and time.monotonic() >= deadline:
                    return None

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()
