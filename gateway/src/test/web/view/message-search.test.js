import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Requests } from '../../../main/resources/web/protocol/requests.js';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { MessageSearch } from '../../../main/resources/web/view/conversations/message-search.js';
import { FakeElement, ManualClock, MemoryStorage, RecordingConnection } from '../support/fakes.js';
import { ALICE, BOB, NOON, PAIR } from '../support/values.js';

const HIT = { conversationId: PAIR, seq: '7', sender: BOB, sentAt: new Date(NOON).toISOString(), excerpt: 'a red boat', highlights: [{ from: 2, to: 5 }] };

function start(t) {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
    const elements = { search: new FakeElement(), 'search-results': new FakeElement(), 'search-order': new FakeElement() };
    elements['search-order'].value = 'NEWEST_FIRST';
    globalThis.document = /** @type {any} */ ({ getElementById: (id) => elements[id], createElement: () => new FakeElement() });
    t.after(() => Reflect.deleteProperty(globalThis, 'document'));
    const connection = new RecordingConnection();
    const requests = new Requests(connection, new ManualClock());
    const search = new MessageSearch(new Store(ALICE, new Outbox(new MemoryStorage())), requests, () => {});
    const type = (text) => {
        elements.search.value = text;
        elements.search.oninput();
        t.mock.timers.tick(300);
        return settled();
    };
    const answer = (value) => {
        requests.answer(connection.last.id, 'searchResults', value);
        return settled();
    };
    const queries = () => connection.sent('search').map(({ query }) => query);
    return { connection, requests, search, type, answer, queries, results: elements['search-results'], order: elements['search-order'] };
}

/** Waits until the page has taken the answers. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('shows the sender and the text of a hit', async (t) => {
    const { type, answer, queries, results } = start(t);
    await type('red');
    await answer({ hits: [HIT] });

    assert.deepEqual(queries(), ['red']);
    assert.match(results.textContent, /bob: a red boat$/);
});

test('a search without a connection is repeated when there is one', async (t) => {
    const { connection, search, type, answer, queries, results } = start(t);
    connection.isOpen = false;
    await type('red');
    assert.match(results.textContent, /no connection/);

    connection.isOpen = true;
    search.connected();
    await answer({ hits: [HIT] });

    assert.deepEqual(queries(), ['red']);
    assert.match(results.textContent, /a red boat$/);
    assert.doesNotMatch(results.textContent, /no connection/);
});

test('a search that has an answer, or that the user has left, is not repeated', async (t) => {
    const { connection, search, type, answer, queries } = start(t);
    await type('red');
    await answer({ hits: [HIT] });
    search.connected();
    assert.deepEqual(queries(), ['red']);

    connection.isOpen = false;
    await type('blue');
    await type('');
    connection.isOpen = true;
    search.connected();
    assert.deepEqual(queries(), ['red']);
});

test('another order repeats the search, and the last word may be a beginning', async (t) => {
    const { connection, type, answer, order } = start(t);
    await type('red');
    await answer({ hits: [HIT] });
    assert.equal(order.hidden, false);

    order.value = 'RELEVANCE';
    order.onchange();
    t.mock.timers.tick(300);
    await settled();

    assert.deepEqual(connection.sent('search').map(({ order, prefix }) => [order, prefix]), [['NEWEST_FIRST', true], ['RELEVANCE', true]]);
});
