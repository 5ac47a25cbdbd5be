import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conversation } from '../../../main/resources/web/state/conversation.js';
import { ALICE, BOB, eventOf, GROUP, messageEvent, NOON, viewOf } from '../support/values.js';

const PROFILE = { name: 'Sailing', joinPolicy: 'OPEN' };

function view(json) {
    return viewOf({ conversationId: GROUP, ...json });
}

const INVITATION = view({ lastSeq: '1', version: '5', group: { profile: PROFILE, role: 'MEMBER', joinedSeq: '1', invitedBy: BOB } });

function invited() {
    const conversation = new Conversation(GROUP, ALICE);
    conversation.applyView(INVITATION, NOON);
    return conversation;
}

test('nothing of a group is loaded while its invitation is pending', () => {
    const conversation = invited();
    conversation.open();

    assert.equal(conversation.invited, true);
    assert.equal(conversation.missing(), null);
});

test('leaving with an invitation pending declines it', () => {
    const conversation = invited();

    conversation.apply(eventOf(2, { memberLeft: { userId: ALICE } }));

    assert.equal(conversation.invited, false);
    assert.equal(conversation.group?.declined, true);
});

test('a view from before the decline does not bring the invitation back', () => {
    const conversation = invited();
    conversation.apply(eventOf(2, { memberLeft: { userId: ALICE } }));

    conversation.applyView({ ...INVITATION, version: 6 }, NOON);

    assert.equal(conversation.invited, false);
    assert.equal(conversation.group?.declined, true);
});

test('the view of a declined group says that the user was never a member', () => {
    const conversation = new Conversation(GROUP, ALICE);

    conversation.applyView(view({ lastSeq: '2', hidden: true, group: { profile: PROFILE, leftSeq: '2' } }), NOON);

    assert.equal(conversation.group?.declined, true);
});

test('a former member who declines keeps the group', () => {
    const conversation = invited();
    conversation.apply(eventOf(8, { memberLeft: { userId: ALICE } }));

    conversation.applyView(view({ lastSeq: '8', group: { profile: PROFILE, joinedSeq: '1', leftSeq: '4' } }), NOON);

    assert.equal(conversation.group?.declined, false);
    assert.equal(conversation.group?.lastSeq, 4);
});

test('a user who declined may join later', () => {
    const conversation = invited();
    conversation.apply(eventOf(2, { memberLeft: { userId: ALICE } }));

    conversation.apply(eventOf(3, { membersAdded: { by: ALICE, userIds: [ALICE], cause: 'JOINED', profile: PROFILE } }));

    assert.equal(conversation.group?.declined, false);
    assert.equal(conversation.group?.myRole, 'MEMBER');
});

test('accepting an invitation makes a member', () => {
    const conversation = invited();

    conversation.applyView(view({ lastSeq: '1', version: '6', group: { profile: PROFILE, role: 'MEMBER', joinedSeq: '1' } }), NOON);

    assert.equal(conversation.invited, false);
    assert.equal(conversation.group?.myRole, 'MEMBER');
});

test('a member who leaves sees what was before, and nothing after', () => {
    const conversation = new Conversation(GROUP, ALICE);
    conversation.applyView(view({ lastSeq: '4', group: { profile: PROFILE, role: 'MEMBER', joinedSeq: '1' } }), NOON);

    conversation.apply(eventOf(5, { memberLeft: { userId: ALICE } }));
    conversation.expect(9);
    conversation.window.include(1);

    assert.equal(conversation.group?.declined, false);
    assert.equal(conversation.missing()?.to, 4);
});

test('the newest change of a role wins, in whatever order they arrive', () => {
    const conversation = new Conversation(GROUP, ALICE);
    conversation.apply(eventOf(1, { groupCreated: { owner: BOB, members: [BOB, ALICE], profile: PROFILE } }));

    conversation.apply(eventOf(3, { ownershipTransferred: { from: BOB, to: ALICE } }));
    conversation.apply(eventOf(2, { roleChanged: { by: BOB, userId: ALICE, role: 'ADMIN' } }));

    assert.deepEqual(conversation.group?.members, [{ userId: ALICE, role: 'OWNER' }, { userId: BOB, role: 'ADMIN' }]);
});

test('joining counts as a sync: what was before is not unread', () => {
    const conversation = new Conversation(GROUP, ALICE);

    conversation.apply(eventOf(40, { membersAdded: { by: BOB, userIds: [ALICE], cause: 'ADDED', profile: PROFILE } }));
    conversation.apply(messageEvent(41, BOB, 'welcome'));

    assert.equal(conversation.readState.unread, 1);
    assert.equal(conversation.group?.firstSeq, 40);
});

test('a join request is pending until it is declined or the user is added', () => {
    const conversation = new Conversation(GROUP, ALICE);
    conversation.apply(eventOf(2, { joinRequested: { userId: 'carol', note: 'hello' } }));
    conversation.apply(eventOf(3, { joinRequested: { userId: 'dave' } }));
    assert.deepEqual([...(conversation.group?.requests ?? [])], [['carol', 'hello'], ['dave', '']]);

    conversation.apply(eventOf(4, { joinDeclined: { userId: 'carol', by: BOB } }));
    conversation.apply(eventOf(5, { membersAdded: { by: BOB, userIds: ['dave'], cause: 'APPROVED', profile: PROFILE } }));

    assert.deepEqual([...(conversation.group?.requests ?? [])], []);
});
