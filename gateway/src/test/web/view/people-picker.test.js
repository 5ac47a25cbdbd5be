import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Requests } from '../../../main/resources/web/protocol/requests.js';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { PeoplePicker } from '../../../main/resources/web/view/components/people-picker.js';
import { FakeElement, ManualClock, MemoryStorage, RecordingConnection } from '../support/fakes.js';
import { ALICE, NOON } from '../support/values.js';

/** A field that passes its events on. */
class FakeField extends FakeElement {
    addEventListener(_name, listener) {
        this.oninput = listener;
    }

    focus() {}
}

function start(t) {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: NOON });
    const elements = { field: new FakeField(), list: new FakeElement() };
    const made = () => Object.assign(new FakeElement(), { style: { setProperty: () => {} } });
    globalThis.document = /** @type {any} */ ({ getElementById: (id) => elements[id], createElement: made });
    t.after(() => Reflect.deleteProperty(globalThis, 'document'));
    const connection = new RecordingConnection();
    const requests = new Requests(connection, new ManualClock());
    const picked = [];
    const store = new Store(ALICE, new Outbox(new MemoryStorage()));
    const picker = new PeoplePicker(store, requests, 'field', 'list', (userId) => picked.push(userId));
    const type = async (text) => {
        elements.field.value = text;
        elements.field.oninput();
        t.mock.timers.tick(250);
        await settled();
    };
    const answer = async (...users) => {
        requests.answer(connection.last.id, 'users', { users, complete: true });
        await settled();
    };
    const click = () => elements.list.children[0].children[0].onclick();
    return { ...elements, picker, picked, type, answer, click, queries: () => connection.sent('userSearch').map(({ prefix }) => prefix) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const YU = { userId: 'yu', displayName: '小雨' };

test('a click puts the id of the found user into the field', async (t) => {
    const { field, list, picked, type, answer, click, queries } = start(t);
    await type('小');
    assert.deepEqual(queries(), ['小']);
    await answer(YU, { userId: ALICE, displayName: 'Alice' });
    assert.equal(list.children.length, 1, 'without the user');
    assert.ok(list.textContent.includes('小雨 · yu'));
    click();
    assert.equal(field.value, 'yu');
    assert.deepEqual(picked, ['yu']);
    assert.equal(list.children.length, 0);
});

test('of several entries the last one is searched and replaced', async (t) => {
    const { field, type, answer, click, queries } = start(t);
    await type('max, alice m');
    assert.deepEqual(queries(), ['alice m']);
    await answer({ userId: 'am', displayName: 'Alice Müller' });
    click();
    assert.equal(field.value, 'max, am');
});

test('an answer to an earlier search is dropped', async (t) => {
    const { list, picker, type, answer, queries } = start(t);
    await type('y');
    picker.clear();
    await answer(YU);
    assert.equal(list.children.length, 0);
    await type(' -');
    assert.equal(queries().length, 1, 'a text without letters is not searched');
});
