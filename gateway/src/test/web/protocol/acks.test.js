import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Acks } from '../../../main/resources/web/protocol/acks.js';
import { RecordingConnection } from '../support/fakes.js';

function start(t) {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const connection = new RecordingConnection();
    return { connection, acks: new Acks(connection) };
}

const acked = (connection) => connection.sent('ack').map(({ upTo }) => Number(upTo));

test('an acknowledgement does not pass a missing delivery', (t) => {
    const { connection, acks } = start(t);

    [1, 2, 4].forEach((seq) => acks.received(seq));
    t.mock.timers.tick(100);
    assert.deepEqual(acked(connection), [2]);

    acks.received(3);
    t.mock.timers.tick(100);
    assert.deepEqual(acked(connection), [2, 4]);
});

test('the 32nd delivery is acknowledged at once', (t) => {
    const { connection, acks } = start(t);

    for (let seq = 1; seq <= 32; seq++) {
        acks.received(seq);
    }

    assert.deepEqual(acked(connection), [32]);
});

test('an acknowledgement that could not be sent is sent with the next delivery', (t) => {
    const { connection, acks } = start(t);
    connection.isOpen = false;
    acks.received(1);
    t.mock.timers.tick(100);

    connection.isOpen = true;
    acks.received(2);
    t.mock.timers.tick(100);

    assert.deepEqual(acked(connection), [2]);
});

test('a new session counts from one', (t) => {
    const { connection, acks } = start(t);
    acks.received(1);
    t.mock.timers.tick(100);

    acks.restart();
    acks.received(1);
    t.mock.timers.tick(100);

    assert.deepEqual(acked(connection), [1, 1]);
});
