import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProfileLoader } from '../../../main/resources/web/protocol/profile-loader.js';
import { Requests } from '../../../main/resources/web/protocol/requests.js';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { ManualClock, MemoryStorage, RecordingConnection } from '../support/fakes.js';
import { ALICE, BOB, NOON } from '../support/values.js';

function start(t) {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
    const connection = new RecordingConnection();
    const requests = new Requests(connection, new ManualClock());
    const store = new Store(ALICE, new Outbox(new MemoryStorage()));
    store.synced = true;
    let shown = [BOB];
    store.subscribe(() => shown.forEach((userId) => store.people.nameOf(userId)));
    new ProfileLoader(store, requests);
    const after = async (millis) => {
        t.mock.timers.tick(millis);
        await settled();
    };
    const answer = async (kind, value) => {
        requests.answer(connection.last.id, kind, value);
        await settled();
        await after(2);
        await after(2);
    };
    const show = async (...userIds) => {
        shown = userIds;
        store.changed();
        await after(2);
        await after(50);
    };
    return { connection, store, after, answer, show, queries: () => connection.sent('users').map(({ userIds }) => userIds) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('the users of a repaint are read in one query, and only unknown ones', async (t) => {
    const { store, after, answer, show, queries } = start(t);
    await show(BOB, 'carol');
    assert.deepEqual(queries(), [[BOB, 'carol']]);
    await answer('users', { users: [{ userId: BOB, displayName: 'Bob Müller' }], complete: true });
    assert.equal(store.people.nameOf(BOB), 'Bob Müller');
    assert.equal(store.people.nameOf('carol'), 'carol');
    await show(BOB, 'carol', 'dave');
    await after(50);
    assert.deepEqual(queries(), [[BOB, 'carol'], ['dave']]);
});

test('an incomplete reply is followed by another query after a pause', async (t) => {
    const { after, answer, show, queries } = start(t);
    await show(BOB, 'carol');
    await answer('users', { users: [{ userId: BOB, displayName: 'Bob' }], complete: false });
    await show(BOB, 'carol');
    assert.equal(queries().length, 1);
    await after(5_000);
    await after(2);
    await after(50);
    assert.deepEqual(queries().at(-1), ['carol']);
});

test('an error is repeated after the time that it names', async (t) => {
    const { after, answer, show, queries } = start(t);
    await show(BOB);
    await answer('error', { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 9_000 });
    await after(8_900);
    assert.equal(queries().length, 1);
    await after(100);
    await after(2);
    await after(50);
    assert.deepEqual(queries(), [[BOB], [BOB]]);
});

test('nothing is read before the page has synced', async (t) => {
    const { store, show, queries } = start(t);
    store.synced = false;
    await show(BOB);
    assert.deepEqual(queries(), []);
    store.synced = true;
    await show(BOB);
    assert.deepEqual(queries(), [[BOB]]);
});
