import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Identity } from '../../main/resources/web/identity.js';

/** The storage of one tab. */
class MemoryStorage extends Map {
    getItem(key) {
        return this.get(key) ?? null;
    }

    setItem(key, value) {
        this.set(key, value);
    }

    removeItem(key) {
        this.delete(key);
    }
}

const jwt = (claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

/** Sets up a page with these values in its storage. */
function identity(t, storage = new MemoryStorage()) {
    const page = new EventTarget();
    Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page) });
    t.after(() => Reflect.deleteProperty(globalThis, 'addEventListener'));
    return new Identity(/** @type {any} */ (storage));
}

test('the user of a pasted token is the one that the gateway names', async (t) => {
    const storage = new MemoryStorage();
    const pasted = identity(t, storage);
    const token = jwt({ sub: 'alice', email: 'ada@example.com' });
    pasted.signInByToken(token);
    assert.equal(pasted.userId, 'alice');

    assert.equal(pasted.confirm('e--ada_40example.com'), true);
    assert.equal(pasted.userId, 'e--ada_40example.com');
    assert.equal(pasted.confirm('e--ada_40example.com'), false);

    const reloaded = identity(t, storage);
    assert.equal(reloaded.userId, 'e--ada_40example.com');
    assert.equal(await reloaded.token(false), token);
});

test('a token whose subject is no user id signs in', (t) => {
    const pasted = identity(t);
    pasted.signInByToken(jwt({ sub: 'auth0|507f' }));
    assert.equal(pasted.known, true);
    assert.equal(pasted.confirm('e--auth0_7C507f'), true);
});

test('a text that is not a token does not sign in', (t) => {
    const pasted = identity(t);
    for (const text of ['', 'hello', 'a.b.c', 'a.%.c']) {
        assert.throws(() => pasted.signInByToken(text), /not an access token/);
    }
    assert.equal(pasted.known, false);
});

test('a user who signed in by name keeps the name', (t) => {
    const storage = new MemoryStorage([['tidings.user', 'alice']]);
    const named = identity(t, storage);
    assert.equal(named.confirm('e--x'), false);
    assert.equal(named.userId, 'alice');
});
