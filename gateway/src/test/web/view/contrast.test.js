/** The colours of style.css meet WCAG 2.2 AA in both themes: 4.5 : 1 for text, 3 : 1 for icons. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const CSS = readFileSync(new URL('../../../main/resources/web/style.css', import.meta.url), 'utf8');
const CHAT_CSS = readFileSync(new URL('../../../main/resources/web/chat.css', import.meta.url), 'utf8');
/** A colour for the light and for the dark theme. */
const PAIR = /--([\w-]+): light-dark\((#\w+), (#\w+)\);/g;
const [, LIGHT_NAME, DARK_NAME] = /light-dark\(oklch\((\S+) \.12 var\(--hue\)\), oklch\((\S+) \.12 var\(--hue\)\)\)/.exec(CHAT_CSS) ?? [];
const THEMES = {
    light: { ...Object.fromEntries([...CSS.matchAll(PAIR)].map(([, name, light]) => [name, light])), nameLightness: Number(LIGHT_NAME) },
    dark: { ...Object.fromEntries([...CSS.matchAll(PAIR)].map(([, name, , dark]) => [name, dark])), nameLightness: Number(DARK_NAME) },
};

/** Text on its backgrounds, as the style sheets combine them. */
const TEXT = {
    text: ['page', 'surface', 'raised', 'selected', 'chat', 'theirs', 'mine', 'mentioned'],
    soft: ['surface', 'raised', 'selected', 'chat', 'theirs', 'mentioned'],
    'mine-soft': ['mine'],
    link: ['surface', 'selected', 'theirs', 'mine', 'mentioned'],
    accent: ['surface', 'chat'],
    'on-accent': ['accent', 'accent-strong'],
    danger: ['surface', 'raised', 'chat'],
    'on-danger': ['danger'],
    surface: ['soft'],
};
const ICONS = { read: ['mine'], online: ['surface', 'selected'] };

function linear(byte) {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function luminance([red, green, blue]) {
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ofHex(hex) {
    return [1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16)));
}

/** Linear sRGB of an oklch colour, clipped to the gamut. */
function ofOklch(lightness, chroma, hue) {
    const a = chroma * Math.cos((hue * Math.PI) / 180);
    const b = chroma * Math.sin((hue * Math.PI) / 180);
    const [l, m, s] = [lightness + 0.3963377774 * a + 0.2158037573 * b, lightness - 0.1055613458 * a - 0.0638541728 * b, lightness - 0.0894841775 * a - 1.291485548 * b].map((x) => x ** 3);
    return [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s]
        .map((x) => Math.min(1, Math.max(0, x)));
}

function contrast(one, other) {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
}

for (const [name, theme] of Object.entries(THEMES)) {
    for (const [pairs, atLeast] of /** @type {[Record<string, string[]>, number][]} */ ([[TEXT, 4.5], [ICONS, 3]])) {
        for (const [colour, backgrounds] of Object.entries(pairs)) {
            test(`${name}: ${colour} stands out from ${backgrounds.join(', ')}`, () => {
                for (const background of backgrounds) {
                    const ratio = contrast(ofHex(theme[colour]), ofHex(theme[background]));
                    assert.ok(ratio >= atLeast, `${ratio.toFixed(2)} on ${background}`);
                }
            });
        }
    }

    test(`${name}: the names of all users stand out from the messages`, () => {
        for (let hue = 0; hue < 360; hue++) {
            for (const background of ['theirs', 'mine', 'mentioned']) {
                const ratio = contrast(ofOklch(theme.nameLightness, 0.12, hue), ofHex(theme[background]));
                assert.ok(ratio >= 4.5, `hue ${hue}: ${ratio.toFixed(2)} on ${background}`);
            }
        }
    });
}
