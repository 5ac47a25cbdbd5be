// A complete client of Tidings for Node.js (npm install ws); see ops/docs/protocol.md.
// Sends COUNT messages to PEER, cuts its connection halfway, and prints the COUNT messages of PEER, each once and in order.
// Usage: node client.mjs ws://HOST:PORT/v1/ws TOKEN PEER COUNT
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';

const [url, token, peer, count] = process.argv.slice(2);
const deviceId = `example-js-${randomUUID()}`; // an application chooses it once and stores it
const outbox = new Map(); // clientMsgId -> text of messages without an outcome, in order
const events = new Map(); // seq -> event; received, and waits for the ones before
let socket, user, conversationId, syncToken, backoffMillis, reconnect;
let next = 1; // the first seq that is not processed yet
let newest = 0; // the newest seq that exists
let acknowledged, heartbeatMillis = 10_000, heardAt, received = 0, wasCut = false;

const isFinished = () => received >= count && wasCut && outbox.size === 0;
const send = frame => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));

function connect() {
  acknowledged = 0; // delivery numbers begin again in each session
  reconnect = { reconnect: true };
  heardAt = Date.now();
  socket = new WebSocket(url, 'tidings.v1.json');
  socket.on('open', () => {
    const resume = syncToken ? { version: syncToken } : undefined;
    send({ id: 'connect', connect: { token, deviceId, platform: 'WEB', resume } });
  });
  socket.on('message', text => {
    heardAt = Date.now();
    receive(JSON.parse(text));
  });
  socket.on('error', () => {}); // 'close' follows
  socket.on('close', () => {
    if (isFinished()) process.exit(0);
    if (!reconnect.reconnect) throw new Error(`disconnected: ${reconnect.code}`);
    // the server's time after a disconnect, otherwise exponential backoff; always with a random part
    backoffMillis = Math.min(2 * (backoffMillis ?? 250), 30_000);
    const [wait, jitter] = reconnect.code
      ? [reconnect.afterMs ?? 0, reconnect.jitterMs ?? 0]
      : [backoffMillis / 2, backoffMillis / 2];
    setTimeout(connect, wait + Math.random() * jitter);
  });
}

function receive(frame) {
  if (frame.connected) {
    backoffMillis = undefined;
    user = frame.connected.userId;
    conversationId = `p:${[user, peer].sort().join(':')}`;
    heartbeatMillis = 1000 * frame.connected.heartbeatSeconds;
    const sync = syncToken ? { mode: 'INCREMENTAL', since: syncToken } : { mode: 'FULL' };
    if (!frame.connected.resumed) send({ id: 'sync', sync });
    if (!wasCut && outbox.size === 0) {
      for (let i = 1; i <= count; i++) outbox.set(randomUUID(), `${i} of ${user}`);
    }
    resend();
  } else if (frame.syncPage) {
    for (const view of frame.syncPage.views ?? []) {
      if (view.conversationId === conversationId) newest = Math.max(newest, Number(view.lastSeq ?? 0));
    }
    if (frame.syncPage.done) syncToken = frame.syncPage.version;
  } else if (frame.events) {
    receiveEvents(frame.events);
  } else if (frame.sequenced) {
    outbox.delete(frame.id);
    if (Number(frame.sequenced.seq) >= next) events.set(Number(frame.sequenced.seq), {}); // an own message
    processEvents();
    if (!wasCut && outbox.size <= count / 2) {
      wasCut = true;
      socket.terminate(); // as if the network failed
    }
  } else if (frame.refused) {
    outbox.delete(frame.id); // a decision: do not repeat it
    console.error(`refused: ${frame.refused.reason} ${frame.refused.message}`);
  } else if (frame.error && outbox.has(frame.id)) {
    frame.error.retryable ? setTimeout(resend, frame.error.retryAfterMs ?? 1000) : outbox.delete(frame.id);
  } else if (frame.disconnect) {
    reconnect = frame.disconnect;
  }
  if (isFinished()) socket.close();
}

// The client message id is the idempotency key, and here the frame id, too.
function resend() {
  for (const [clientMsgId, body] of outbox) {
    send({ id: clientMsgId, send: { conversationId, clientMsgId, content: { text: { body } } } });
  }
}

function receiveEvents(frame) {
  if (frame.conversationId === conversationId) {
    for (const event of frame.events ?? []) {
      if (Number(event.seq ?? 0) >= next) events.set(Number(event.seq), event); // otherwise known, or without a place
    }
    // the reply to a pull: nothing is missing between its fromSeq and toSeq
    processEvents(frame.complete !== undefined && Number(frame.fromSeq ?? 0) <= next ? Number(frame.toSeq ?? 0) : 0);
  }
  if (frame.deliverySeq && Number(frame.deliverySeq) <= acknowledged + 1) {
    acknowledged = Math.max(acknowledged, Number(frame.deliverySeq));
    send({ ack: { upTo: String(acknowledged) } });
  }
}

// Processes the events without a gap, and all up to completeTo.
function processEvents(completeTo = 0) {
  newest = Math.max(newest, completeTo, ...events.keys());
  for (; events.has(next) || next <= completeTo; next++) {
    const message = events.get(next)?.messageSent;
    events.delete(next);
    if (message?.sender === peer) console.log(`${++received} ${message.content.text.body}`);
  }
}

connect();
setInterval(() => {
  if (Date.now() - heardAt > 3 * heartbeatMillis) socket.terminate(); // the server is silent
  if (next <= newest) send({ id: 'pull', pull: { conversationId, fromSeq: String(next) } }); // a gap
}, 1000);
setInterval(() => send({ id: 'heartbeat', heartbeat: {} }), heartbeatMillis);
