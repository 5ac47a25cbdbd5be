import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignInNeeded } from '../../../main/resources/web/identity.js';
import { Connection } from '../../../main/resources/web/protocol/connection.js';
import { checkFields } from '../support/contract.js';
import { ManualClock } from '../support/fakes.js';
import { NOON } from '../support/values.js';

/** The gateway's end of a WebSocket: what the page sends, and what the test answers. */
class FakeSocket {
    static OPEN = 1;
    static last = /** @type {any} */ (null);
    static count = 0;
    readyState = FakeSocket.OPEN;
    frames = /** @type {any[]} */ ([]);
    onopen = () => {};
    onmessage = /** @type {(event: {data: string}) => void} */ (() => {});
    onclose = /** @type {(event: {code: number}) => void} */ (() => {});

    constructor(url, subprotocols) {
        this.url = url;
        this.subprotocols = subprotocols;
        FakeSocket.last = this;
        FakeSocket.count++;
    }

    send(text) {
        this.frames.push(JSON.parse(text));
        checkFields(this.frames.at(-1));
    }

    close() {
        this.readyState = 3;
    }

    answer(frame) {
        this.onmessage({ data: JSON.stringify(frame) });
    }
}

/** Lets the promises of a connection attempt settle. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Sets up the globals of a browser page, and a connection on it. */
async function start(t, token = /** @type {(fresh: boolean) => Promise<string>} */ (async () => 'token')) {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
    FakeSocket.count = 0;
    const page = new EventTarget();
    const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    const globals = { WebSocket: FakeSocket, document, location: { protocol: 'https:', host: 'chat.example.org' }, addEventListener: page.addEventListener.bind(page) };
    for (const [name, value] of Object.entries(globals)) {
        const before = Object.getOwnPropertyDescriptor(globalThis, name);
        Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
        t.after(() => (before === undefined ? delete globalThis[name] : Object.defineProperty(globalThis, name, before)));
    }
    const clock = new ManualClock();
    const events = /** @type {string[]} */ ([]);
    const identity = /** @type {any} */ ({ deviceId: 'web-1', token });
    const connection = new Connection(identity, clock, {
        state: ({ name, code }) => events.push(code === undefined ? name : `${name} ${code}`),
        open: () => events.push('open'),
        frame: (frame) => events.push(`frame ${Object.keys(frame)[0]}`),
        lost: () => events.push('lost'),
        signInNeeded: (problem) => events.push(`sign in: ${problem}`),
    });
    const pass = async (millis) => {
        t.mock.timers.tick(millis);
        clock.tick();
        await settle();
    };
    connection.reconnect();
    await settle();
    const connect = () => {
        FakeSocket.last.onopen();
        FakeSocket.last.answer({ id: 'connect', connected: { sessionId: 's1', heartbeatSeconds: 10 } });
    };
    return { connection, events, page, pass, connect };
}

test('the handshake names the token, the device and the platform', async (t) => {
    const { connection, events, connect } = await start(t);
    assert.equal(connection.send({ pull: {} }), false);

    connect();

    const socket = FakeSocket.last;
    assert.equal(socket.url, 'wss://chat.example.org/v1/ws');
    assert.deepEqual(socket.subprotocols, ['tidings.v1.json']);
    assert.deepEqual(socket.frames, [{ id: 'connect', connect: { token: 'token', deviceId: 'web-1', platform: 'WEB' } }]);
    assert.deepEqual(events, ['connecting', 'connected', 'open']);
    assert.equal(connection.send({ pull: {} }), true);
});

test('heartbeats are sent, and a gateway that is silent for three of them is left', async (t) => {
    const { events, pass, connect } = await start(t);
    connect();

    await pass(9_500);
    assert.deepEqual(FakeSocket.last.frames.at(-1), { id: 'heartbeat', heartbeat: {} });
    FakeSocket.last.answer({ id: 'heartbeat', heartbeat: {} });
    await pass(30_000);
    assert.equal(events.at(-1), 'open');
    await pass(1);

    assert.deepEqual(events.slice(-2), ['lost', 'waiting']);
});

test('a page whose network is gone shows it at once, and connects when it is back', async (t) => {
    const { events, page, connect } = await start(t);
    page.dispatchEvent(new Event('offline'));
    assert.deepEqual(events, ['connecting']);
    connect();

    page.dispatchEvent(new Event('offline'));
    assert.deepEqual(events.slice(-2), ['lost', 'waiting']);
    page.dispatchEvent(new Event('online'));
    await settle();
    assert.equal(FakeSocket.count, 2);
    assert.equal(events.at(-1), 'connecting');
});

test('after a lost connection the page backs off, unless the network is back', async (t) => {
    const { events, page, pass, connect } = await start(t);
    connect();
    FakeSocket.last.onclose({ code: 1006 });
    assert.deepEqual(events.slice(-2), ['lost', 'waiting']);

    page.dispatchEvent(new Event('online'));
    await settle();
    assert.equal(FakeSocket.count, 2);

    FakeSocket.last.onclose({ code: 1006 });
    await pass(30_000);
    assert.equal(FakeSocket.count, 3);
});

test('a gateway’s advice is followed also when the network is back', async (t) => {
    const { page, pass, connect } = await start(t);
    connect();
    FakeSocket.last.answer({ disconnect: { code: 'DRAINING', reconnect: true, afterMs: 5_000 } });
    FakeSocket.last.onclose({ code: 1001 });

    page.dispatchEvent(new Event('online'));
    await pass(4_999);
    assert.equal(FakeSocket.count, 1);
    await pass(1);
    assert.equal(FakeSocket.count, 2);
});

test('a session that the server has ended for good is not opened again by itself', async (t) => {
    const { connection, events, page, pass, connect } = await start(t);
    connect();
    FakeSocket.last.answer({ disconnect: { code: 'REPLACED', reconnect: false } });
    FakeSocket.last.onclose({ code: 1000 });

    page.dispatchEvent(new Event('online'));
    await pass(600_000);
    assert.equal(events.at(-1), 'ended REPLACED');
    assert.equal(FakeSocket.count, 1);

    connection.reconnect();
    await settle();
    assert.equal(FakeSocket.count, 2);
});

test('a rejected token is renewed once, then the user has to sign in', async (t) => {
    const fresh = /** @type {boolean[]} */ ([]);
    const { events, pass } = await start(t, async (isFresh) => `token ${fresh.push(isFresh)}`);

    FakeSocket.last.answer({ error: { code: 'TOKEN_EXPIRED' } });
    await pass(1);
    FakeSocket.last.answer({ error: { code: 'INVALID_TOKEN' } });
    await pass(60_000);

    assert.deepEqual(fresh, [false, true]);
    assert.deepEqual(events.slice(-2), ['stopped', 'sign in: Your access was not accepted. Please sign in again.']);
    assert.equal(FakeSocket.count, 2);
});

test('a fresh token is sent a minute before the token expires', async (t) => {
    const fresh = /** @type {boolean[]} */ ([]);
    const { events, pass } = await start(t, async (isFresh) => `token ${fresh.push(isFresh)}`);
    const expiring = (millis) => new Date(NOON + millis).toISOString();
    const refreshes = () => FakeSocket.last.frames.filter((frame) => frame.refreshToken !== undefined);
    FakeSocket.last.onopen();
    FakeSocket.last.answer({ connected: { sessionId: 's1', heartbeatSeconds: 10, tokenExpiresAt: expiring(65_000) } });

    await pass(4_999);
    assert.deepEqual(refreshes(), []);
    await pass(1);
    await pass(1_000);
    assert.deepEqual(refreshes(), [{ id: 'refresh-token', refreshToken: { token: 'token 2' } }]);

    FakeSocket.last.answer({ id: 'refresh-token', tokenRefreshed: { expiresAt: expiring(75_000) } });
    await pass(10_000);
    assert.equal(refreshes().length, 2);
    FakeSocket.last.answer({ id: 'refresh-token', error: { code: 'INVALID_TOKEN' } });
    await pass(1);
    assert.equal(events.at(-1), 'open');
    assert.deepEqual(fresh, [false, true, true]);
});

test('a token that only the user can provide stops the connection', async (t) => {
    const { events } = await start(t, () => Promise.reject(new SignInNeeded('Please sign in again.')));

    assert.deepEqual(events, ['connecting', 'stopped', 'sign in: Please sign in again.']);
    assert.equal(FakeSocket.count, 0);
});

test('a handshake without an answer ends after ten seconds', async (t) => {
    const { events, pass } = await start(t);

    await pass(10_000);
    assert.equal(events.at(-1), 'connecting');
    await pass(1);

    assert.equal(events.at(-1), 'waiting');
});
