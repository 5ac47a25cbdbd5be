/**
 * The sentences of the page in the language of the user. Each language has a table of the same keys (en.js, de.js, zh.js). A text has
 * placeholders such as {name}; a text with {count} has one form for each plural category of its language.
 */
import { de } from './de.js';
import { en } from './en.js';
import { zh } from './zh.js';

/** @typedef {string | Partial<Record<Intl.LDMLPluralRule, string>>} Text */
/** @typedef {keyof typeof en} TextKey */

/** @type {Record<string, Record<TextKey, Text>>} */
export const TABLES = { en, zh, de };
/** The languages of the page, by their own names. */
export const LANGUAGES = { en: 'English', zh: '中文', de: 'Deutsch' };

const PLACEHOLDER = /\{(\w+)\}/g;

let language = 'en';
let locale = 'en';
let plurals = new Intl.PluralRules(locale);
let numbers = new Intl.NumberFormat(locale);

/**
 * Sets the language of the page: the chosen one, or else the first preferred one that the page has, or else English.
 *
 * @param {string} chosen empty: none
 * @param {readonly string[]} preferred such as `de-AT`, the most preferred one first
 */
export function useLanguage(chosen, preferred) {
    language = [chosen, ...preferred].map(languageOf).find((code) => Object.hasOwn(TABLES, code)) ?? 'en';
    // Dates and numbers follow the user's country where the browser names it.
    locale = preferred.find((tag) => languageOf(tag) === language) ?? language;
    plurals = new Intl.PluralRules(locale);
    numbers = new Intl.NumberFormat(locale);
}

/** The language and the country for dates, numbers and lists, such as `de-AT`. */
export function currentLocale() {
    return locale;
}

/**
 * The text of a key.
 *
 * @param {TextKey} key
 * @param {Record<string, string | number>} values of the placeholders; `count` chooses the plural form
 */
export function text(key, values = {}) {
    const entry = TABLES[language][key];
    const form = typeof entry === 'string' ? entry : /** @type {string} */ (entry[plurals.select(Number(values.count))] ?? entry.other);
    return form.replace(PLACEHOLDER, (_, name) => (typeof values[name] === 'number' ? numbers.format(values[name]) : values[name]));
}

/**
 * The text of a key that depends on a value of the protocol, or null where there is none for this value.
 *
 * @param {string} key
 * @param {Record<string, string | number>} values
 */
export function textIfAny(key, values = {}) {
    return Object.hasOwn(en, key) ? text(/** @type {TextKey} */ (key), values) : null;
}

/** Names as a list, such as "olga, max, and zoe". */
export function listText(names) {
    return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
}

function languageOf(tag) {
    return tag.split('-')[0].toLowerCase();
}
