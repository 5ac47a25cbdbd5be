import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Preferences } from '../../main/resources/web/preferences.js';
import { MemoryStorage } from './support/fakes.js';

test('notifications and the sound are off until the user turns them on', () => {
    assert.deepEqual(new Preferences(new MemoryStorage()).values, { language: '', theme: '', notifications: false, sound: false });
});

test('a change stays, and the other values with it', () => {
    const storage = new MemoryStorage();
    new Preferences(storage).change({ sound: true });
    new Preferences(storage).change({ theme: 'dark' });
    assert.deepEqual(new Preferences(storage).values, { language: '', theme: 'dark', notifications: false, sound: true });
});

test('settings that cannot be read count as unset', () => {
    const storage = new MemoryStorage();
    storage.setItem('tidings.preferences', '{');
    assert.equal(new Preferences(storage).values.sound, false);
});
