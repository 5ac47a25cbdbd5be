/** Notifications and the sound: when they come, and when they do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Preferences } from '../../../main/resources/web/preferences.js';
import { Outbox } from '../../../main/resources/web/state/outbox.js';
import { Store } from '../../../main/resources/web/state/store.js';
import { Notifications } from '../../../main/resources/web/view/page/notifications.js';
import { Sound } from '../../../main/resources/web/view/page/sound.js';
import { MemoryStorage } from '../support/fakes.js';
import { ALICE, BOB, GROUP, messageEvent, NOON, PAIR } from '../support/values.js';

/** The browser's notifications, as far as the page uses them. */
class FakeNotification {
    static permission = 'default';
    /** The user's answer to the request for permission. */
    static answer = 'granted';
    static shown = /** @type {FakeNotification[]} */ ([]);
    onclick = () => {};

    static async requestPermission() {
        FakeNotification.permission = FakeNotification.answer;
        return FakeNotification.permission;
    }

    constructor(title, { body, tag }) {
        Object.assign(this, { title, body, tag });
        FakeNotification.shown = [...FakeNotification.shown.filter((other) => Reflect.get(other, 'tag') !== tag), this];
    }

    close() {
        FakeNotification.shown = FakeNotification.shown.filter((other) => other !== this);
    }
}

function start(t) {
    const page = { visibilityState: 'hidden', changed: () => {}, addEventListener: (_name, listener) => (page.changed = listener) };
    Object.assign(FakeNotification, { permission: 'default', answer: 'granted', shown: [] });
    Object.assign(globalThis, { document: page, Notification: FakeNotification, isSecureContext: true, focus: () => {} });
    t.after(() => ['document', 'Notification', 'isSecureContext', 'focus'].forEach((name) => Reflect.deleteProperty(globalThis, name)));
    const store = new Store(ALICE, new Outbox(new MemoryStorage()));
    const preferences = new Preferences(new MemoryStorage());
    const opened = [];
    const notifications = new Notifications(store, preferences, (id) => opened.push(id));
    const receive = (seq, sender, text, fields = {}, id = PAIR) => notifications.show(id, store.applyEvents(id, [messageEvent(seq, sender, text, fields)]));
    const shown = () => FakeNotification.shown.map((one) => `${Reflect.get(one, 'title')}: ${Reflect.get(one, 'body')}`);
    return { page, store, preferences, notifications, opened, receive, shown };
}

test('nothing is shown until the user turns notifications on', async (t) => {
    const { notifications, receive, shown } = start(t);
    receive(1, BOB, 'one');
    assert.deepEqual(shown(), []);

    assert.equal(await notifications.turnOn(), true);
    receive(2, BOB, 'two');
    assert.deepEqual(shown(), ['bob: two']);
});

test('a user who does not allow notifications gets none', async (t) => {
    const { notifications, preferences, receive, shown } = start(t);
    FakeNotification.answer = 'denied';
    assert.equal(await notifications.turnOn(), false);
    assert.equal(preferences.values.notifications, false);
    receive(1, BOB, 'one');
    assert.deepEqual(shown(), []);
});

test('nothing is shown while the page is visible, and shown notifications close', async (t) => {
    const { page, notifications, receive, shown } = start(t);
    await notifications.turnOn();
    receive(1, BOB, 'one');

    page.visibilityState = 'visible';
    page.changed();
    assert.deepEqual(shown(), []);
    receive(2, BOB, 'two');
    assert.deepEqual(shown(), []);
});

test('a conversation has one notification, with its newest message; a click opens it', async (t) => {
    const { notifications, opened, receive, shown } = start(t);
    await notifications.turnOn();
    receive(1, BOB, 'one');
    receive(2, BOB, 'two');
    receive(1, BOB, 'hello', {}, GROUP);
    assert.deepEqual(shown(), ['bob: two', 'Group: bob: hello']);

    FakeNotification.shown[0].onclick();
    assert.deepEqual(opened, [PAIR]);
    assert.deepEqual(shown(), ['Group: bob: hello']);
});

test('own, silent and muted messages are not shown, but a mention is', async (t) => {
    const { store, notifications, receive, shown } = start(t);
    await notifications.turnOn();
    receive(1, ALICE, 'mine');
    receive(2, BOB, 'silent', { flags: { noUnread: true } });
    store.conversation(PAIR).settings.change({ muted: true });
    receive(3, BOB, 'muted');
    assert.deepEqual(shown(), []);

    receive(4, BOB, '@alice', { mentions: { userIds: [ALICE] } });
    assert.deepEqual(shown(), ['bob: @alice']);
});

test('the sound comes once for many messages, and not for the conversation that the user sees', (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: NOON });
    const store = new Store(ALICE, new Outbox(new MemoryStorage()));
    const preferences = new Preferences(new MemoryStorage());
    const sound = new Sound(store, preferences);
    const played = t.mock.method(sound, 'play', () => {});
    const receive = (seq, isSeen) => sound.announce(PAIR, store.applyEvents(PAIR, [messageEvent(seq, BOB, 'hello')]), isSeen);
    receive(1, false);
    assert.equal(played.mock.callCount(), 0, 'it is off by default');

    preferences.change({ sound: true });
    receive(2, false);
    receive(3, false);
    assert.equal(played.mock.callCount(), 1);

    t.mock.timers.tick(2_000);
    receive(4, true);
    assert.equal(played.mock.callCount(), 2, 'it is not open');
    t.mock.timers.tick(2_000);
    store.openId = PAIR;
    receive(5, true);
    assert.equal(played.mock.callCount(), 2);
});
