/** The page reads only fields that the protocol has; support/fakes.js checks those that it sends. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PROTOCOL_FIELDS } from '../support/contract.js';

const PROTOCOL = new URL('../../../main/resources/web/protocol/', import.meta.url);

/** Reads of `json.name`, `value.name`, and `{ name, name: alias, name = default } = json`, also `= json.parent`. */
const READ = /\b(?:json|value|state|range|named|media|answered|answer|about|connected|disconnect)\??\.(\w+)/g;
const DESTRUCTURED = /(?:\{([^{}]*)\} = (?:json|value)\b|\(\(?\{([^{}]*)\}\) => \(?\{)/g;
/** Kinds of frames that the page sends, and events that it makes of answers. */
const SENT = /\b(?:send|request|run|changeMessage)\((?:[\w.]+, [\w.]+, )?'(\w+)'/g;
const MADE = /\b(message(?:Edited|Recalled|sDeleted)|reactionChanged|groupCreated|memberLeft|membersAdded)\b/g;
const NOTICES = /'((?:group|member|join|role|ownership|all|pin|friend|block|remark)\w+)'/g;

const isMethod = (name) => ['map', 'length', 'forEach'].includes(name);
/** Values of the page itself, in the same places. */
const OWN = ['sent', 'kind', 'live'];

function namesIn(file) {
    const source = readFileSync(new URL(file, PROTOCOL), 'utf8').replaceAll(/^import .*$|\/\*[^]*?\*\//gm, '');
    const destructured = [...source.matchAll(DESTRUCTURED)].flatMap(([, one, two]) => (one ?? two).split(',')).map((part) => /^\s*(\w+)/.exec(part)?.[1] ?? '');
    const others = [READ, SENT, ...(file === 'events.js' ? [NOTICES] : []), ...(file === 'commands.js' ? [MADE] : [])].flatMap((pattern) => [...source.matchAll(pattern)].map(([, name]) => name));
    return [...destructured, ...others].filter((name) => name !== '' && !isMethod(name) && !OWN.includes(name));
}

test('every field that the page reads is one of the protocol', { skip: PROTOCOL_FIELDS === null }, () => {
    const files = ['account.js', 'commands.js', 'connection.js', 'content.js', 'drafts.js', 'events.js', 'frames.js', 'history.js', 'json.js', 'message-sender.js', 'presence-subscriptions.js', 'profile-loader.js', 'read-positions.js', 'session.js', 'typing-notifier.js'];
    const used = new Map(files.map((file) => [file, namesIn(file)]));

    assert.ok([...used.values()].flat().length > 150, 'the patterns find too little');
    for (const [file, names] of used) {
        assert.deepEqual(names.filter((name) => !PROTOCOL_FIELDS?.has(name)), [], file);
    }
});
