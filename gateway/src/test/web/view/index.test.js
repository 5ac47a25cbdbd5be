/** index.html and the code agree. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const PAGE = new URL('../../../main/resources/web/', import.meta.url);
const HTML = readFileSync(new URL('index.html', PAGE), 'utf8');
const CODE = readdirSync(PAGE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
const IDS = [...HTML.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
const SOURCES = CODE.map((name) => readFileSync(new URL(name, PAGE), 'utf8'));

test('no two elements have the same id', () => {
    assert.deepEqual(IDS.filter((id, i) => IDS.indexOf(id) !== i), []);
});

test('every element that the code asks for by id is there', () => {
    const used = SOURCES.flatMap((source) => [...source.matchAll(/byId\('([^']+)'\)/g), ...source.matchAll(/closableDialog\('([^']+)'/g), ...source.matchAll(/closableDialog\('[^']+', '([^']+)'/g)].map(([, id]) => id));
    assert.ok(used.length > 50, `only ${used.length} ids found`);
    assert.deepEqual(used.filter((id) => !IDS.includes(id)), []);
});

test('every label and description refers to an element, and every field has a label', () => {
    const references = [...HTML.matchAll(/\s(?:for|aria-labelledby|aria-describedby|aria-controls)="([^"]+)"/g)].flatMap(([, ids]) => ids.split(' '));
    assert.deepEqual(references.filter((id) => !IDS.includes(id)), []);

    const fields = [...HTML.matchAll(/<(?:input|textarea|select)\s[^>]*>/g)].map(([tag]) => tag);
    const inLabel = [...HTML.matchAll(/<label class="check">(<input[^>]*>)/g)].map(([, tag]) => tag);
    const labelled = (tag) => inLabel.includes(tag) || HTML.includes(`for="${/\sid="([^"]+)"/.exec(tag)?.[1]}"`);
    assert.ok(fields.length > 10, `only ${fields.length} fields found`);
    assert.deepEqual(fields.filter((tag) => !labelled(tag)), []);
});

test('every button has a text or a label of the text tables', () => {
    // Buttons whose text the code sets.
    const dynamic = ['use-here', 'new-messages', 'announcement', 'pins-go', 'pins-all', 'settings-notifications', 'confirm-ok'];
    const buttons = [...HTML.matchAll(/<button\s([^>]*)>/g)].map(([, attributes]) => ({ attributes, id: /\bid="([^"]+)"/.exec(attributes)?.[1] ?? '' }));
    const unnamed = buttons.filter(({ attributes, id }) => !/data-(?:text|label)=/.test(attributes) && !dynamic.includes(id));
    assert.deepEqual(unnamed, []);
});
