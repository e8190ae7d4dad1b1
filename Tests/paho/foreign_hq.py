"""An HQ that is not ours, before the real gatehoused and gatehouse-uplink."""

import hashlib
import json
import os
import secrets
import socket
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import contract

TOPIC = "gatehouse/1/bench/gw-py/"
HEAD = "credential,holder,groups,valid_from,valid_until,uses,flags\n"


def site(port: int, key: str) -> str:
    return """
{
  gateway: { id: "gw-py", site: "bench", timezone: "UTC" },
  gpio: { bench: { simulated: true } },
  outputs: { "lobby.strike": { gpio: "bench", line: 18, safe: false } },
  points: { lobby: { kind: "door", outputs: { unlock: "lobby.strike" }, fail: "secure", unlock_ms: 400 } },
  readers: { "lobby.camera": { point: "lobby", side: "in", kind: "plate", hold_off_ms: 100 } },
  schedules: { always: {} },
  groups: { residents: { points: ["lobby"], schedule: "always" } },
  uplink: { broker: "mqtt://127.0.0.1:%d", insecure: true, hq_public_key: "%s", batch: 50, window: 2 },
}
""" % (port, key)


def ask(path: str, line: dict) -> dict:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(path)
        connection.sendall(contract.compact(line) + b"\n")
        return json.loads(connection.makefile("rb").readline())


class ForeignHQ:
    """Stores what follows the chain, and acknowledges it."""

    def __init__(self, line: contract.Line):
        self.line = line
        self.records: list[bytes] = []
        self.link = contract.ZERO
        self.acknowledges = True

    def collect(self, seconds: float = 20) -> bool:
        """Takes one batch; False where none came."""
        payload = self.line.hear("/up/log", seconds=seconds)
        if payload is None:
            return False
        head = json.loads(payload)
        records = contract.records_of(payload)
        assert head["v"] == 1 and head["gateway"] == "gw-py"
        assert head["last"] - head["first"] + 1 == len(records)
        link = bytes.fromhex(head["prev"])
        for seq, record in enumerate(records, head["first"]):
            assert json.loads(record)["seq"] == seq
            link = contract.chained(link, record)
            if seq == len(self.records) + 1:
                assert contract.chained(self.link, record) == link, f"the chain breaks at {seq}"
                self.records.append(record)
                self.link = link
            else:
                assert seq <= len(self.records) and self.records[seq - 1] == record, f"{seq} is another record"
        if self.acknowledges:
            self.acknowledge(len(self.records), self.link)
        return True

    def collect_until(self, fits, seconds: float = 30) -> bool:
        deadline = time.monotonic() + seconds
        while not any(fits(json.loads(record)) for record in self.records):
            if time.monotonic() > deadline:
                return False
            self.collect(seconds=1)
        return True

    def acknowledge(self, through: int, link: bytes):
        self.line.say(TOPIC + "down/ack", contract.compact({"through": through, "hash": link.hex()}))

    def reply(self, identity: str, seconds: float = 20):
        payload = self.line.hear("/up/reply", lambda text: json.loads(text)["id"] == identity, seconds)
        return None if payload is None else json.loads(payload)


def list_parts(key, identity: str, version: int, base, rows: str, parts: int, receiver="gw-py") -> list[bytes]:
    cut = (len(rows) + parts - 1) // parts
    pieces = [rows[at : at + cut] for at in range(0, len(rows), cut)]
    sha = hashlib.sha256(rows.encode()).hexdigest()
    return [
        contract.signed(
            key,
            contract.compact(
                {
                    "id": identity, "site": "bench", "gateway": receiver, "version": version, "base": base, "part": part, "parts": len(pieces),
                    "sha256": sha, "rows": piece,
                }
            ),
        )
        for part, piece in enumerate(pieces, 1)
    ]


def check(check, bench):
    key = Ed25519PrivateKey.generate()
    state, run = bench.folder("state"), bench.folder("run")
    path = bench.write("site.json5", site(bench.port, contract.public_text(key)))
    line = contract.Line(bench.port, ["gatehouse/1/+/+/up/+"])
    hq = ForeignHQ(line)
    control = os.path.join(run, "control.sock")
    common = ["--site", path, "--state", state, "--run", run]
    bench.start("gatehoused", *common)
    bench.until(lambda: os.path.exists(control) and ask(control, {"id": 1, "verb": "status", "args": {}})["ok"])
    bench.start("gatehouse-uplink", *common)

    def status():
        return ask(control, {"id": 1, "verb": "status", "args": {}})["result"]

    def read(plate):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(os.path.join(run, "ingress.sock"))
            reading = {"id": "1", "reader": "lobby.camera", "credential": f"plate:{plate}", "confidence": 0.99}
            connection.sendall(contract.compact(reading) + b"\n")
            return json.loads(connection.makefile("rb").readline())

    birth = json.loads(line.hear("/up/birth"))
    check("birth says where the log is", birth["first"] == 1 and birth["acked"] == 0 and birth["boot"] == 1)
    check("the log follows SHA-256 from seq 1", hq.collect_until(lambda record: record["type"] == "system"))
    bench.until(lambda: status()["journal"]["acked"] == len(hq.records))
    check("an acknowledgement moves the queue on", status()["journal"]["acked"] == len(hq.records) > 0)

    hq.acknowledges = False
    denied = read("AA1111")
    hq.collect_until(lambda record: record.get("reason") == "denied-unknown-credential")
    check("a denial is a record like a grant", denied["decision"] == "deny" and len(hq.records) >= denied["seq"])
    before = status()["journal"]["acked"]
    hq.acknowledge(len(hq.records), secrets.token_bytes(32))
    hq.acknowledge(len(hq.records) + 1000, hq.link)
    time.sleep(0.5)
    check("an acknowledgement with another hash moves nothing", status()["journal"]["acked"] == before)
    hq.acknowledges = True

    line.messages.clear()
    line.say(TOPIC + "down/pull", contract.compact({"id": "again", "after": 0, "limit": 2}))
    again = line.hear("/up/log", lambda payload: json.loads(payload)["first"] == 1)
    check("a pull gives the same bytes again", contract.records_of(again)[:2] == hq.records[:2])
    check("a pull is replied to", hq.reply("again") == {"id": "again", "ok": True})

    def publish(parts):
        for part in parts:
            line.say(TOPIC + "down/list", part)

    rows = HEAD + "plate:AA1111,an,residents,,,,\nplate:BB2222,bo,residents,,,,\n"
    publish(list_parts(key, "l5", 5, None, rows, 3))
    check("a list of three parts comes into force", hq.reply("l5") == {"id": "l5", "ok": True})
    check("it has its version and its rows", (status()["list"]["version"], status()["list"]["count"]) == (5, 2))
    told = line.hear("/up/birth", lambda payload: json.loads(payload)["list"] == 5)
    check("the birth says the new version", told is not None)
    granted = read("AA1111")
    check("it decides", granted["decision"] == "grant")
    hq.collect_until(lambda record: record.get("decision") == "grant" and record["list"] == 5)
    publish(list_parts(key, "l6", 6, 5, HEAD + "plate:CC3333,cy,residents,,,,\n", 1))
    check("changes to the right version come into force", hq.reply("l6") == {"id": "l6", "ok": True})
    check("they leave the other rows", status()["list"]["count"] == 3)
    publish(list_parts(key, "l7", 7, 5, HEAD + "plate:DD4444,di,residents,,,,\n", 1))
    check("changes to another version are refused", "6 is in force" in (hq.reply("l7") or {}).get("error", ""))
    publish(list_parts(key, "l6b", 6, None, rows, 1))
    check("a version that is not higher is refused", hq.reply("l6b")["ok"] is False)
    publish(list_parts(Ed25519PrivateKey.generate(), "l8", 8, None, rows, 1))
    spoilt = bytearray(list_parts(key, "l9", 9, None, rows, 1)[0])
    spoilt[-20] ^= 1
    publish([bytes(spoilt)])
    check("another's signature and a spoilt one are not heard", hq.reply("l8", 1) is None is hq.reply("l9", 1))
    wrong = json.loads(list_parts(key, "l10", 10, None, rows, 1)[0].split(b"\n", 1)[1]) | {"sha256": "0" * 64}
    publish([contract.signed(key, contract.compact(wrong))])
    check("a list that does not fit its SHA-256 is refused", hq.reply("l10")["ok"] is False)
    publish(list_parts(key, "l11", 11, None, rows, 1, receiver="gw-other"))
    check("a list that was signed for another gateway is refused", "gw-other" in hq.reply("l11")["error"])
    publish(list_parts(key, "l12", 1 << 49, None, rows, 1))
    check("a list's version has a bound", hq.reply("l12", 1) is None)
    check("none of them changed the list", status()["list"]["version"] == 6)

    def fresh():
        asked = secrets.token_hex(4)
        line.say(TOPIC + "down/pull", contract.compact({"id": asked, "after": 0, "limit": 0}))
        return json.loads(line.hear("/up/birth", lambda payload: json.loads(payload).get("asked") == asked))["challenge"]

    challenge = json.loads(told)["challenge"]
    check("every birth has a challenge of its own", len({challenge, fresh(), fresh()}) == 3)

    def command(identity, seconds=20, **changes):
        expires = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + changes.pop("lives", 60)))
        payload = {
            "id": identity, "site": "bench", "gateway": "gw-py", "challenge": changes.get("challenge") or fresh(),
            "verb": "open", "point": "lobby", "expires": expires,
        }
        kept = {name: value for name, value in (payload | changes).items() if value is not None}
        message = contract.signed(key, contract.compact(kept))
        line.say(TOPIC + "down/command", message)
        return hq.reply(identity, seconds)

    check("a signed command opens", command("c1", challenge=challenge) == {"id": "c1", "ok": True})
    opened = hq.collect_until(lambda record: record["type"] == "operator" and record["detail"].get("verb") == "open")
    check("and stands in the log", opened)
    check("the same command does not open again", "before" in command("c1", challenge=challenge)["error"])
    check("another with its challenge does", command("c8", challenge=challenge) == {"id": "c8", "ok": True})
    check("another connection's challenge does not open", "challenge" in command("c2", challenge="x")["error"])
    check("a command that is too late does not open", "expired" in command("c3", lives=-60)["error"])
    check("a command for another gateway does not open", "gw-other" in command("c6", gateway="gw-other")["error"])
    check("a command that names nobody is for its topic", command("c7", site=None, gateway=None) == {"id": "c7", "ok": True})
    check("an unknown point does not open", command("c4", point="vault")["ok"] is False)
    expires = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 60))
    unsigned = {
        "id": "c5", "site": "bench", "gateway": "gw-py", "challenge": challenge, "verb": "open", "point": "lobby",
        "expires": expires,
    }
    line.say(TOPIC + "down/command", contract.compact(unsigned))
    check("an unsigned command is not heard", hq.reply("c5", 1) is None)

    def openings():
        records = [record for record in map(json.loads, hq.records) if record["type"] == "operator"]
        return [r["detail"] for r in records if (r["detail"].get("verb"), r["detail"].get("outcome")) == ("open", "accepted")]

    hq.collect_until(lambda _: len(openings()) >= 3)
    hq.collect(seconds=1)
    check("the log has each opening from HQ once", len(openings()) == 3)

    bench.kill("gatehouse-uplink")
    gone = json.loads(line.hear("/up/death"))
    check("the will tells which connection has gone", gone["connection"] == json.loads(told)["connection"])
    line.messages = [message for message in line.messages if not message[0].endswith("/up/birth")]
    bench.start("gatehouse-uplink", *common)
    again = json.loads(line.hear("/up/birth"))
    check("a new connection has a new challenge", again["challenge"] != challenge)
    check("and a name of its own", again["connection"] != gone["connection"])
    check("the whole log is here", hq.collect_until(lambda record: record["seq"] >= again["last"]))
    line.close()
