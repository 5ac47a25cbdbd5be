/** The text tables: the same keys and placeholders in all languages, and no text outside them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, test } from 'node:test';
import { en } from '../../main/resources/web/texts/en.js';
import { currentLocale, LANGUAGES, listText, TABLES, text, textIfAny, useLanguage } from '../../main/resources/web/texts/texts.js';
import { dayTitle, lastSeen } from '../../main/resources/web/view/text/times.js';

const PAGE = new URL('../../main/resources/web/', import.meta.url);
const read = (name) => readFileSync(new URL(name, PAGE), 'utf8');
const SOURCES = readdirSync(PAGE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js') && !name.startsWith('texts/')).map((name) => ({ name, source: read(name) }));
const HTML = read('index.html');

const KEYS = Object.keys(en);
/** Keys that the code makes of a value of the protocol. */
const COMPUTED = /^(?:refusal|notice|ended|devices|group)\./;

const forms = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry));
const placeholders = (form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

afterEach(() => useLanguage('en', []));

for (const language of Object.keys(LANGUAGES)) {
    const table = TABLES[language];

    test(`${language} has every key, and no other`, () => {
        assert.deepEqual(Object.keys(table), KEYS);
    });

    test(`${language} has the placeholders of English in every form, and no empty text`, () => {
        for (const key of KEYS) {
            const wanted = placeholders(forms(en[key]).at(-1));
            for (const form of forms(table[key])) {
                assert.deepEqual(placeholders(form), wanted, key);
                assert.notEqual(form, '', key);
            }
        }
    });

    test(`${language} has a form for every plural of a number`, () => {
        const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
        for (const key of KEYS.filter((name) => placeholders(forms(en[name]).at(-1)).includes('count'))) {
            const entry = table[key];
            assert.ok(typeof entry !== 'string', `${key} has one form`);
            assert.deepEqual(categories.filter((category) => entry[category] === undefined && category !== 'other' && entry.one !== undefined), [], key);
            assert.notEqual(entry.other, undefined, key);
        }
    });
}

test('every key of the page is in the tables, and every key of the tables is in the page', () => {
    const code = SOURCES.map(({ source }) => source).join('\n');
    const inHtml = [...HTML.matchAll(/data-(?:text|label|placeholder)="([^"]+)"/g)].map(([, key]) => key);
    const inCode = [...code.matchAll(/\btext\('([^']+)'/g)].map(([, key]) => key);
    assert.ok(inHtml.length > 50 && inCode.length > 80, `${inHtml.length} and ${inCode.length} keys found`);
    assert.deepEqual([...inHtml, ...inCode].filter((key) => !Object.hasOwn(en, key)), []);

    const isUsed = (key) => COMPUTED.test(key) || inHtml.includes(key) || code.includes(`'${key}'`);
    assert.deepEqual(KEYS.filter((key) => !isUsed(key)), []);
});

test('no sentence stands in the code or in index.html', () => {
    const withoutComments = (source) => source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
    const sentences = SOURCES.flatMap(({ name, source }) => [...withoutComments(source).matchAll(/['`]([A-Z][a-z]+ [^'`]*)['`]/g)].map(([, found]) => `${name}: ${found}`));
    assert.deepEqual(sentences, []);

    const shown = [...HTML.matchAll(/>([^<>]*[A-Za-z]{2}[^<>]*)</g)].map(([, found]) => found.trim());
    assert.deepEqual(shown, ['Tidings', 'Tidings needs JavaScript.', 'Tidings', 'Tidings']);
    assert.deepEqual([...HTML.matchAll(/\s(?:aria-label|title|placeholder)="/g)], []);
});

test('the chosen language comes before those of the browser, and English is the last resort', () => {
    useLanguage('', ['fr-FR', 'de-AT', 'en-US']);
    assert.equal(text('signIn.submit'), 'Anmelden');
    assert.equal(currentLocale(), 'de-AT');

    useLanguage('zh', ['de-AT']);
    assert.equal(text('signIn.submit'), '登录');
    assert.equal(currentLocale(), 'zh');

    useLanguage('', ['fr-FR']);
    assert.equal(text('signIn.submit'), 'Sign in');
});

test('numbers choose the plural form, and are written as in the country', () => {
    assert.equal(text('group.memberCount', { count: 1 }), '1 member');
    assert.equal(text('group.memberCount', { count: 1_234 }), '1,234 members');
    useLanguage('', ['de-DE']);
    assert.equal(text('group.memberCount', { count: 1_234 }), '1.234 Mitglieder');
});

test('times and lists follow the language', () => {
    const now = Date.now();
    useLanguage('de', []);
    assert.equal(lastSeen(now - 5 * 60_000, now), 'zuletzt online vor 5 Minuten');
    assert.equal(dayTitle(now), 'Heute');
    assert.equal(listText(['olga', 'max', 'zoe']), 'olga, max und zoe');
    useLanguage('zh', []);
    assert.equal(lastSeen(now - 5 * 60_000, now), '5分钟前在线');
    assert.equal(dayTitle(now), '今天');
});

test('a value of the protocol without a text has none', () => {
    assert.equal(textIfAny('refusal.MUTED'), 'You are muted here for now.');
    assert.equal(textIfAny('refusal.toString'), null);
    assert.equal(textIfAny('toString'), null);
});
