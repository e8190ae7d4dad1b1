"""A gateway that is not ours, before the real gatehouse-hq."""

import hashlib
import json
import secrets
import threading

import contract

HEAD = "credential,holder,groups,valid_from,valid_until,uses,flags\n"


class ForeignGateway:
    def __init__(self, name: str, port: int):
        self.name = name
        self.topic = f"gatehouse/1/abroad/{name}/"
        self.records: list[bytes] = []
        self.links = [contract.ZERO]
        self.challenges: dict[str, str] = {}
        self.list = 0
        self.said = None
        self.line = contract.Line(port, [self.topic + "down/+"], self.greet)

    def greet(self, topic: str, payload: bytes):
        """A pull of no records asks for the birth, which says a new challenge and what it answers."""
        if not topic.endswith("/down/pull") or json.loads(payload)["limit"] > 0 or self.said is None:
            return
        said = self.said | {"list": self.list, "challenge": secrets.token_hex(16), "asked": json.loads(payload)["id"]}
        self.challenges[said["asked"]] = said["challenge"]
        self.line.client.publish(self.topic + "up/birth", contract.compact(said), qos=1)

    def write(self, count: int):
        for _ in range(count):
            seq = len(self.records) + 1
            record = {
                "v": 1, "gateway": self.name, "seq": seq, "boot": 3, "at": "2026-11-22T08:00:00.123Z",
                "clock": "synced", "mono_ns": seq, "type": "access", "point": "tür", "decision": "deny",
                "credential": "plate:=1+2", "reason": "denied-unknown-credential", "detail": {"x": 1.50},
            }
            self.records.append(contract.compact(record))
            self.links.append(contract.chained(self.links[-1], self.records[-1]))

    def birth(self, boot: int = 3, acked: int = 0, last=None):
        self.said = {
            "boot": boot, "first": 1, "last": len(self.records) if last is None else last, "acked": acked,
            "list": self.list, "challenge": "chosen-by-dice", "connection": "the-only-one",
        }
        self.line.say(self.topic + "up/birth", contract.compact(self.said))

    def send(self, first: int, last: int, records=None):
        lines = records or self.records[first - 1 : last]
        head = '{"v":1,"gateway":"%s","first":%d,"last":%d,"prev":"%s","records":[' % (
            self.name, first, last, self.links[first - 1].hex(),
        )
        self.line.say(self.topic + "up/log", head.encode() + b",".join(lines) + b"]}")

    def acknowledged(self, seconds: float = 20):
        payload = self.line.hear("/down/ack", seconds=seconds)
        return None if payload is None else json.loads(payload)

    def is_right(self, ack, through: int) -> bool:
        return ack == {"through": through, "hash": self.links[through].hex()}

    def answer(self, identity: str, error=None):
        reply = {"id": identity, "ok": error is None} | ({"error": error} if error else {})
        self.line.say(self.topic + "up/reply", contract.compact(reply))

    def take_list(self, key, error=None):
        """Collects the parts of one list, checks them as the contract says, and replies."""
        parts = []
        while not parts or len(parts) < parts[0]["parts"]:
            payload = self.line.hear("/down/list")
            if payload is None:
                return None
            parts.append(contract.opened(key, payload))
        rows = "".join(part["rows"] for part in sorted(parts, key=lambda part: part["part"]))
        assert hashlib.sha256(rows.encode()).hexdigest() == parts[0]["sha256"]
        assert len({(part["id"], part["version"], part["base"]) for part in parts}) == 1
        self.answer(parts[0]["id"], error)
        if not error:
            self.list = parts[0]["version"]
            self.birth(acked=len(self.records))
        assert all((part["site"], part["gateway"]) == ("abroad", self.name) for part in parts)
        return parts[0] | {"rows": rows}


class Beside(threading.Thread):
    """Runs something while a gatehouse-hq verb waits for it."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work = work
        self.result = None
        self.start()

    def run(self):
        self.result = self.work()

    def wait(self):
        self.join(60)
        return self.result


def check(check, bench):
    store = bench.path("hq.db")
    common = ["--store", store]
    reach = common + ["--broker", f"mqtt://127.0.0.1:{bench.port}", "--insecure", "--key", bench.path("hq.key")]
    _, public = bench.call("gatehouse-hq", "keygen", bench.path("hq.key"))
    key = contract.public_key(public.strip())
    serving = bench.start("gatehouse-hq", "serve", *common, "--broker", f"mqtt://127.0.0.1:{bench.port}", "--insecure")
    bench.until(lambda: bench.call("gatehouse-hq", "status", "--json", *common)[0] == 0
                and json.loads(bench.call("gatehouse-hq", "status", "--json", *common)[1])["collectors"][0]["alive"])

    gateway = ForeignGateway("gw-a", bench.port)
    gateway.write(100)
    gateway.birth()
    gateway.send(1, 30)
    check("what is stored is acknowledged with its hash", gateway.is_right(gateway.acknowledged(), 30))
    gateway.send(11, 30)
    check("what comes again is acknowledged again", gateway.is_right(gateway.acknowledged(), 30))
    gateway.send(61, 100)
    pull = json.loads(gateway.line.hear("/down/pull", lambda text: json.loads(text)["limit"] > 0))
    check("what is missing is asked for", pull["after"] == 30 and pull["limit"] > 0)
    gateway.send(31, 60)
    gateway.send(61, 100)
    check("and then taken", gateway.is_right(gateway.acknowledged(), 60) and gateway.is_right(gateway.acknowledged(), 100))
    check("verify finds the chain intact",
          bench.call("gatehouse-hq", "verify", "gw-a", *common) == (0, "100 records, chain intact\n"))
    _, text = bench.call("gatehouse-hq", "log", "gw-a", "--after", "0", *common)
    check("log prints the records byte for byte", text.encode().splitlines() == gateway.records)

    forged = list(gateway.records[50:60])
    forged[3] = forged[3].replace(b"deny", b"gran")
    gateway.send(51, 60, forged)
    check("a changed record is not acknowledged", gateway.acknowledged(1) is None)
    check("an alarm stands", "log-changed" in bench.call("gatehouse-hq", "alarms", "gw-a", *common)[1])
    check("status says so with its exit code", bench.call("gatehouse-hq", "status", *common)[0] == 1)
    gateway.line.messages.clear()
    gateway.birth(boot=2, last=40)
    again = gateway.line.hear("/down/pull", lambda text: json.loads(text)["limit"] == 0)
    check("a log that ends too early is asked for again", again is not None)
    bench.until(lambda: "log-cut" in bench.output(serving))
    said = bench.output(serving)
    check("serve tells of an old image and a cut log",
          all(f"ALARM abroad/gw-a {kind}: " in said for kind in ("log-changed", "gateway-restored", "log-cut")))
    check("a person ends alarms", bench.call("gatehouse-hq", "alarms", "end", "gw-a", *common)[0] == 0
          and bench.call("gatehouse-hq", "status", *common)[0] == 0)
    gateway.birth(acked=100)

    other = ForeignGateway("gw-b", bench.port)
    other.write(5)
    other.birth()
    other.send(1, 5)
    check("another gateway has a log of its own", other.is_right(other.acknowledged(), 5))

    rows = HEAD + "".join(f"plate:AB{number},{'x' * 60},residents,,,,\n" for number in range(9000))
    old, new = bench.write("old.csv", rows), bench.write("new.csv", rows + "plate:NEW,=1,residents,,,,\n")
    both = [Beside(lambda: gateway.take_list(key)), Beside(lambda: other.take_list(key))]
    code, text = bench.call("gatehouse-hq", "list", "publish", old, "--all", *reach)
    got = [each.wait() for each in both]
    check("a list reaches every gateway in signed parts", code == 0 and all(
        part and part["rows"] == rows and part["parts"] > 1 and part["base"] is None and part["version"] == 1 for part in got))
    check("list status says that it is in force", bench.call("gatehouse-hq", "list", "status", *common)[0] == 0)

    def lists():
        state = json.loads(bench.call("gatehouse-hq", "status", "--json", *common)[1])
        return {each["gateway"]: each["list"] for each in state["gateways"]}

    bench.until(lambda: lists() == {"gw-a": 1, "gw-b": 1})
    check("who has it is not sent it again",
          bench.call("gatehouse-hq", "list", "publish", old, "--all", *reach)[0] == 0
          and gateway.line.hear("/down/list", seconds=0.5) is None)

    def refusing_changes():
        first = other.take_list(key, error="send the whole list")
        return first, other.take_list(key)

    both = [Beside(lambda: gateway.take_list(key)), Beside(refusing_changes)]
    code, text = bench.call("gatehouse-hq", "list", "publish", new, "--changes-from", old, "--all", *reach)
    changes, (refused, whole) = (each.wait() for each in both)
    check("only changes are sent to who has the old list",
          code == 0 and changes["base"] == 1 and changes["rows"] == HEAD + "plate:NEW,=1,residents,,,,\n")
    check("who refuses changes is sent the whole list",
          refused["base"] == 1 and whole["base"] is None and whole["rows"].endswith("plate:NEW,=1,residents,,,,\n"))
    bench.until(lambda: lists() == {"gw-a": 2, "gw-b": 2})
    both = [Beside(lambda: gateway.take_list(key)), Beside(lambda: other.take_list(key, error="the disk is full"))]
    code, text = bench.call("gatehouse-hq", "list", "publish", old, "--site", "abroad", *reach)
    [each.wait() for each in both]
    check("a refusal is told with its reason", code == 1 and "the disk is full" in text)
    check("and kept", "REFUSED" in bench.call("gatehouse-hq", "list", "status", "gw-b", *common)[1])
    code, _ = bench.call("gatehouse-hq", "list", "publish", old, "--gateway", "gw-b", "--within", "1", *reach)
    check("silence is another exit code", code == 3)
    other.line.messages.clear()

    def take_command(error=None):
        command = contract.opened(key, other.line.hear("/down/command"))
        other.answer(command["id"], error)
        return command

    doing = Beside(take_command)
    code, _ = bench.call("gatehouse-hq", "open", "gw-b", "lane1", *reach)
    command = doing.wait()
    check("open asks for a new challenge and signs a command with it", code == 0
          and (command["verb"], command["point"]) == ("open", "lane1")
          and command["challenge"] == next((said for asked, said in other.challenges.items() if "open" in asked), None)
          and (command["site"], command["gateway"]) == ("abroad", "gw-b"))
    doing = Beside(lambda: take_command("an interlock holds it"))
    check("a refused open is exit code 1", bench.call("gatehouse-hq", "open", "gw-b", "lane1", *reach)[0] == 1)
    doing.wait()
    check("an open without a reply is exit code 3",
          bench.call("gatehouse-hq", "open", "gw-b", "lane1", "--within", "1", *reach)[0] == 3)
    check("verify --all is exit code 0", bench.call("gatehouse-hq", "verify", "--all", *common)[0] == 0)
    gateway.line.close()
    other.line.close()
