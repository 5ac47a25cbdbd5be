/**
 * One WebSocket after another, for as long as the user is signed in.
 *
 *   connecting ──connected──▶ connected ──lost──▶ waiting ──time, or network back──▶ connecting
 *        └────────lost──────────────────────────────▲
 *   connected ──disconnect{reconnect: false}──▶ ended{code} ──reconnect()──▶ connecting
 *   any ──stop(), or only the user can help──▶ stopped
 *
 * Does the handshake, the heartbeats and the waiting: as long as the gateway advised, whatever happens meanwhile; without
 * advice longer after each failure, unless the network is back or somebody looks. What the other frames mean is for the
 * session to know.
 */
import { Backoff } from './backoff.js';
import { SignInNeeded } from '../identity.js';
import { body } from './frames.js';
import { int } from './json.js';

const HANDSHAKE_MILLIS = 10_000;
/** A connection that breaks sooner is as good as none: the next attempt waits longer still. */
const STEADY_MILLIS = 10_000;
const TOKEN_REFUSED = 4401;

export class Connection {
    #identity;
    #on;
    #backoff = new Backoff();
    #socket = null;
    #freshToken = false;
    #farewell = null;
    #heartbeatMillis = 10_000;
    #beatAt = 0;
    #heardAt = 0;
    #connectedAt = null;

    /**
     * `on`: {state({name, retryAt?, code?}), open(connected), frame(frame), lost(), signInNeeded(message)}. `lost` follows every
     * `open`. `code`: with which the server has ended it for good.
     */
    constructor(identity, clock, on) {
        this.#identity = identity;
        this.#on = on;
        this.state = { name: 'stopped' };
        clock.onTick(() => this.#tick());
        addEventListener('online', () => this.#hurry());
        addEventListener('pageshow', () => this.#hurry());
        document.addEventListener('visibilitychange', () => this.#hurry());
    }

    /** Connects now; also the way back from `ended`. */
    reconnect() {
        this.#backoff.reset();
        this.#connect();
    }

    stop() {
        this.#become({ name: 'stopped' });
        this.#drop();
    }

    /** False where there is no connection to send on. */
    send(frame) {
        if (this.state.name !== 'connected' || this.#socket?.readyState !== WebSocket.OPEN) {
            return false;
        }
        this.#socket.send(JSON.stringify(frame));
        return true;
    }

    async #connect() {
        this.#drop();
        this.#farewell = null;
        this.#heardAt = Date.now();
        this.#become({ name: 'connecting' });
        const attempt = this.state;
        let token;
        try {
            token = await this.#identity.token(this.#freshToken);
        } catch (e) {
            if (this.state === attempt) {
                e instanceof SignInNeeded ? this.#giveUp(e.message) : this.#wait(this.#backoff.nextMillis());
            }
            return;
        }
        if (this.state === attempt) {
            this.#openSocket(token);
        }
    }

    #openSocket(token) {
        const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
        const socket = new WebSocket(`${scheme}://${location.host}/v1/ws`, ['tidings.v1.json']);
        this.#socket = socket;
        const ours = (handle) => (e) => socket === this.#socket && handle(e);
        socket.onopen = ours(() => {
            const connect = { token, deviceId: this.#identity.deviceId, platform: 'WEB' };
            socket.send(JSON.stringify({ id: 'connect', connect }));
        });
        socket.onmessage = ours((e) => this.#hear(JSON.parse(e.data)));
        socket.onclose = ours((e) => this.#closed(e.code));
    }

    #hear(frame) {
        this.#heardAt = Date.now();
        const [kind, value] = body(frame);
        if (kind === 'connected') {
            this.#connected(value);
        } else if (kind === 'disconnect') {
            this.#farewell = value;
        } else if (kind === 'error' && (value.code === 'INVALID_TOKEN' || value.code === 'TOKEN_EXPIRED')) {
            this.#closed(TOKEN_REFUSED);
        } else if (kind !== 'heartbeat') {
            this.#on.frame(frame);
        }
    }

    #connected(connected) {
        this.#connectedAt = Date.now();
        this.#freshToken = false;
        this.#heartbeatMillis = (int(connected.heartbeatSeconds) || 10) * 1000;
        this.#beatAt = Date.now();
        this.#become({ name: 'connected' });
        this.#on.open(connected);
    }

    #closed(code) {
        this.#drop();
        const farewell = this.#farewell;
        if (this.#connectedAt !== null && Date.now() - this.#connectedAt >= STEADY_MILLIS) {
            this.#backoff.reset();
        }
        this.#connectedAt = null;
        if (code === TOKEN_REFUSED) {
            this.#tokenRefused();
        } else if (farewell !== null && farewell.reconnect !== true) {
            this.#become({ name: 'ended', code: farewell.code });
        } else if (farewell !== null) {
            this.#wait(int(farewell.afterMs) + Math.random() * int(farewell.jitterMs));
        } else {
            this.#wait(this.#backoff.nextMillis());
        }
    }

    /** Once may be a token that has grown old; twice in a row is for the user to solve. */
    #tokenRefused() {
        if (this.#freshToken) {
            this.#giveUp('Your access was not accepted. Please sign in again.');
        } else {
            this.#freshToken = true;
            this.#wait(0);
        }
    }

    #giveUp(message) {
        this.stop();
        this.#on.signInNeeded(message);
    }

    #wait(millis) {
        this.#become({ name: 'waiting', retryAt: Date.now() + millis });
        const waiting = this.state;
        setTimeout(() => this.state === waiting && this.#connect(), millis);
    }

    /** The network is back, or somebody looks: no reason to wait on. */
    #hurry() {
        if (this.state.name === 'waiting' && this.#farewell === null && document.visibilityState === 'visible') {
            this.#connect();
        }
    }

    #tick() {
        const now = Date.now();
        if (this.state.name === 'connecting' && this.#socket !== null && now - this.#heardAt > HANDSHAKE_MILLIS) {
            this.#closed(0);
        } else if (this.state.name === 'connected') {
            if (now - this.#heardAt > 3 * this.#heartbeatMillis) {
                this.#closed(0);
            } else if (now - this.#beatAt >= this.#heartbeatMillis - 500) {
                this.#beatAt = now;
                this.send({ id: 'heartbeat', heartbeat: {} });
            }
        }
    }

    #drop() {
        const socket = this.#socket;
        this.#socket = null;
        socket?.close();
    }

    #become(state) {
        const wasConnected = this.state.name === 'connected';
        this.state = state;
        if (wasConnected && state.name !== 'connected') {
            this.#on.lost();
        }
        this.#on.state(state);
    }
}
