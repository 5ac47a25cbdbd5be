import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_AGE_MILLIS, MAX_KEPT, MAX_WANTED, People } from '../../../main/resources/web/state/people.js';
import { ALICE, BOB, NOON } from '../support/values.js';

const profile = (userId, name, avatarUrl = '', disabled = false) => ({ userId, name, avatarUrl, disabled });

test('a user without a profile has their id as name', () => {
    const people = new People();
    assert.equal(people.nameOf(BOB), BOB);
    assert.equal(people.avatarUrlOf(BOB), '');
    assert.equal(people.isDisabled(BOB), false);
    assert.equal(people.nameOf(''), '');
});

test('users that were shown are wanted once, until their profiles are old', () => {
    const people = new People();
    people.nameOf(BOB);
    people.avatarUrlOf(BOB);
    people.nameOf('');
    people.nameOf('no id');
    assert.deepEqual(people.wanted(NOON), [BOB]);
    assert.deepEqual(people.wanted(NOON), []);

    assert.equal(people.apply([BOB], [profile(BOB, 'Bob Müller', 'https://a.example/b.png', true)], true, NOON), true);
    assert.equal(people.nameOf(BOB), 'Bob Müller');
    assert.equal(people.avatarUrlOf(BOB), 'https://a.example/b.png');
    assert.equal(people.isDisabled(BOB), true);
    assert.deepEqual(people.wanted(NOON + MAX_AGE_MILLIS - 1), []);
    people.nameOf(BOB);
    assert.deepEqual(people.wanted(NOON + MAX_AGE_MILLIS), [BOB]);
});

test('a user that the directory does not have is not read again at once', () => {
    const people = new People();
    people.nameOf(BOB);
    assert.equal(people.apply([BOB], [], true, NOON), false);
    people.nameOf(BOB);
    assert.deepEqual(people.wanted(NOON), []);
});

test('an incomplete reply leaves the missing users wanted, and the names that are known', () => {
    const people = new People();
    people.apply([ALICE, BOB], [profile(BOB, 'Bob')], true, NOON);
    people.apply([ALICE, BOB, 'carol'], [profile(ALICE, 'Alice')], false, NOON);
    assert.equal(people.nameOf(BOB), 'Bob');
    assert.equal(people.nameOf(ALICE), 'Alice');
    people.nameOf('carol');
    assert.deepEqual(people.wanted(NOON), ['carol']);
});

test('more users than fit into a query are wanted in turns', () => {
    const people = new People();
    for (let i = 0; i < MAX_WANTED + 1; i++) {
        people.nameOf(`u${i}`);
    }
    assert.equal(people.wanted(NOON).length, MAX_WANTED);
    assert.deepEqual(people.wanted(NOON), [`u${MAX_WANTED}`]);
});

test('the page keeps a limited number of profiles', () => {
    const people = new People();
    for (let i = 0; i <= MAX_KEPT; i++) {
        people.apply([`u${i}`], [profile(`u${i}`, 'Name')], true, NOON);
    }
    assert.equal(people.nameOf('u0'), 'u0');
    assert.equal(people.nameOf('u1'), 'Name');
});

test('an own change holds until answers that were on their way are over', () => {
    const people = new People();
    people.apply([ALICE], [profile(ALICE, 'Alice Müller')], true, NOON + 10_000);

    assert.equal(people.apply([ALICE], [], true, NOON + 1_000), false);
    assert.equal(people.nameOf(ALICE), 'Alice Müller');

    assert.equal(people.apply([ALICE], [profile(ALICE, 'Alice')], true, NOON + 10_000), true);
    assert.equal(people.nameOf(ALICE), 'Alice');
});
