/**
 * The connection to the gateway: one WebSocket after another, as long as the user is signed in.
 *
 *   connecting ──connected──▶ connected ──lost──▶ waiting ──timeout, or network is back──▶ connecting
 *        └────────lost──────────────────────────────▲
 *   connected ──disconnect{reconnect: false}──▶ ended{code} ──reconnect()──▶ connecting
 *   any ──stop(), or the token is rejected──▶ stopped
 *
 * Does the handshake, the heartbeats and the reconnects. Waits as long as the gateway's `disconnect` says; without one, with an
 * exponential backoff that ends when the network is back or the page becomes visible. Passes all other frames on.
 *
 * @typedef {{name: 'connecting' | 'connected' | 'waiting' | 'ended' | 'stopped', retryAt?: number, code?: string}} ConnectionState
 *     retryAt in milliseconds; code: why the server ended the session for good
 */
import { SignInNeeded } from '../identity.js';
import { text } from '../texts/texts.js';
import { Backoff } from './backoff.js';
import { body } from './frames.js';
import { int } from './json.js';

/** @typedef {import('../identity.js').Identity} Identity */

const HANDSHAKE_MILLIS = 10_000;
/** A connection that ends sooner does not reset the backoff. */
const STABLE_MILLIS = 10_000;
const TOKEN_REJECTED = 4401;
/** The id of the frame with a fresh token, and how long before the end of the old one it is sent. */
const REFRESH = 'refresh-token';
const REFRESH_MILLIS = 60_000;

export class Connection {
    /** @type {Identity} */
    #identity;
    #on;
    #backoff = new Backoff();
    #socket = /** @type {WebSocket | null} */ (null);
    #needsFreshToken = false;
    /** The gateway's `disconnect` frame, or null. */
    #disconnect = /** @type {any} */ (null);
    #heartbeatMillis = 10_000;
    #heartbeatSentAt = 0;
    #receivedAt = 0;
    #connectedAt = /** @type {number | null} */ (null);
    #refreshAt = Infinity;

    /**
     * @param {Identity} identity
     * @param {Pick<import('./clock.js').Clock, 'onTick'>} clock
     * @param {{state: (state: ConnectionState) => void, open: (connected: any) => void, frame: (frame: any) => void,
     *     lost: () => void, signInNeeded: (problem: string) => void}} on `lost` follows every `open`
     */
    constructor(identity, clock, on) {
        this.#identity = identity;
        this.#on = on;
        this.state = /** @type {ConnectionState} */ ({ name: 'stopped' });
        clock.onTick(() => this.#tick());
        addEventListener('online', () => this.#endWaiting());
        addEventListener('offline', () => this.state.name === 'connected' && this.#closed(0));
        addEventListener('pageshow', () => this.#endWaiting());
        document.addEventListener('visibilitychange', () => this.#endWaiting());
    }

    /** Connects now, also after `ended`. */
    reconnect() {
        this.#backoff.reset();
        this.#connect();
    }

    stop() {
        this.#setState({ name: 'stopped' });
        this.#closeSocket();
    }

    /** Sends a frame. Returns false where there is no connection. */
    send(frame) {
        if (this.state.name !== 'connected' || this.#socket?.readyState !== WebSocket.OPEN) {
            return false;
        }
        this.#socket.send(JSON.stringify(frame));
        return true;
    }

    async #connect() {
        this.#closeSocket();
        this.#disconnect = null;
        this.#receivedAt = Date.now();
        this.#setState({ name: 'connecting' });
        const attempt = this.state;
        let token;
        try {
            token = await this.#identity.token(this.#needsFreshToken);
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
        const ifCurrent = (handle) => (e) => socket === this.#socket && handle(e);
        socket.onopen = ifCurrent(() => {
            const connect = { token, deviceId: this.#identity.deviceId, platform: 'WEB' };
            socket.send(JSON.stringify({ id: 'connect', connect }));
        });
        socket.onmessage = ifCurrent((e) => this.#receive(JSON.parse(e.data)));
        socket.onclose = ifCurrent((e) => this.#closed(e.code));
    }

    #receive(frame) {
        this.#receivedAt = Date.now();
        const [kind, value] = body(frame);
        if (kind === 'connected') {
            this.#connected(value);
        } else if (kind === 'disconnect') {
            this.#disconnect = value;
        } else if (frame.id === REFRESH) {
            this.#refreshed(kind, value);
        } else if (kind === 'error' && (value.code === 'INVALID_TOKEN' || value.code === 'TOKEN_EXPIRED')) {
            this.#closed(TOKEN_REJECTED);
        } else if (kind !== 'heartbeat') {
            this.#on.frame(frame);
        }
    }

    #connected(connected) {
        this.#connectedAt = Date.now();
        this.#needsFreshToken = false;
        this.#heartbeatMillis = (int(connected.heartbeatSeconds) || 10) * 1000;
        this.#heartbeatSentAt = Date.now();
        this.#refreshAt = connected.tokenExpiresAt ? Date.parse(connected.tokenExpiresAt) - REFRESH_MILLIS : Infinity;
        this.#setState({ name: 'connected' });
        this.#on.open(connected);
    }

    /** Sends a fresh token a minute before the session's token expires. Without one, the session ends and reconnects. */
    async #refresh() {
        this.#refreshAt = Infinity;
        const socket = this.#socket;
        try {
            const token = await this.#identity.token(true);
            if (socket === this.#socket) {
                this.send({ id: REFRESH, refreshToken: { token } });
            }
        } catch {
            // a pasted token, or the server cannot be reached
        }
    }

    #refreshed(kind, value) {
        if (kind === 'tokenRefreshed' && value.expiresAt) {
            this.#refreshAt = Date.parse(value.expiresAt) - REFRESH_MILLIS;
        }
    }

    #closed(code) {
        this.#closeSocket();
        const disconnect = this.#disconnect;
        if (this.#connectedAt !== null && Date.now() - this.#connectedAt >= STABLE_MILLIS) {
            this.#backoff.reset();
        }
        this.#connectedAt = null;
        if (code === TOKEN_REJECTED) {
            this.#tokenRejected();
        } else if (disconnect !== null && disconnect.reconnect !== true) {
            this.#setState({ name: 'ended', code: disconnect.code });
        } else if (disconnect !== null) {
            this.#wait(int(disconnect.afterMs) + Math.random() * int(disconnect.jitterMs));
        } else {
            this.#wait(this.#backoff.nextMillis());
        }
    }

    /** Tries once more with a fresh token, because the token may have expired. */
    #tokenRejected() {
        if (this.#needsFreshToken) {
            this.#giveUp(text('signIn.rejected'));
        } else {
            this.#needsFreshToken = true;
            this.#wait(0);
        }
    }

    #giveUp(problem) {
        this.stop();
        this.#on.signInNeeded(problem);
    }

    #wait(millis) {
        this.#setState({ name: 'waiting', retryAt: Date.now() + millis });
        const waiting = this.state;
        setTimeout(() => this.state === waiting && this.#connect(), millis);
    }

    /** Connects now if only the backoff delays it: the network is back, or the page is visible again. */
    #endWaiting() {
        if (this.state.name === 'waiting' && this.#disconnect === null && document.visibilityState === 'visible') {
            this.#connect();
        }
    }

    #tick() {
        const now = Date.now();
        if (this.state.name === 'connecting' && this.#socket !== null && now - this.#receivedAt > HANDSHAKE_MILLIS) {
            this.#closed(0);
        } else if (this.state.name === 'connected') {
            if (now - this.#receivedAt > 3 * this.#heartbeatMillis) {
                this.#closed(0);
            } else if (now - this.#heartbeatSentAt >= this.#heartbeatMillis - 500) {
                this.#heartbeatSentAt = now;
                this.send({ id: 'heartbeat', heartbeat: {} });
            }
            if (now >= this.#refreshAt) {
                this.#refresh();
            }
        }
    }

    #closeSocket() {
        const socket = this.#socket;
        this.#socket = null;
        socket?.close();
    }

    /** @param {ConnectionState} state */
    #setState(state) {
        const wasConnected = this.state.name === 'connected';
        this.state = state;
        if (wasConnected && state.name !== 'connected') {
            this.#on.lost();
        }
        this.#on.state(state);
    }
}
