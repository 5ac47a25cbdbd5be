/** The field names of the protocol, which ChatPageTest writes; null in a run by hand before the first one of ChatPageTest. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

const FILE = new URL('../../../../target/web/protocol-fields.txt', import.meta.url);

export const PROTOCOL_FIELDS = existsSync(FILE) ? new Set(readFileSync(FILE, 'utf8').split('\n')) : null;

/** Fails where a frame has a field, at any depth, that the protocol does not have. */
export function checkFields(frame) {
    if (PROTOCOL_FIELDS === null || frame === null || typeof frame !== 'object') {
        return;
    }
    for (const [name, value] of Object.entries(frame)) {
        assert.ok(Array.isArray(frame) || PROTOCOL_FIELDS.has(name), `the protocol has no field ${name}`);
        checkFields(value);
    }
}
