// A client of the gRPC service for Node.js (npm install @grpc/grpc-js @grpc/proto-loader); see ops/docs/grpc.md.
// Sends COUNT messages to PEER by unary calls, and prints the COUNT messages of PEER that its stream brings, in order.
// Usage: node grpc.mjs HOST:PORT TOKEN PEER COUNT [DIRECTORY_OF_SCHEMA]
import { randomUUID } from 'node:crypto';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';

const [address, token, peer, count, schema = 'schemas/src/main/protobuf'] = process.argv.slice(2);
const options = { includeDirs: [schema], longs: String, enums: String, arrays: true };
const definition = protoLoader.loadSync('tidings/v1/service.proto', options);
const { Tidings } = grpc.loadPackageDefinition(definition).tidings.v1;
const client = new Tidings(address, grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
metadata.set('authorization', `Bearer ${token}`);

const events = new Map(); // seq -> event; received, and waits for the ones before
let next = 1; // the first seq that is not processed yet
let conversationId, received = 0, sent = 0;

// Calls have no order among themselves: the next message is sent after the outcome of the one before. A call that fails in
// between is repeated with the same clientMsgId: it stays one message.
async function sendMessages(user) {
  for (let i = 1; i <= count; i++) {
    const message = { conversationId, clientMsgId: randomUUID(), content: { text: { body: `${i} of ${user}` } } };
    while (!(await sendMessage(message))) await new Promise(resolve => setTimeout(resolve, 1000));
    sent++;
  }
  endIfFinished();
}

// Returns whether the message has an outcome.
function sendMessage(message) {
  return new Promise(resolve => client.sendMessage(message, metadata, { deadline: Date.now() + 10_000 }, error => {
    if (error) console.error(`${grpc.status[error.code]}: ${error.details}`);
    resolve(!error || ![grpc.status.UNAVAILABLE, grpc.status.DEADLINE_EXCEEDED].includes(error.code));
  }));
}

function processEvents(newEvents) {
  for (const event of newEvents) {
    if (Number(event.seq) >= next) events.set(Number(event.seq), event);
  }
  for (; events.has(next); next++) {
    const message = events.get(next).messageSent;
    events.delete(next);
    if (message?.sender === peer) console.log(`${++received} ${message.content.text.body}`);
  }
  endIfFinished();
}

function endIfFinished() {
  if (received >= count && sent >= count) {
    clearInterval(heartbeats);
    clearInterval(catchingUp);
    stream.end();
  }
}

// The stream is the client protocol: connect first, acknowledge deliveries, send heartbeats.
const stream = client.connect();
stream.write({ id: 'connect', connect: { token, deviceId: `example-grpc-${randomUUID()}`, platform: 'SERVER' } });
stream.on('data', frame => {
  if (frame.connected) {
    conversationId = `p:${[frame.connected.userId, peer].sort().join(':')}`;
    sendMessages(frame.connected.userId);
  } else if (frame.events) {
    if (frame.events.conversationId === conversationId) processEvents(frame.events.events);
    if (frame.events.deliverySeq && stream.writable) stream.write({ ack: { upTo: frame.events.deliverySeq } });
  }
});
stream.on('error', error => {
  console.error(`disconnected: ${error.details}`); // an application connects again; see protocol.md
  process.exit(1);
});
stream.on('end', () => client.close());
const heartbeats = setInterval(() => stream.write({ heartbeat: {} }), 10_000);

// What was sent before the stream was connected, and what follows a gap.
const catchingUp = setInterval(() => {
  if (!conversationId) return;
  client.listMessages({ conversationId, fromSeq: next }, metadata, (error, page) => error || processEvents(page.events));
}, 1000);
