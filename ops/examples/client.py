"""A complete client of Tidings for Python (pip install websockets); see ops/docs/protocol.md.
Sends COUNT messages to PEER, cuts its connection halfway, and prints the COUNT messages of PEER, each once and in order.
Usage: python client.py ws://HOST:PORT/v1/ws TOKEN PEER COUNT
"""

import asyncio, json, random, sys, uuid
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

class Client:
    def __init__(self, url, token, peer, count):
        self.url, self.token, self.peer, self.count = url, token, peer, count
        self.conversation_id, self.sync_token, self.received, self.was_cut = None, None, 0, False
        self.device_id = f"example-py-{uuid.uuid4()}"  # an application chooses it once and stores it
        self.outbox = {}  # client message id -> text of messages without an outcome, in order
        self.events = {}  # seq -> event; received, and waits for the ones before
        self.next = 1  # the first seq that is not processed yet
        self.newest = 0  # the newest seq that exists
        self.backoff = 0.5  # seconds

    def is_finished(self):
        return self.received >= self.count and self.was_cut and not self.outbox

    async def run(self):
        while True:
            self.acknowledged, self.disconnect = 0, None  # delivery numbers begin again in each session
            try:
                async with connect(self.url, subprotocols=["tidings.v1.json"]) as self.socket:
                    await self.session()
                    return  # finished
            except (WebSocketException, OSError, TimeoutError):
                wait, jitter = self.backoff / 2, self.backoff / 2  # exponential backoff with a random part
                self.backoff = min(2 * self.backoff, 30)
            if self.disconnect:
                if not self.disconnect.get("reconnect"):
                    raise RuntimeError(f"disconnected: {self.disconnect}")
                wait, jitter = (self.disconnect.get(name, 0) / 1000 for name in ("afterMs", "jitterMs"))
            await asyncio.sleep(wait + random.random() * jitter)

    async def session(self):
        resume = {"resume": {"version": self.sync_token}} if self.sync_token else {}
        device = {"deviceId": self.device_id, "platform": "WEB"}
        await self.send("connect", connect={"token": self.token, **device, **resume})
        timer = asyncio.create_task(self.tick())
        try:
            while not self.is_finished():
                await self.receive(json.loads(await asyncio.wait_for(self.socket.recv(), 30)))  # three heartbeats
        finally:
            timer.cancel()

    async def tick(self):
        for second in range(1, sys.maxsize):
            await asyncio.sleep(1)
            if self.next <= self.newest:  # a gap
                await self.send("pull", pull={"conversationId": self.conversation_id, "fromSeq": str(self.next)})
            if second % 10 == 0:
                await self.send("heartbeat", heartbeat={})

    def send(self, frame_id, **body):
        return self.socket.send(json.dumps({"id": frame_id, **body}))

    async def receive(self, frame):
        if "connected" in frame:
            user, self.backoff = frame["connected"]["userId"], 0.5
            self.conversation_id = "p:" + ":".join(sorted([user, self.peer]))
            since = {"mode": "INCREMENTAL", "since": self.sync_token} if self.sync_token else {"mode": "FULL"}
            if not frame["connected"].get("resumed"):
                await self.send("sync", sync=since)
            if not self.was_cut and not self.outbox:
                self.outbox = {str(uuid.uuid4()): f"{i} of {user}" for i in range(1, self.count + 1)}
            await self.resend()
        elif "syncPage" in frame:
            heads = {view["conversationId"]: view.get("lastSeq", 0) for view in frame["syncPage"].get("views", [])}
            self.newest = max(self.newest, int(heads.get(self.conversation_id, 0)))
            self.sync_token = frame["syncPage"].get("version") if frame["syncPage"].get("done") else self.sync_token
        elif "events" in frame:
            await self.receive_events(frame["events"])
        elif "sequenced" in frame:
            self.outbox.pop(frame["id"], None)
            self.keep({"seq": frame["sequenced"]["seq"]})  # an own message
            self.process()
            if not self.was_cut and len(self.outbox) <= self.count / 2:
                self.was_cut = True
                self.socket.transport.abort()  # as if the network failed
        elif "refused" in frame:  # a decision: do not repeat it
            print("refused:", frame["refused"], self.outbox.pop(frame["id"], ""), file=sys.stderr)
        elif "error" in frame and frame.get("id") in self.outbox:
            if not frame["error"].get("retryable"):
                del self.outbox[frame["id"]]
            await asyncio.sleep(frame["error"].get("retryAfterMs", 0) / 1000)
            await self.resend()
        elif "disconnect" in frame:
            self.disconnect = frame["disconnect"]

    async def resend(self):
        """The client message id is the idempotency key, and here the frame id, too."""
        for client_msg_id, text in list(self.outbox.items()):
            ids = {"conversationId": self.conversation_id, "clientMsgId": client_msg_id}
            await self.send(client_msg_id, send={**ids, "content": {"text": {"body": text}}})

    async def receive_events(self, frame):
        if frame["conversationId"] == self.conversation_id:
            for event in frame.get("events", []):
                self.keep(event)
            # the reply to a pull: nothing is missing between its fromSeq and toSeq
            is_joined = "complete" in frame and int(frame.get("fromSeq", 0)) <= self.next
            self.process(int(frame.get("toSeq", 0)) if is_joined else 0)
        delivery = int(frame.get("deliverySeq", 0))
        if 0 < delivery <= self.acknowledged + 1:
            self.acknowledged = max(self.acknowledged, delivery)
            await self.send("", ack={"upTo": str(self.acknowledged)})

    def keep(self, event):
        if int(event.get("seq", 0)) >= self.next:  # otherwise known, or without a place in the sequence
            self.events[int(event["seq"])] = event

    def process(self, complete_to=0):
        """Processes the events without a gap, and all up to complete_to."""
        self.newest = max(self.newest, complete_to, *self.events.keys(), 0)
        while self.next in self.events or self.next <= complete_to:
            message = self.events.pop(self.next, {}).get("messageSent", {})
            if message.get("sender") == self.peer:
                self.received += 1
                print(self.received, message["content"]["text"]["body"], flush=True)
            self.next += 1

asyncio.run(Client(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])).run())
