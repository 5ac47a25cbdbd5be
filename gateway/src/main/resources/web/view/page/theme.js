/** Applies the theme: light, dark, or the one of the system. */

/** The colour of the browser's own bars, as `--surface` in style.css. */
const BARS = { light: '#ffffff', dark: '#15181f' };

/** @param {string} theme light or dark; empty: as in the system */
export function applyTheme(theme) {
    document.documentElement.style.colorScheme = theme === '' ? 'light dark' : theme;
    for (const name of ['light', 'dark']) {
        document.querySelector(`meta[name="theme-color"][media*="${name}"]`)?.setAttribute('content', BARS[theme || name]);
    }
}
